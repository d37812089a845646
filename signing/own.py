"""What a signature brings along besides its value: time-stamp tokens, revocation data, the time its signer claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from asn1crypto import core
from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign.general import find_cms_attribute_iter

from signing.history import raw
from signing.value import BadValue, Value

_MOST_TOKENS = 8


def signature_tokens(value: Value) -> Iterator[Any]:
    """The SignedData of the time-stamp tokens over the signature value (EN 319 122-1 5.3)."""
    attributes = value.signer_info["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return
    for index, token in enumerate(find_cms_attribute_iter(attributes, "signature_time_stamp_token")):
        if index >= _MOST_TOKENS:
            return
        if token["content_type"].native == "signed_data":
            yield token["content"]


def embedded_evidence(value: Value) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """CRLs and OCSP responses inside the CMS: Adobe's signed attribute, and the field of RFC 5652."""
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    try:
        archived = value.attribute("adobe_revocation_info_archival")
        if archived is not None:
            crls += [each.dump() for each in archived["crl"] or ()]
            ocsps += [each.dump() for each in archived["ocsp"] or ()]
        carried = value.signed_data["crls"]
        if not isinstance(carried, core.Void):
            crls += [each.chosen.dump() for each in carried if each.name == "certificate_list"]
    except (BadValue, ValueError, TypeError, KeyError, AttributeError):
        return tuple(crls), tuple(ocsps)
    return tuple(crls), tuple(ocsps)


def stated_time(value: Value, dictionary: Any) -> dt.datetime | None:
    """The signing time the signer claims: the signed attribute, else /M of the dictionary; aware, or None.

    It proves nothing, so that one nobody can read is no fault of the signature. LibreOffice writes `Z'` for UTC.
    """
    try:
        attribute = value.attribute("signing_time")
        if attribute is not None:
            time: dt.datetime = attribute.native
            return time
        written = raw(dictionary, "/M")
        if written is None:
            return None
        read: dt.datetime = parse_pdf_date(str(written).rstrip().removesuffix("'"), strict=False)
    except (BadValue, PdfReadError, ValueError, TypeError):
        return None
    # A date without a zone is read as UTC: a claim, said to be one.
    return read if read.tzinfo is not None else read.replace(tzinfo=dt.UTC)
