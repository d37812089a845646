"""Check revocation of signer certificates: CRL (RFC 5280), OCSP (RFC 6960)."""
