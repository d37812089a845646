"""A certificate that is to last: one root for forty years, time-stamp authorities that come and go, a clock to move."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, field, replace
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from service.certificates.issue import IssueContext, issue
from service.certificates.issue import Issued as IssuedCertificate
from service.certificates.lasting import RenewContext, Renewed, renew
from signing.demo_authority import Authority, IssuedKey, open_authority
from signing.keys import KeyHolder
from signing.report import Report
from signing.timestamps import LocalTimestamper
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.office import CAHYA, FOUNDED, NOW, Office

SOURCE = "http://crl.contoh.go.id/akar.crl"
# When each authority ends: the next one is there before.
ENDS = (2028, 2033, 2038, 2048)


def day(year: int, month: int = 6) -> dt.datetime:
    return dt.datetime(year, month, 1, tzinfo=dt.UTC)


@cache
def root() -> Authority:
    return open_authority("Akar Panjang", now=FOUNDED, years=40, curve=ec.SECP384R1())


@cache
def seal_key(*, rsa: bool = False) -> IssuedKey:
    curve = None if rsa else ec.SECP256R1()
    return root().seal("Segel Panjang", curve=curve, crl_url=SOURCE, begins=FOUNDED, ends=day(2028, 11))


@cache
def clocks() -> tuple[IssuedKey, ...]:
    """The time-stamp authorities, oldest first."""
    begins = (FOUNDED, *(day(end - 1, 1) for end in ENDS[:-1]))
    return tuple(
        root().tsa(f"Jam {end}", curve=ec.SECP384R1(), crl_url=SOURCE, begins=begin, ends=day(end, 11))
        for begin, end in zip(begins, ENDS, strict=True)
    )


def clock_of(at: dt.datetime) -> IssuedKey:
    """The authority a person would use then: the youngest."""
    return max(
        (
            clock
            for clock in clocks()
            if clock.certificate.not_valid_before_utc <= at <= clock.certificate.not_valid_after_utc
        ),
        key=lambda clock: clock.certificate.not_valid_before_utc,
    )


def crl(at: dt.datetime) -> bytes:
    return root().revocation_list([], at=at - dt.timedelta(hours=1))


def trust(at: dt.datetime, *, crls: bool = True) -> Trust:
    return Trust(roots=(root().der,), timestamp_roots=(root().der,), moment=at, crls=(crl(at),) if crls else ())


def judged(content: bytes, at: dt.datetime, *, crls: bool = True) -> Report:
    return inspect(content, trust=trust(at, crls=crls))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """The office whose seal names where its revocation is to be had."""

    office: Office
    holder: KeyHolder = field(default_factory=lambda: seal_key().holder())

    def issue_context(self, at: dt.datetime = NOW) -> IssueContext:
        return replace(
            self.office.issue_context(),
            holder=self.holder,
            timestamper=LocalTimestamper(holder=clock_of(at).holder(), clock=lambda: at),
            timestamp_roots=(root().der,),
            crls=(crl(at),),
        )

    def issue(self, **changes: object) -> IssuedCertificate:
        with self.office.store.reading() as tx:
            approved = tx.submissions.approved_nips(2025)
        if not approved:
            self.office.approved("coaching")
        return issue(
            CAHYA,
            2025,
            store=self.office.store,
            issue_context=replace(self.issue_context(), **changes),  # type: ignore[arg-type] # fields of the context
            now=NOW,
            randomness=secrets.token_bytes,
            actor="biro",
        )

    def renew(self, number: str, at: dt.datetime, **changes: object) -> Renewed:
        context = RenewContext(
            timestamper=LocalTimestamper(holder=clock_of(at).holder(), clock=lambda: at),
            trust=trust,
            settings=self.office.settings,
        )
        context = replace(context, **changes)  # type: ignore[arg-type] # fields of the context
        return renew(number, store=self.office.store, context=context, now=at, actor="biro")
