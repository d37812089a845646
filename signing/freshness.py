"""Until when a list or an answer may be used without asking again."""

from __future__ import annotations

import datetime as dt

from cryptography.x509 import ocsp

from signing.crl import read_list

# An answer without nextUpdate means that newer ones are always to be had (RFC 6960 4.2.2.1).
_UNDATED = dt.timedelta(hours=1)


def list_until(content: bytes) -> dt.datetime | None:
    """NextUpdate of a list; None for what is no list."""
    read = read_list(content)
    return None if read is None else read.until


def answer_until(content: bytes) -> dt.datetime | None:
    """The earliest nextUpdate of an OCSP response; None for what is none."""
    try:
        read = ocsp.load_der_ocsp_response(content)
        singles = list(read.responses)
    except ValueError:
        return None
    return min((each.next_update_utc or each.this_update_utc + _UNDATED for each in singles), default=None)
