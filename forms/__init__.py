"""The forms of the circular and the papers of this service: defined, drawn as PDF, filled in."""
