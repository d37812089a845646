"""The lines of a ruled table, as few as there can be."""

from __future__ import annotations

from collections.abc import Iterable

from forms.sheet import Segment


def joined(segments: Iterable[Segment]) -> list[Segment]:
    """Each line once, and those that go on in the next row in one piece."""
    joined: list[Segment] = []
    uprights: dict[float, list[tuple[float, float]]] = {}
    for x, y, u, v in dict.fromkeys(segments):
        if x == u:
            uprights.setdefault(x, []).append((y, v))
        else:
            joined.append((x, y, u, v))
    for x, spans in uprights.items():
        spans.sort()
        start, end = spans[0]
        for y, v in spans[1:]:
            if y > end + 0.01:
                joined.append((x, start, x, end))
                start = y
            end = max(end, v)
        joined.append((x, start, x, end))
    return joined
