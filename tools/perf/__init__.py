"""Measures the function on this machine: `make bench` compares variants, `make load` looks for limits and leaks."""
