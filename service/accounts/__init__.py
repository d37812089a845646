"""Accounts of people and programs: sign-in, tokens, secrets."""
