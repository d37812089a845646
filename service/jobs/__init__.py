"""Long work: one module per kind, one runner for all of them, rows with a state in the store."""
