"""Sixty honest forms of unusual make pass the full proof, and what hides something from some readers does not."""

from __future__ import annotations

import pytest

from service.verification.reasons import Verdict
from support.hybrid_files import hybrid, hybrid_of_word, hybrid_revision
from support.office import Office
from support.unusual_forms import MENTORING, ODDITIES, MakeForm, saved_first


def test_there_are_more_than_fifty() -> None:
    assert len(ODDITIES) > 50


@pytest.mark.parametrize("make", ODDITIES.values(), ids=ODDITIES)
def test_an_honest_oddity_passes(make: MakeForm, office: Office) -> None:
    answer = office.prove(make(office))
    serious = [reason.code for reason in answer.reasons if reason.weight is not Verdict.PASSED]
    assert (serious, answer.verdict) == ([], Verdict.PASSED)
    assert answer.attribution is not None
    assert len(answer.attribution.by_role) == len(MENTORING)


@pytest.mark.parametrize("hides", ["structure", "word", "an annotation"])
def test_a_hybrid_that_hides_something_from_some_readers_does_not_pass(hides: str, office: Office) -> None:
    """Libqpdf 12 and poppler find nothing of it, PDFium and others do: signers may not have seen the same."""
    save = {
        "structure": hybrid,
        "word": hybrid_of_word,
        "an annotation": lambda pdf: hybrid_revision(pdf, packed={9000: b"<< /Type /Annot >>"}, free={9000: 65535}),
    }[hides]
    answer = office.prove(saved_first(office, save))
    assert answer.verdict is Verdict.FAILED
    assert "hidden_from_some_readers" in [reason.code for reason in answer.reasons]
