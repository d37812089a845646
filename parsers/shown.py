"""The words a page drawn by us shows, in drawing order; quick, and strict: what it does not know it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pypdf import PageObject

# Numbers, white space and brackets say where text stands, not what it says; so do lines and their colours, which take
# numbers only. One token for a whole run of them, and one for all strings that an operator shows.
_TOKEN = re.compile(
    rb"(?P<lines>(?:[\s\d.+\-]*+(?:re|rg|RG|cm|[WfBb]\*|[mlchvyqQSsfFBbnWwJjMG])(?=\s))+)"
    rb"|(?P<hex>(?:<[0-9A-Fa-f\s]*>[\s\d.+\-\[\]]*)+)|[\s\d.+\-\[\]]+"
    rb"|(?P<name>/[^\s<>\[\]()/%{}]+)|(?P<operator>[A-Za-z'\"*]\w*\*?)|<<[^<>()]*>>"
)
_BETWEEN = re.compile(rb">[^<]*|[<\s]")
_PAIRS = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<((?:[0-9A-Fa-f]{4})+)>\s*\n")
_FONT, _SHOW, _END, _DRAW = b"Tf", {b"Tj", b"TJ"}, b"ET", b"Do"
# Other ways to show text or pictures: never drawn by us.
_STRANGE = {b"'", b'"', b"BI", b"ID", b"EI", b"sh"}


class UnknownDrawing(ValueError):
    """Something in the page that a page of ours does not have."""


def shown(page: PageObject) -> str:
    """The page's words, each text object on a line of its own. UnknownDrawing for what cannot be said for sure."""
    resources: Any = page.get("/Resources", {})
    try:
        return "".join(_words(_content(page.get_contents()), resources.get_object(), depth=0))
    except (LookupError, AttributeError) as error:  # a name without a resource, an operator without its operands
        raise UnknownDrawing(f"{error}") from error


def _words(content: bytes, resources: Any, *, depth: int) -> Iterator[str]:
    fonts: dict[bytes, Mapping[int, str]] = {}
    face: Mapping[int, str] | None = None
    names: list[bytes] = []
    strings: list[bytes] = []
    for kind, token in _tokens(content):
        if kind == "name":
            names.append(token)
        elif kind == "hex":
            strings.append(_BETWEEN.sub(b"", token))
        elif kind == "lines":
            names, strings = [], []
        elif kind == "operator":
            if token == _FONT:
                name = names[-1]
                if name not in fonts:
                    fonts[name] = _unicode(resources["/Font"][name.decode("ascii")])
                face = fonts[name]
            elif token in _SHOW:
                yield _read(strings, face)
            elif token == _END:
                yield "\n"
            elif token == _DRAW:
                yield from _drawn(resources["/XObject"][names[-1].decode("ascii")], depth=depth)
            elif token in _STRANGE:
                raise UnknownDrawing(token.decode("ascii"))
            names, strings = [], []


def _tokens(content: bytes) -> Iterator[tuple[str, bytes]]:
    place = 0
    for found in _TOKEN.finditer(content):
        if found.start() != place:
            break
        place = found.end()
        if found.lastgroup:
            yield found.lastgroup, found.group()
    if place != len(content):
        raise UnknownDrawing(f"bita ke-{place}")


def _drawn(reference: Any, *, depth: int) -> Iterator[str]:
    """Text may hide in drawings too; pictures and drawings in drawings in drawings are not ours."""
    drawing = reference.get_object()
    if drawing.get("/Subtype") != "/Form" or depth > 1:
        raise UnknownDrawing("Do")
    yield from _words(drawing.get_data(), drawing.get("/Resources", {}), depth=depth + 1)


def _read(strings: list[bytes], face: Mapping[int, str] | None) -> str:
    if face is None:
        raise UnknownDrawing("Tf")
    codes = bytes.fromhex(b"".join(strings).decode("ascii"))
    if len(codes) % 2:
        raise UnknownDrawing("Tj")
    numbers = (codes[place] << 8 | codes[place + 1] for place in range(0, len(codes), 2))
    try:
        return "".join(face[number] for number in numbers)
    except KeyError as error:
        raise UnknownDrawing("ToUnicode") from error


def _unicode(reference: Any) -> Mapping[int, str]:
    """Glyph number to characters, from a font's ToUnicode as our pages have it (`beginbfchar` only)."""
    font = reference.get_object()
    table = font["/ToUnicode"].get_object().get_data()
    if font.get("/Encoding") != "/Identity-H" or b"bfrange" in table:
        raise UnknownDrawing("/Encoding")
    _, _, pairs = table.partition(b"beginbfchar")
    return {
        int(code, 16): bytes.fromhex(text.decode("ascii")).decode("utf-16-be") for code, text in _PAIRS.findall(pairs)
    }


def _content(content: Any) -> bytes:
    return b"" if content is None else bytes(content.get_data())
