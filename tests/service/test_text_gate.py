"""Texts from pages, the API and commands are kept as clean as those from tables, and compared so."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata
from decimal import Decimal

import pytest

from service.certificates.check import State, confirm_number
from service.certificates.lifecycle import revoke
from service.circulation.drafts import save_draft
from service.errors import BadInput
from service.learning.other import LearningDraft, draft_of, enter, reject
from support.circulating_forms import TYPED, CirculatingForms
from support.office import CAHYA, NOW, Office
from support.staff_changes import tell

TYPED_BADLY, KEPT = " Pelatihan \u200bKafe\u0301\u00ad  Kerja\u202c\0 ", "Pelatihan Kaf\u00e9 Kerja"
TODAY = NOW.date()
SPACED = f"\u200e{CAHYA[:8]} {CAHYA[8:14]} {CAHYA[14]} {CAHYA[15:]}"


def entered(office: Office, nip: str = CAHYA) -> str:
    draft = LearningDraft(
        nip=nip,
        kind="pelatihan",
        title=TYPED_BADLY,
        organiser=TYPED_BADLY,
        starts=dt.date(2025, 3, 3),
        ends=dt.date(2025, 3, 3),
        jp=Decimal(2),
    )
    context = {"store": office.store, "now": NOW, "today": TODAY}
    learning = enter(draft, **context, randomness=secrets.token_bytes, actor="uji")
    assert (learning.nip, learning.title, learning.organiser) == (CAHYA, KEPT, KEPT)
    return learning.id


def test_learning_is_kept_clean_and_known_again_however_it_is_typed(office: Office) -> None:
    entered(office)
    with pytest.raises(BadInput, match="sudah tercatat"):
        entered(office, SPACED)
    typed = draft_of(
        CAHYA,
        {"jenis": "pelatihan", "judul": TYPED_BADLY, "penyelenggara": "LAN", "mulai": "\u200e3 Maret 2025", "jp": "2"},
        TODAY,
    )
    assert typed.title == KEPT


def test_a_reason_is_kept_clean_line_by_line_and_an_invisible_one_is_none(office: Office) -> None:
    number = entered(office)
    with pytest.raises(BadInput, match="kosong"):
        reject(number, "\u200b\u00ad \u202c", store=office.store, now=NOW, actor="uji")
    pasted = f"\u200b{number.lower()}."
    decided = reject(pasted, f"{TYPED_BADLY}\r\n\n Baris\u00a0dua", store=office.store, now=NOW, actor="uji")
    assert decided.decision_reason == f"{KEPT}\n\nBaris dua"


def test_a_certificate_is_found_and_revoked_by_its_number_as_pasted(office: Office) -> None:
    office.approved()
    number = office.issue().certificate.number
    pasted = f"https://contoh.go.id/periksa/{number.lower()}."
    assert confirm_number(pasted, store=office.store).state is State.VALID
    revoke(pasted, TYPED_BADLY, store=office.store, now=NOW, actor="uji")
    answer = confirm_number(number, store=office.store)
    assert answer.state is State.REVOKED
    assert answer.certificate is not None
    assert answer.certificate.end_reason == KEPT


def test_answers_typed_on_a_page_are_kept_without_what_no_form_can_show(office: Office) -> None:
    forms = CirculatingForms(office=office)
    circulation = forms.begun()
    answers = TYPED["coaching"] | {"nama_kegiatan": TYPED_BADLY, "hasil_pengembangan": "Satu\u200b\n\nDua\u00ad  tiga"}
    saved = save_draft(circulation.serial, answers, revision=circulation.revision, context=forms.context, actor=CAHYA)
    assert saved.answers["nama_kegiatan"] == KEPT
    assert saved.answers["hasil_pengembangan"] == "Satu\n\nDua tiga"


@pytest.mark.parametrize("spelling", ["NFD", "NFC"])
def test_a_name_spelled_with_other_code_points_is_the_same_name(spelling: str, office: Office) -> None:
    tell(office, since=dt.date(2025, 1, 1), name=unicodedata.normalize(spelling, "Cahya L\u00e9stari\u200e"))
    signed = office.signed()
    assert "name_differs_from_register" not in office.codes(signed)
