"""A throwaway office of signers with its own authority, and short ways to sign and inspect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from signing.demo_authority import Authority, IssuedKey, open_authority
from signing.fields import SlotPlace
from signing.keys import KeyHolder
from signing.report import Report, SignatureReport
from signing.sign import sign
from signing.stamp import Stamp
from signing.timestamps import LocalTimestamper, Timestamper
from signing.trust import Trust
from signing.validation.inspect import inspect

NOW = dt.datetime(2026, 4, 8, 2, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CURVE = ec.SECP256R1()


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One authority, three people in the order they sign, and a clock."""

    authority: Authority
    people: tuple[IssuedKey, IssuedKey, IssuedKey]
    tsa: IssuedKey

    def timestamper(self, at: dt.datetime = NOW) -> LocalTimestamper:
        return LocalTimestamper(holder=self.tsa.holder(), clock=lambda: at)

    def trust(self, *, moment: dt.datetime = NOW, crls: tuple[bytes, ...] = ()) -> Trust:
        root = self.authority.der
        return Trust(roots=(root,), timestamp_roots=(root,), moment=moment, crls=crls)

    def inspect(self, pdf: bytes) -> Report:
        return inspect(pdf, trust=self.trust())


def open_office() -> Office:
    """Return an office with elliptic keys, which are fast to make."""
    authority = open_authority("Akar Uji", now=NOW - 30 * DAY, curve=CURVE)
    names = ("Cahya Lestari", "Heri Contohadi", "Diah Contohwati")
    people = [authority.person(name, curve=CURVE) for name in names]
    return Office(
        authority=authority, people=(people[0], people[1], people[2]), tsa=authority.tsa("Jam Uji", curve=CURVE)
    )


def sign_slot(
    pdf: bytes,
    slot: str,
    signer: IssuedKey | KeyHolder,
    *,
    timestamper: Timestamper | None = None,
    stamp: Stamp | None = None,
    at: dt.datetime = NOW,
) -> bytes:
    """Sign in a slot."""
    holder = signer.holder() if isinstance(signer, IssuedKey) else signer
    return sign(pdf, holder=holder, at=at, field=slot, stamp=stamp, timestamper=timestamper)


def sign_own(pdf: bytes, place: SlotPlace | None, signer: IssuedKey, *, stamp: Stamp | None = None) -> bytes:
    """Sign in a field of its own, as BSrE does."""
    return sign(pdf, holder=signer.holder(), at=NOW, field=None, place=place, stamp=stamp)


def only_signature(report: Report) -> SignatureReport:
    """Return the one signature of a report."""
    (signature,) = report.signatures
    return signature
