"""Decide which changes may follow a signature."""
