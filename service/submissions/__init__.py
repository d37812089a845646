"""Received forms: intake, decisions, reports, summaries."""
