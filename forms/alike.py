"""Whether every reader reads a file alike: one that shows each of them something else makes signers vouch for a lie."""

from __future__ import annotations

import pikepdf
from pikepdf import Pdf

# What qpdf says of dictionaries with a key given twice (some readers take the first, some the last) and of streams
# whose length is a lie (some believe it, some look for the end). Its other warnings are about harmless habits.
_TOLD = ("duplicated key", "expected endstream", "recovered stream length")


def read_alike(pdf: Pdf) -> bool:
    """Look at every object of the file, whoever refers to it.

    A text that is read aloud in the place of what the page shows (/ActualText, ISO 32000-1 14.9.4) is read by some
    only; no published form has one outside its page content.
    """
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and "/ActualText" in each:
            return False
    return not any(word in str(told) for told in pdf.get_warnings() for word in _TOLD)
