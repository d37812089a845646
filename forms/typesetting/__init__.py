"""Typeset A4 papers as tagged PDF: fonts, pages, tables, document structure."""
