"""No lie told about a signed form passes, and whoever came after it is not blamed."""

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
        each.indication is Indication.TOTAL_FAILED and not each.permitted for each in report.signatures
    ), [(each.indication, each.changes_after) for each in report.signatures]


@pytest.mark.parametrize("lie", AFTER_SIGNING, ids=name_of)
def test_a_second_signature_does_not_launder_a_lie(lie: Lie, signed: bytes, office: Office) -> None:
    try:
        forged = sign_slot(lie(signed), "ttd_pembimbing", office.people[1])
    except Exception:  # noqa: BLE001 - some lies leave nothing that could be signed
        return
    report = office.inspect(forged)
    first = [each for each in report.signatures if each.field == "ttd_pegawai"]
    assert not report.readable or (bool(first) and all(faults(each) for each in first))


@pytest.mark.parametrize(
    ("lie", "told"),
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
def test_the_report_says_what_was_touched(lie: str, told: Changes, signed: bytes, office: Office) -> None:
    forge = next(each for each in AFTER_SIGNING if each.__name__ == lie)
    (signature,) = office.inspect(forge(signed)).signatures
    assert signature.changes_after is told
    assert signature.intact
    assert signature.valid
    assert faults(signature) == ("changed_after_signature",)
