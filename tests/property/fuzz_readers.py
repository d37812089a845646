"""`make fuzz`: bytes that are nearly PDF, guided by coverage, before every reader of files from outside.

What is promised of each: an answer or a typed refusal; never another exception, never more than 20 s. libFuzzer keeps
what breaks the promise as a file named after its digest, to be given to this program as its only argument again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys

import atheris

with atheris.instrument_imports(include=["signing", "parsers", "forms", "pyhanko", "pypdf"]):
    from parsers.certificate import UnreadableCertificate, read_certificate
    from parsers.parse import examine, read
    from signing.trust import Trust
    from signing.validation.inspect import inspect

NOBODY = Trust(roots=(), timestamp_roots=(), moment=dt.datetime(2026, 4, 8, tzinfo=dt.UTC))


def ask_every_reader(content: bytes) -> None:
    """Raise for a broken promise, and for a file that is sound although nobody is trusted."""
    report = inspect(content, trust=NOBODY)
    assert report.readable == (report.problem is None)
    assert not any(signature.indication.value == "TOTAL_PASSED" for signature in report.signatures)
    read(content)
    examine(content)
    with contextlib.suppress(UnreadableCertificate):
        read_certificate(content)


if __name__ == "__main__":
    atheris.Setup(sys.argv, ask_every_reader)
    atheris.Fuzz()
