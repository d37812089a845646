"""Read received forms and certificates: PDF bytes in, typed records or problems out."""
