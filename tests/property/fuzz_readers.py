"""`make fuzz`: bytes that are nearly PDF, guided by coverage, for every reader of received files.

Every reader must return an answer or a typed refusal, never raise another exception, and never take more than 20 s.
libFuzzer writes a file that breaks this rule under its digest; this program takes such a file as its only argument.
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

NO_TRUST = Trust(roots=(), timestamp_roots=(), moment=dt.datetime(2026, 4, 8, tzinfo=dt.UTC))


def ask_every_reader(content: bytes) -> None:
    """Raise for another exception, and for a file that passes although no root is trusted."""
    report = inspect(content, trust=NO_TRUST)
    assert report.readable == (report.problem is None)
    assert not any(signature.indication.value == "TOTAL_PASSED" for signature in report.signatures)
    read(content)
    examine(content)
    with contextlib.suppress(UnreadableCertificate):
        read_certificate(content)


if __name__ == "__main__":
    atheris.Setup(sys.argv, ask_every_reader)
    atheris.Fuzz()
