"""Just enough DER (ITU-T X.690) to write a CMS signature and to cut a certificate into its parts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

SEQUENCE, SET, INTEGER, OCTETS, OID, NULL = 0x30, 0x31, 0x02, 0x04, 0x06, 0x05


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element: tag, shortest length, contents."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 - X.690 8.1.3.4, the short form
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(value: int) -> bytes:
    """A non-negative INTEGER."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@lru_cache(maxsize=256)
def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    return tlv(OID, b"".join(_base_128(arc) for arc in (40 * first + second, *rest)))


def set_of(members: Iterable[bytes], tag: int = SET) -> bytes:
    """A SET OF, its members in the order DER demands (X.690 11.6)."""
    return tlv(tag, *sorted(members))


def children(element: bytes) -> list[bytes]:
    """The whole elements inside a constructed element. ValueError when the lengths do not add up."""
    start, end = _span(element, 0)
    if end != len(element):
        raise ValueError("bytes after the element")
    found, at = [], start
    while at < end:
        _, after = _span(element, at)
        if after > end:
            raise ValueError("an element reaches beyond its parent")
        found.append(element[at:after])
        at = after
    return found


def contents(element: bytes) -> bytes:
    """What stands inside an element. ValueError when it is not exactly one."""
    start, end = _span(element, 0)
    if end != len(element):
        raise ValueError("not one element")
    return element[start:end]


def whole(content: bytes) -> bytes:
    """The first element of bytes that may be padded. ValueError when it is cut short."""
    _, end = _span(content, 0)
    if end > len(content):
        raise ValueError("the element is cut short")
    return content[:end]


def _span(content: bytes, at: int) -> tuple[int, int]:
    """Where the contents of the element at `at` begin and end."""
    if at + 2 > len(content):
        raise ValueError("no element here")
    length, start = content[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 4 or start + count > len(content):  # noqa: PLR2004 - 4 octets of length are 4 GiB
            raise ValueError("indefinite or absurd length")
        length = int.from_bytes(content[start : start + count], "big")
        start += count
    return start, start + length


def _base_128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(0x80 | arc & 0x7F)
    return bytes(reversed(digits))
