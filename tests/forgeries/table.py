"""The one table of all forgeries: what kind of lie each is, how it is told, and who has to notice."""

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
from support.unusually_signed_forms import the_others


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What lies start from: an office, and one honest form of it filled, signed by the employee, and signed by all."""

    office: Office
    filled: bytes
    first: bytes
    signed: bytes


def ground_of(office: Office) -> Ground:
    filled = office.filled("mentoring")
    first = signed_by(filled, only="ttd_pegawai")
    return Ground(office=office, filled=filled, first=first, signed=the_others(first))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """`tell` makes the forgery; `by_signature`: the signatures themselves must not all pass, without form knowledge."""

    name: str
    kind: str
    tell: Callable[[Ground], Attempt]
    by_signature: bool


def _after(change: Callable[[bytes], bytes], kind: str) -> Lie:
    """Done to a form all three have signed, without any key."""

    def tell(ground: Ground) -> Attempt:
        forged = change(ground.signed)
        assert forged != ground.signed
        return attempt(ground.office, forged)

    return Lie(name=change.__name__, kind=kind, tell=tell, by_signature=True)


def _between(change: Callable[[bytes], bytes], kind: str) -> Lie:
    """Done to a form the employee has signed; then the others sign it in good faith."""

    def tell(ground: Ground) -> Attempt:
        return attempt(ground.office, the_others(change(ground.first)))

    return Lie(name=f"{change.__name__}_between_two_signatures", kind=kind, tell=tell, by_signature=True)


def _before(change: Callable[[bytes], bytes], kind: str, *, named: str = "{}") -> Lie:
    """Done to the filled form; then everybody signs it."""

    def tell(ground: Ground) -> Attempt:
        return attempt(ground.office, signed_by(change(ground.filled)))

    return Lie(name=named.format(change.__name__), kind=kind, tell=tell, by_signature=False)


def _tampered(tamper: drawings.Tamper, kind: str) -> Lie:
    def change(pdf: bytes) -> bytes:
        return tampered(pdf, tamper)

    change.__name__ = tamper.__name__
    return _before(change, kind)


def _whole(make: Callable[[bytes], bytes], kind: str, *, by_signature: bool) -> Lie:
    """The forger signs too."""

    def tell(ground: Ground) -> Attempt:
        return attempt(ground.office, make(ground.filled))

    return Lie(name=make.__name__, kind=kind, tell=tell, by_signature=by_signature)


def _someone(make: Impostor, kind: str, *, by_signature: bool) -> Lie:
    return Lie(name=make.__name__, kind=kind, tell=lambda ground: make(ground.office), by_signature=by_signature)


# Of the changes without a key, those that leave something the others' tools would sign.
_UNSIGNABLE = {"only_an_end_marker_appended"}
_LAUNDERED = tuple(each for each in AFTER_SIGNING if each.__name__ not in _UNSIGNABLE)

LIES: tuple[Lie, ...] = (
    *(_after(each, "saved again") for each in AFTER_SIGNING),
    *(_between(each, "saved between signatures") for each in _LAUNDERED),
    *(_after(each, "read in two ways") for each in readers.PRELOADED_MODULES),
    # Before signing the next revision says the right size, and by that one every reader goes.
    _after(pages.size_below_the_highest_object, "read in two ways"),
    *(_after(each, "read in two ways") for each in pages.IN_TWO_WAYS),
    *(_before(each, "read in two ways", named="{}_before_signing") for each in pages.IN_TWO_WAYS),
    *(_after(each, "signature") for each in signatures.SIGNATURES),
    *(_whole(each, "certified form or stamp", by_signature=True) for each in certified.BY_SIGNATURE),
    *(_whole(each, "certified form or stamp", by_signature=False) for each in certified.BY_FORM),
    *(_tampered(each, "value and appearance") for each in drawings.DRAWINGS),
    *(_tampered(each, "value and appearance") for each in viewers.VIEWERS),
    *(_tampered(each, "template") for each in templates.TEMPLATES),
    *(_before(each, "template") for each in templates.BY_HAND),
    *(_tampered(each, "read aloud") for each in aloud.ALOUD),
    *(_tampered(each, "page and its tree") for each in pages.PAGES),
    *(_before(each, "page and its tree") for each in pages.PAGES_BY_HAND),
    *(_whole(each, "stamps", by_signature=False) for each in stamps.STAMPS),
    *(_someone(each, "keys and certificates", by_signature=True) for each in keys.KEYS),
    *(_someone(each, "people and times", by_signature=False) for each in people.PEOPLE),
    *(_someone(each, "standing in", by_signature=False) for each in delegates.DELEGATES),
)
