"""A QR code (ISO/IEC 18004) as one filled path of horizontal runs, for a PDF content stream."""

from __future__ import annotations

import segno


def squares(text: str, *, left: float, bottom: float, side: float) -> bytes:
    """The dark modules as `re ... f` in points; no quiet zone. Level M; one fixed mask keeps it deterministic."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m", mask=3).matrix]
    module = side / len(rows)
    runs = []
    for index, row in enumerate(rows):
        low = bottom + side - (index + 1) * module
        start = row.find(1)
        while start >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            # A hair of overlap downwards keeps viewers from drawing white lines between rows.
            width = (end - start) * module
            runs.append(b"%.2f %.2f %.2f %.2f re" % (left + start * module, low - 0.02, width, module + 0.02))
            start = row.find(1, end)
    return b"\n".join([*runs, b"f"])
