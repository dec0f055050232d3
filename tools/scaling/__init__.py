"""Simulates deployments of one to ten million users: limits and costs (`make scaling`)."""
