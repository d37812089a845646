"""What they answered: PDF bytes in, typed records and all problems out."""
