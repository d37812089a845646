"""Errors of the law's room."""

from __future__ import annotations


class PolicyError(ValueError):
    """An activity the law has no words for; the message is an Indonesian sentence for the person who wrote it."""
