"""The circular's monitoring (5.f): control cards and recaps, built from what was approved and what held of people."""
