"""Facts about every signature of a PDF, in the order of EN 319 102-1; never raises, whatever the file is."""

from __future__ import annotations

import hashlib
import logging

from signing import troubles
from signing.found import find_signatures
from signing.history import History
from signing.inspection import Inspection
from signing.report import Report, Trouble
from signing.trust import Trust

_MOST_SIGNATURES, _MOST_REVISIONS = 64, 96


def inspect(pdf: bytes, *, trust: Trust) -> Report:
    """The signatures and document time stamps of a PDF, oldest first.

    Never raises for what the file is: one that cannot be read gives `readable` False with a problem, one signature
    that cannot be read gives TOTAL_FAILED / FORMAT_FAILURE. Time and memory are bounded by the file's size; whoever
    reads files of strangers still does so in a process of its own with limits (MemoryError is not swallowed).
    """
    digest = hashlib.sha256(pdf).hexdigest()
    early = troubles.trouble_before_reading(pdf)
    if early is not None:
        return _unreadable(digest, early)
    # pyHanko tells its doubts as log lines with stack traces; ours are in the report.
    logging.getLogger("pyhanko").addHandler(logging.NullHandler())
    logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())
    try:
        history = History(pdf)
        if history.reader.encrypted:
            return _unreadable(digest, troubles.encrypted())
        found = find_signatures(history)
        if len(found) > _MOST_SIGNATURES or history.last >= _MOST_REVISIONS:
            return _unreadable(digest, troubles.too_many())
        signatures = Inspection(history=history, trust=trust).report_all(found)
        hidden = any(history.hidden(each) != frozenset() for each in range(history.last + 1))
    except MemoryError:
        raise  # says something about the machine, nothing about the file
    except Exception:  # noqa: BLE001 - the promise: half of all forged files break some reader somewhere (trap 7)
        return _unreadable(digest, troubles.broken())
    return Report(sha256=digest, readable=True, problem=None, signatures=signatures, hidden=hidden)


def _unreadable(digest: str, trouble: Trouble) -> Report:
    return Report(sha256=digest, readable=False, problem=trouble, signatures=())
