"""Whether every reader reads a file alike: one that shows each of them something else makes signers vouch for a lie.

This is about the whole file, also what nobody has signed yet: the form and the record are read from it. What is
appended after a signature is judged more strictly where signatures are (`signing.unambiguous`).
"""

from __future__ import annotations

import re
from typing import Any

from pikepdf import Array, Dictionary, Object, Pdf

# What qpdf says of dictionaries with a key given twice, in whatever spelling (some readers take the first, some the
# last); of streams whose length is a lie (some believe it, some look for the end); of a page tree it had to mend; and
# of what it left out. Its other warnings are about harmless habits.
_TOLD = (
    "duplicated key",
    "expected endstream",
    "recovered stream length",
    "in the pages tree",
    "is direct; converting to indirect",
    "/Type key should be /Page",
    "limits error",
)
# Objects numbered /Size and above are missing to readers that follow ISO 32000-1 7.5.5, and there for others (poppler
# and PDFium, where a table lists them). One that is too large hides nothing, nor does one that is corrected later.
_SIZE = re.compile(r"reported number of objects \((\d+)\) is not one plus the highest object number \((\d+)\)")
# Readers that rebuild a file by the headers of its objects disagree on one that stands in a comment.
_IN_A_COMMENT = re.compile(rb"%[^\r\n]*?[\0\t\f %]\d{1,10}[\0\t\f ]+\d{1,5}[\0\t\f ]+obj\b")
_DEEPEST, _MOST = 32, 200


def read_alike(pdf: Pdf) -> bool:
    """Look at every object of the file, whoever refers to it, and at the tree of its pages."""
    len(pdf.objects)  # has them all read: qpdf warns of what it has read
    for warning in pdf.get_warnings():
        told = str(warning)
        sizes = _SIZE.search(told)
        if any(word in told for word in _TOLD) or (sizes is not None and int(sizes[1]) <= int(sizes[2])):
            return False
    return _counted(pdf.Root.get("/Pages"), None, 0) is not None


def has_object_in_comment(pdf: bytes) -> bool:
    """Whether the header of an object stands in a comment."""
    return b"obj" in pdf and _IN_A_COMMENT.search(pdf) is not None


def _counted(node: Any, above: Object | None, depth: int) -> int | None:
    """The pages below a node of the page tree; None where nodes, their counts or their parents disagree (7.7.3.2).

    Some readers believe the count, some walk the tree; what a page inherits comes from the parent it names.
    """
    if not isinstance(node, Dictionary) or not node.is_indirect or depth > _DEEPEST:
        return None
    parent = node.get("/Parent")
    if (parent.objgen if isinstance(parent, Dictionary) else None) != (above.objgen if above is not None else None):
        return None
    if "/Kids" not in node:
        return 1 if above is not None and str(node.get("/Type")) == "/Page" else None
    kids = node.get("/Kids")
    if not isinstance(kids, Array) or len(kids) > _MOST or str(node.get("/Type")) != "/Pages":
        return None
    total = 0
    for kid in kids:
        below = _counted(kid, node, depth + 1)
        if below is None:
            return None
        total += below
    return total if node.get("/Count") == total else None
