"""The time a signer claims: anybody may write any, so it is said to be a claim."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.misc import PdfReadError

from signing.history import raw
from signing.value import BadValue, Value


def stated_time(value: Value, dictionary: Any) -> dt.datetime | None:
    """The signing time the signer claims: the signed attribute, else /M of the dictionary; aware, or None.

    It proves nothing, so that one nobody can read is no fault of the signature.
    """
    try:
        attribute = value.attribute("signing_time")
        if attribute is not None:
            return _aware(attribute.native)
    except (BadValue, ValueError, TypeError):
        return None
    return dated(dictionary)


def dated(dictionary: Any) -> dt.datetime | None:
    """/M of a signature dictionary; aware, or None. LibreOffice writes `Z'` for UTC."""
    written = raw(dictionary, "/M")
    if written is None:
        return None
    try:
        return _aware(parse_pdf_date(str(written).rstrip().removesuffix("'"), strict=False))
    except (PdfReadError, ValueError, TypeError):
        return None


def _aware(read: Any) -> dt.datetime | None:
    """A date without a zone is read as UTC: a claim, said to be one. None for a year no calendar of ours has."""
    if not isinstance(read, dt.datetime):
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=dt.UTC)
