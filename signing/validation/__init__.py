"""Validate signatures, in the order of EN 319 102-1."""
