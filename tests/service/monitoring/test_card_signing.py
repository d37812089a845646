"""Control cards signed by the officer of the unit: made first, signed once, looked at again."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from forgeries.after_signing import free_text_annotation
from forms.card import SLOT, Officer
from service.errors import BadInput, NotGranted
from service.monitoring.card_signing import CardSigningContext, keep_signed_card, make_card, sign_card
from service.monitoring.cards import card_of
from service.people.enrolment import end, enrol
from service.store import Store
from signing.certificates import read_certificate
from signing.demo_authority import IssuedKey
from signing.errors import NotSound
from signing.sign import sign
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.monitored_office import (
    BIRO,
    CAHYA,
    DEWI,
    GITA,
    PEOPLE,
    approve,
    employee,
    register_people,
)
from support.office import ZONE, keys, letters
from support.sample_rows import NOW

AT = NOW.replace(month=11, day=24)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture
def desk(store: Store) -> Callable[..., CardSigningContext]:
    """A desk in an office where the officer of the unit, Dewi, and the one of another, Gita, have enrolled keys."""
    register_people(store)
    for nip in (DEWI, GITA, CAHYA):
        enrol(nip, key(nip).pem, store=store, now=NOW, actor="uji")
    root = keys().authority.der

    def open_desk(now: dt.datetime = NOW) -> CardSigningContext:
        return CardSigningContext(
            store=store,
            letters=letters(),
            trust=Trust(roots=(root,), timestamp_roots=(root,), moment=now),
            now=now,
            zone=ZONE,
            randomness=secrets.token_bytes,
            actor="dewi",
        )

    return open_desk


KEYS: dict[str, IssuedKey] = {}


def key(nip: str) -> IssuedKey:
    if nip not in KEYS:
        name = next(person.name for person in PEOPLE if person.nip == nip)
        KEYS[nip] = keys().authority.person(name.split(",")[0])
    return KEYS[nip]


def test_the_officer_signs_the_card_visibly_and_nothing_may_change_it_after(
    desk: Callable[..., CardSigningContext],
) -> None:
    open_desk = desk(AT)
    kept = sign_card(CAHYA, 2026, open_desk, holder=key(DEWI).holder(), timestamper=None)
    (signature,) = inspect(kept.content, trust=open_desk.trust).signatures
    assert (signature.field, str(signature.indication), signature.covers_whole_file) == (SLOT, "TOTAL_PASSED", True)
    assert kept.card.officer_nip == DEWI
    assert open_desk.store.document(kept.card.signed_digest or "") == kept.content
    assert kept.content.startswith(open_desk.store.document(kept.card.digest))
    (widget,) = [annotation.get_object() for annotation in PdfReader(BytesIO(kept.content)).pages[-1]["/Annots"]]
    assert b"Tj" in widget["/AP"]["/N"].get_data()


def test_a_card_that_says_the_same_is_signed_once(desk: Callable[..., CardSigningContext]) -> None:
    first = sign_card(CAHYA, 2026, desk(AT), holder=key(DEWI).holder(), timestamper=None)
    again = sign_card(CAHYA, 2026, desk(AT + dt.timedelta(hours=1)), holder=key(DEWI).holder(), timestamper=None)
    assert again == first
    approve(desk(AT).store, "coaching", "2026-03-04")
    other = sign_card(CAHYA, 2026, desk(AT), holder=key(DEWI).holder(), timestamper=None)
    assert other.card.id != first.card.id


@pytest.mark.parametrize(("who", "why"), [(GITA, "bukan pengelola kepegawaian"), (CAHYA, "bukan pengelola")])
def test_nobody_but_the_units_officer_signs(who: str, why: str, desk: Callable[..., CardSigningContext]) -> None:
    with pytest.raises(NotGranted, match=why):
        sign_card(CAHYA, 2026, desk(AT), holder=key(who).holder(), timestamper=None)


def test_a_key_nobody_enrolled_signs_nothing(desk: Callable[..., CardSigningContext]) -> None:
    with pytest.raises(NotGranted, match="tidak terdaftar"):
        sign_card(CAHYA, 2026, desk(AT), holder=keys().seal.holder(), timestamper=None)


def test_a_card_signed_elsewhere_is_taken_in(desk: Callable[..., CardSigningContext]) -> None:
    made = make_card(CAHYA, 2026, DEWI, desk(AT))
    signed = sign(made.content, holder=key(DEWI).holder(), at=AT, field=SLOT)
    kept = keep_signed_card(made.card.id, signed, desk(AT))
    assert kept.card.signed_by == "dewi"
    assert make_card(CAHYA, 2026, DEWI, desk(AT)).content == signed


def test_what_is_not_the_officers_signature_on_our_card_is_not_taken_in(
    desk: Callable[..., CardSigningContext],
) -> None:
    made = make_card(CAHYA, 2026, DEWI, desk(AT))
    with pytest.raises(NotGranted, match="bukan pengelola yang disebutnya"):
        keep_signed_card(made.card.id, sign(made.content, holder=key(GITA).holder(), at=AT, field=SLOT), desk(AT))
    with pytest.raises(NotSound):
        keep_signed_card(made.card.id, made.content, desk(AT))
    with pytest.raises(BadInput, match="bukan kartu"):
        keep_signed_card(made.card.id, b"%PDF-1.7 lain", desk(AT))
    with pytest.raises(BadInput, match="tidak ada"):
        keep_signed_card("P-TIDAKADA", made.content, desk(AT))
    with desk(AT).store.reading() as tx:
        kept = tx.cards.get(made.card.id)
    assert kept is not None
    assert kept.signed_digest is None


def test_of_two_officers_the_one_who_signs_is_named(desk: Callable[..., CardSigningContext]) -> None:
    store = desk(AT).store
    with store.transaction() as tx:
        tx.employees.upsert([employee("199001012015011001", "Ahmad Contoh", BIRO, "pengelola")])
    with store.reading() as tx:
        assert card_of(CAHYA, 2026, tx).officer == Officer(name="Ahmad Contoh", nip="199001012015011001")
    kept = sign_card(CAHYA, 2026, desk(AT), holder=key(DEWI).holder(), timestamper=None)
    assert "Pengelola Kepegawaian Dewi Anggraeni, S.Psi. NIP 19940630 201903 2 004" in words(kept.content)


def test_a_key_whose_enrolment_ended_signs_no_card_any_more(desk: Callable[..., CardSigningContext]) -> None:
    open_desk = desk(AT)
    made = make_card(CAHYA, 2026, DEWI, open_desk)
    signed = sign(made.content, holder=key(DEWI).holder(), at=AT, field=SLOT)
    fingerprint = read_certificate(key(DEWI).pem).fingerprint
    end(DEWI, fingerprint, since=NOW, reason="kunci hilang", store=open_desk.store, now=AT, actor="uji")
    with pytest.raises(NotGranted, match="sudah diakhiri"):
        keep_signed_card(made.card.id, signed, open_desk)
    with pytest.raises(NotGranted, match="sudah diakhiri"):
        sign_card(CAHYA, 2026, open_desk, holder=key(DEWI).holder(), timestamper=None)


def test_a_card_changed_before_it_was_signed_is_not_taken_in(desk: Callable[..., CardSigningContext]) -> None:
    made = make_card(CAHYA, 2026, DEWI, desk(AT))
    signed = sign(free_text_annotation(made.content), holder=key(DEWI).holder(), at=AT, field=SLOT)
    assert signed.startswith(made.content)
    with pytest.raises(BadInput, match="diubah sebelum ditandatangani"):
        keep_signed_card(made.card.id, signed, desk(AT))


def test_a_key_no_issuer_we_believe_stands_behind_signs_no_card(desk: Callable[..., CardSigningContext]) -> None:
    believing_nobody = replace(desk(AT), trust=Trust(roots=(), timestamp_roots=(), moment=AT))
    with pytest.raises(NotSound):
        sign_card(CAHYA, 2026, believing_nobody, holder=key(DEWI).holder(), timestamper=None)
