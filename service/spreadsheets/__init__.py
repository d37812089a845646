"""Tables as CSV and XLSX: reading, importing, templates to fill in, exports."""
