"""Measures and generates; nothing below functions/ or local/ imports it."""
