"""The parts of the proof that ingest joins: whose signature, what was signed, and how it is said to people."""
