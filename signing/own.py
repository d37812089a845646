"""What a signature brings along besides its value: time-stamp tokens and revocation data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from asn1crypto import core
from pyhanko.sign.general import find_cms_attribute_iter

from signing.evidence import Evidence
from signing.value import BadValue, Value

_MOST_TOKENS, _MOST_PIECES = 8, 64


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


def embedded_evidence(value: Value) -> Evidence:
    """CRLs and OCSP responses inside the CMS: Adobe's signed attribute, and the field of RFC 5652 and RFC 5940."""
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    # What was read before a part that cannot be read still counts: each piece is checked by its own signature.
    with suppress(BadValue, ValueError, TypeError, KeyError, AttributeError):
        archived = value.attribute("adobe_revocation_info_archival")
        if archived is not None:
            crls += [each.dump() for each in archived["crl"] or ()]
            ocsps += [each.dump() for each in archived["ocsp"] or ()]
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        carried = value.signed_data["crls"]
        for each in () if isinstance(carried, core.Void) else carried:
            if each.name == "crl":
                crls.append(each.chosen.dump())
            elif each.chosen["other_rev_info_format"].native == "ocsp_response":
                ocsps.append(each.chosen["other_rev_info"].dump())
    return Evidence(crls=tuple(crls[:_MOST_PIECES]), ocsps=tuple(ocsps[:_MOST_PIECES]))
