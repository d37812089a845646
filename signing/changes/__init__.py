"""Decide which changes are permitted after a signature."""
