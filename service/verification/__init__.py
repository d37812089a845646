"""The proof of a received form: `prove` and its steps, its reasons, and its explanation for people."""
