"""Check whether certificates are revoked: CRL (RFC 5280) and OCSP (RFC 6960)."""
