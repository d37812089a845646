"""A4 landscape paper, and the area of it that text may fill; all in points."""

from __future__ import annotations

MM = 72 / 25.4
WIDTH, HEIGHT = 297 * MM, 210 * MM

# From the upper left corner; below `BOTTOM` is the foot.
LEFT, TOP, BOTTOM = 18 * MM, 17 * MM, HEIGHT - 25 * MM
ACROSS = WIDTH - 2 * LEFT
