"""No forgery of a signed form passes, and honest later signers are not faulted for it."""

from __future__ import annotations

import pytest

from forgeries.after_signing import AFTER_SIGNING, Lie
from signing.policy import faults
from signing.report import Changes, Indication
from support.pki import Office, open_office, sign_slot
from support.small_forms import blank


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    return sign_slot(blank(), "ttd_pegawai", office.people[0])


def name_of(lie: Lie) -> str:
    return lie.__name__


@pytest.mark.parametrize("lie", AFTER_SIGNING, ids=name_of)
def test_a_lie_told_after_signing_fails_the_signature(lie: Lie, signed: bytes, office: Office) -> None:
    forged = lie(signed)
    assert forged.startswith(signed)
    report = office.inspect(forged)
    assert not report.readable or all(
        signature.indication is Indication.TOTAL_FAILED and not signature.permitted for signature in report.signatures
    ), [(signature.indication, signature.changes_after) for signature in report.signatures]


@pytest.mark.parametrize("lie", AFTER_SIGNING, ids=name_of)
def test_a_second_signature_does_not_launder_a_lie(lie: Lie, signed: bytes, office: Office) -> None:
    try:
        forged = sign_slot(lie(signed), "ttd_pembimbing", office.people[1])
    except Exception:  # noqa: BLE001 - some lies leave nothing that could be signed
        return
    report = office.inspect(forged)
    first = [signature for signature in report.signatures if signature.field == "ttd_pegawai"]
    assert not report.readable or (bool(first) and all(faults(signature) for signature in first))


@pytest.mark.parametrize(
    ("lie", "expected"),
    [
        ("value_changed", Changes.FORM_VALUES),
        ("value_and_appearance_changed", Changes.FORM_VALUES),
        ("appearance_swapped", Changes.FORM_VALUES),
        ("appearance_overwritten_in_place", Changes.FORM_VALUES),
        ("field_hidden", Changes.ANNOTATIONS),
        ("stamp_annotation_over_an_answer", Changes.ANNOTATIONS),
        ("free_text_annotation", Changes.ANNOTATIONS),
        ("page_content_replaced", Changes.OTHER),
        ("font_overwritten", Changes.OTHER),
        ("page_added", Changes.OTHER),
    ],
)
def test_the_report_says_what_was_touched(lie: str, expected: Changes, signed: bytes, office: Office) -> None:
    forge = next(forgery for forgery in AFTER_SIGNING if forgery.__name__ == lie)
    (signature,) = office.inspect(forge(signed)).signatures
    assert signature.changes_after is expected
    assert signature.intact
    assert signature.valid
    assert faults(signature) == ("changed_after_signature",)
