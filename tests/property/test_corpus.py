"""The corpus of the fuzzer: small, made by us; every reader answers for every file of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from property.make_corpus import seeds

from parsers.certificate import UnreadableCertificate, read_certificate
from parsers.parse import examine
from signing.report import Indication
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.pki import NOW

FILES = sorted((Path(__file__).parent / "corpus").glob("*.pdf"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_of_the_corpus_gets_an_answer(file: Path) -> None:
    content = file.read_bytes()
    report = inspect(content, trust=Trust(roots=(), timestamp_roots=(), moment=NOW))
    assert report.readable == (report.problem is None)
    assert not any(signature.indication is Indication.TOTAL_PASSED for signature in report.signatures)
    assert not examine(content).genuine
    with contextlib.suppress(UnreadableCertificate):
        read_certificate(content)


def test_the_corpus_is_small_and_made_by_the_code_beside_it() -> None:
    assert {file.stem for file in FILES} == {name for name, _ in seeds()}
    assert sum(file.stat().st_size for file in FILES) < 200_000
