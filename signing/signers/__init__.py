"""Ways to sign, one module each, behind one small protocol."""
