"""Yearly certificates: issue, check, revoke."""
