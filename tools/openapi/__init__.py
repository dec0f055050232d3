"""Generates docs/openapi.json, the HTTP contract as an OpenAPI document, from the function's own models.

This package is not deployed. The function validates requests itself, because Powertools' validation would slow down
every cold start.
"""
