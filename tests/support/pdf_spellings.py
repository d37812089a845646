"""Generate PDF objects in every allowed spelling, and describe parsed ones for comparison."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject


def described(value: Any) -> object:
    """Return everything about an object, types included, as comparable values."""
    kind = type(value).__name__
    if isinstance(value, IndirectObject):
        return kind, value.idnum, value.generation
    if isinstance(value, DictionaryObject):
        data = value.encoded_data if isinstance(value, StreamObject) else None
        return kind, [(described(key), described(value.raw_get(key))) for key in value], data
    if isinstance(value, ArrayObject):
        return kind, [described(value.raw_get(index)) for index in range(len(value))]
    original = getattr(value, "original_bytes", None)
    return kind, str(value), original


BLANKS = st.sampled_from(["", " ", "\n", "\0", "\r\n", "\f\t", "%x\n"])
ATOMS = st.sampled_from(
    "/A /B /Type /a#20b / 0 1 -7 +3 12 1.5 .5 4. 1,5 true false null nul () (a) (a\\)b) (\\053) (\\53) ((n)) (\\q) <> "
    "<41> <4> <4g> <feff0041> 1 0 R|12 0 R|0 0 R|3 1 R|1 R|R|endobj|stream|<<|>>|[|]|( R)|(5 0 R)|/5 0 R".replace(
        " /", "|/"
    )
    .replace(" (", "|(")
    .replace(" <", "|<")
    .split("|")
)


def spelled(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pieces = st.lists(st.tuples(BLANKS, inner), max_size=5).map(lambda pairs: "".join(a + b for a, b in pairs))
    return st.one_of(pieces.map("[{}]".format), pieces.map("<<{}>>".format), pieces.map("<</K{}>>".format))
