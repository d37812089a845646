"""The table of all forgeries: the kind of each, how it is made, and whether the signatures alone reveal it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forgeries import (
    aloud,
    certified,
    delegates,
    drawings,
    keys,
    pages,
    people,
    readers,
    signatures,
    stamps,
    templates,
    viewers,
)
from forgeries.after_signing import AFTER_SIGNING
from forgeries.impostors import Attempt, Impostor, attempt, signed_by
from support.filled_forms import tampered
from support.office import Office
from support.unusually_signed_forms import signed_by_the_others


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What forgeries start from: an office, and an honest form of it: filled, signed by the employee, signed by all."""

    office: Office
    filled: bytes
    first: bytes
    signed: bytes


def ground_of(office: Office) -> Ground:
    filled = office.filled("mentoring")
    first = signed_by(filled, only="ttd_pegawai")
    return Ground(office=office, filled=filled, first=first, signed=signed_by_the_others(first))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """`tell` makes the forgery; `by_signature`: the signatures themselves must not all pass, without form knowledge."""

    name: str
    kind: str
    tell: Callable[[Ground], Attempt]
    by_signature: bool


def _after(change: Callable[[bytes], bytes], kind: str) -> Lie:
    """Return a change to a form that all three have signed, made without any key."""

    def tell(ground: Ground) -> Attempt:
        forged = change(ground.signed)
        assert forged != ground.signed
        return attempt(ground.office, forged)

    return Lie(name=change.__name__, kind=kind, tell=tell, by_signature=True)


def _between(change: Callable[[bytes], bytes], kind: str) -> Lie:
    """Return a change to a form that the employee has signed; then the others sign it in good faith."""

    def tell(ground: Ground) -> Attempt:
        return attempt(ground.office, signed_by_the_others(change(ground.first)))

    return Lie(name=f"{change.__name__}_between_two_signatures", kind=kind, tell=tell, by_signature=True)


def _before(change: Callable[[bytes], bytes], kind: str, *, named: str = "{}") -> Lie:
    """Return a change to the filled form; then everybody signs it."""

    def tell(ground: Ground) -> Attempt:
        return attempt(ground.office, signed_by(change(ground.filled)))

    return Lie(name=named.format(change.__name__), kind=kind, tell=tell, by_signature=False)


def _tampered(tamper: drawings.Tamper, kind: str) -> Lie:
    def change(pdf: bytes) -> bytes:
        return tampered(pdf, tamper)

    change.__name__ = tamper.__name__
    return _before(change, kind)


def _whole(make: Callable[[bytes], bytes], kind: str, *, by_signature: bool) -> Lie:
    """Return a forgery that includes the signatures: the forger signs too."""

    def tell(ground: Ground) -> Attempt:
        return attempt(ground.office, make(ground.filled))

    return Lie(name=make.__name__, kind=kind, tell=tell, by_signature=by_signature)


def _someone(make: Impostor, kind: str, *, by_signature: bool) -> Lie:
    return Lie(name=make.__name__, kind=kind, tell=lambda ground: make(ground.office), by_signature=by_signature)


# After these changes the others' programs find nothing to sign.
_UNSIGNABLE = {"only_an_end_marker_appended"}
_LAUNDERED = tuple(forge for forge in AFTER_SIGNING if forge.__name__ not in _UNSIGNABLE)

LIES: tuple[Lie, ...] = (
    *(_after(forge, "saved again") for forge in AFTER_SIGNING),
    *(_between(forge, "saved between signatures") for forge in _LAUNDERED),
    *(_after(forge, "read in two ways") for forge in readers.READERS),
    # Only after signing: before it, the next revision states the right size, which every reader then uses.
    _after(pages.size_below_the_highest_object, "read in two ways"),
    *(_after(forge, "read in two ways") for forge in pages.IN_TWO_WAYS),
    *(_before(forge, "read in two ways", named="{}_before_signing") for forge in pages.IN_TWO_WAYS),
    *(_after(forge, "signature") for forge in signatures.SIGNATURES),
    *(_whole(forge, "certified form or stamp", by_signature=True) for forge in certified.BY_SIGNATURE),
    *(_whole(forge, "certified form or stamp", by_signature=False) for forge in certified.BY_FORM),
    *(_tampered(forge, "value and appearance") for forge in drawings.DRAWINGS),
    *(_tampered(forge, "value and appearance") for forge in viewers.VIEWERS),
    *(_tampered(forge, "template") for forge in templates.TEMPLATES),
    *(_before(forge, "template") for forge in templates.BY_HAND),
    *(_tampered(forge, "read aloud") for forge in aloud.ALOUD),
    *(_tampered(forge, "page and its tree") for forge in pages.PAGES),
    *(_before(forge, "page and its tree") for forge in pages.PAGES_BY_HAND),
    *(_whole(forge, "stamps", by_signature=False) for forge in stamps.STAMPS),
    *(_someone(forge, "keys and certificates", by_signature=True) for forge in keys.KEYS),
    *(_someone(forge, "people and times", by_signature=False) for forge in people.PEOPLE),
    *(_someone(forge, "delegation", by_signature=False) for forge in delegates.DELEGATES),
)
