"""Read PDF syntax and revisions, within limits."""
