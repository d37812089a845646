"""Tables people work with: read from CSV and XLSX by the names of their columns, written without formulas."""
