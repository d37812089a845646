"""Subset a TrueType font to the glyphs a stamp shows, as an embeddable font program; the output is deterministic."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

# What a PDF reader needs of a CIDFontType2 program (ISO 32000-1 9.9, table 126).
_TABLES = ("cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep")


@dataclass(frozen=True, slots=True)
class Face:
    """A TrueType font opened for subsetting. `glyph_of` maps characters to glyph numbers; `advances` are in units."""

    tables: dict[str, bytes]
    glyph_of: dict[int, int]
    advances: tuple[int, ...]
    units: int
    name: str

    def glyph(self, character: str) -> int:
        """Return the glyph of a character; glyph 0 (the box for "unknown") when the face has none."""
        return self.glyph_of.get(ord(character), 0)

    def width(self, text: str, size: float) -> float:
        """Return the width in points of one line of text."""
        return sum(self.advance(self.glyph(character)) for character in text) * size / self.units

    def advance(self, glyph: int) -> int:
        return self.advances[min(glyph, len(self.advances) - 1)]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The box around all glyphs, in units."""
        return struct.unpack_from(">4h", self.tables["head"], 36)

    @property
    def ascent_and_descent(self) -> tuple[int, int]:
        """Ascent and descent, in units."""
        return struct.unpack_from(">2h", self.tables["hhea"], 4)

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """Return a font program with only these outlines (and their components); glyph numbers stay as they are."""
        offsets = self._offsets()
        wanted = {0, *glyphs}
        queue = list(wanted)
        while queue:
            for part in _components(self.tables["glyf"][offsets[(glyph := queue.pop())] : offsets[glyph + 1]]):
                if part not in wanted:
                    wanted.add(part)
                    queue.append(part)
        outlines, locations = bytearray(), [0]
        for glyph in range(len(offsets) - 1):
            if glyph in wanted:
                outlines += self.tables["glyf"][offsets[glyph] : offsets[glyph + 1]]
                outlines += b"\0" * (-len(outlines) % 4)
            locations.append(len(outlines))
        tables = {name: self.tables[name] for name in _TABLES if name in self.tables}
        tables["glyf"] = bytes(outlines)
        tables["loca"] = struct.pack(f">{len(locations)}L", *locations)
        head = bytearray(self.tables["head"])
        struct.pack_into(">h", head, 50, 1)  # long offsets in loca
        struct.pack_into(">L", head, 8, 0)  # the original's checksum no longer applies
        tables["head"] = bytes(head)
        return _assemble(tables)

    def _offsets(self) -> tuple[int, ...]:
        loca, long_form = self.tables["loca"], struct.unpack_from(">h", self.tables["head"], 50)[0]
        if long_form:
            return struct.unpack(f">{len(loca) // 4}L", loca)
        return tuple(2 * offset for offset in struct.unpack(f">{len(loca) // 2}H", loca))


def open_face(content: bytes) -> Face:
    """Open a TrueType file (glyf outlines, Unicode cmap format 4 or 12). ValueError for anything else."""
    try:
        tables = _tables(content)
        units = struct.unpack_from(">H", tables["head"], 18)[0]
        count = struct.unpack_from(">H", tables["hhea"], 34)[0]
        metrics = struct.unpack_from(f">{2 * count}H", tables["hmtx"])
        if "glyf" not in tables:
            raise ValueError("no TrueType outlines")
        return Face(tables, _characters(tables["cmap"]), metrics[::2], units, f"Face{zlib.crc32(content):08X}")
    except (struct.error, KeyError) as error:
        raise ValueError("not a TrueType font") from error


def _tables(content: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">4xH", content)
    found = {}
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4sLLL", content, 12 + 16 * index)
        found[tag.decode("latin-1")] = content[offset : offset + length]
    return found


def _characters(cmap: bytes) -> dict[int, int]:
    (count,) = struct.unpack_from(">2xH", cmap)
    best: tuple[int, int] | None = None
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * index)
        form = struct.unpack_from(">H", cmap, offset)[0]
        if (platform, encoding) in {(3, 1), (3, 10), (0, 3), (0, 4)} and form in {4, 12}:
            best = max(best or (0, 0), (form, offset))
    if best is None:
        raise ValueError("no Unicode character map")
    return _format_12(cmap, best[1]) if best[0] == 12 else _format_4(cmap, best[1])  # noqa: PLR2004 - cmap format


def _format_12(cmap: bytes, at: int) -> dict[int, int]:
    (groups,) = struct.unpack_from(">L", cmap, at + 12)
    found: dict[int, int] = {}
    for index in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", cmap, at + 16 + 12 * index)
        found.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
    return found


def _format_4(cmap: bytes, at: int) -> dict[int, int]:
    segments = struct.unpack_from(">H", cmap, at + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", cmap, at + 14)
    starts = struct.unpack_from(f">{segments}H", cmap, at + 16 + 2 * segments)
    deltas = struct.unpack_from(f">{segments}H", cmap, at + 16 + 4 * segments)
    ranges_at = at + 16 + 6 * segments
    ranges = struct.unpack_from(f">{segments}H", cmap, ranges_at)
    found = {}
    for index, (first, last, delta, reach) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if reach:
                (glyph,) = struct.unpack_from(">H", cmap, ranges_at + 2 * index + reach + 2 * (code - first))
            if glyph or not reach:
                found[code] = (glyph + delta) & 0xFFFF
    return found


def _components(outline: bytes) -> list[int]:
    """Return the glyphs a composite glyph is made of (OpenType, table glyf)."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    found, at, more = [], 10, True
    while more:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        found.append(glyph)
        arguments = 4 if flags & 0x0001 else 2
        scale = 2 if flags & 0x0008 else 4 if flags & 0x0040 else 8 if flags & 0x0080 else 0
        at, more = at + 4 + arguments + scale, bool(flags & 0x0020)
    return found


def _assemble(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(">LHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    directory, body, offset = b"", b"", 12 + 16 * count
    for name, content in sorted(tables.items()):
        padded = content + b"\0" * (-len(content) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sLLL", name.encode("latin-1"), total, offset, len(content))
        body, offset = body + padded, offset + len(padded)
    return header + directory + body
