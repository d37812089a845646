"""Certificates that outlive their keys: what proves the seal is stored in the file, and archive time stamps go over it.

Each renewed copy is the copy before it with one more revision: validation data and a document time stamp. Number,
content and seal stay as they are, and all copies of a number are equally valid.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from service.bootstrap import timestamper_of, trust_of
from service.certificates.proof import ISSUED, RENEWED
from service.config import Settings, local_day
from service.errors import BadInput, MissingResource, NotGranted
from service.identifiers import as_typed
from service.language import Message
from service.records import SEAL_LEVELS, Certificate, CertificateState, Event
from service.store import Store, Transaction
from service.store.certificates import Copy, issued_copy
from signing.archive import authority_of, with_archive_stamp, with_material
from signing.changes.policy import only_signatures_added
from signing.errors import TimestampUnavailable
from signing.policy import faults
from signing.report import Report, TimeSource
from signing.revocation.checker import Material
from signing.timestamps import Timestamper
from signing.trust import Trust
from signing.validation.authority import material_of_authority
from signing.validation.inspect import inspect

UNPROVEN_TIME, *_, LASTING = SEAL_LEVELS
_UNKNOWN_REVOCATION = "revocation_unknown"


# --- The level of a sealed file


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """A sealed file, its PAdES level as proven with what is in the file alone, and why it is not the highest."""

    content: bytes
    level: str
    because: Message | None


def make_lasting(sealed: bytes, *, timestamper: Timestamper | None, trust: Trust) -> Lasting:
    """Return the sealed file at the highest level that can be had now: B-LTA, else B-LT, else as it was sealed.

    NotSound when the seal has any other fault than that nothing says whether its key was revoked.
    """
    report = require_seal(inspect(sealed, trust=trust))
    plain = Lasting(content=sealed, level=level_of(report), because=None)
    if timestamper is None:
        return replace(plain, because=Message("seal_level_low.no_authority"))
    if plain.level == UNPROVEN_TIME:
        return replace(plain, because=Message("seal_level_low.untrusted_authority"))
    if not report.material.complete or any(faults(found) for found in report.signatures):
        return replace(plain, because=Message("seal_level_low.no_revocation_data"))
    low = Message("seal_level_low.authority_silent")
    with suppress(TimestampUnavailable):
        stamped = with_archive_stamp(sealed, report.material, timestamper=timestamper, at=trust.moment)
        level = _level_without_help(stamped, trust)
        if level == LASTING:
            return Lasting(content=stamped, level=level, because=None)
        low = Message("seal_level_low.another_authority")
    stored = with_material(sealed, report.material)
    level = _level_without_help(stored, trust)
    if level is None:
        return replace(plain, because=Message("seal_level_low.no_revocation_data"))
    return Lasting(content=stored, level=level, because=low)


def require_seal(report: Report) -> Report:
    """Return the report. NotSound unless every signature is without fault, save that revocation may be unknown."""
    from signing.errors import NotSound
    from signing.policy import require

    try:
        require(report)
    except NotSound as error:
        if set(error.faults) != {_UNKNOWN_REVOCATION}:
            raise
    return report


def level_of(report: Report) -> str:
    """Return the PAdES level of the seal; a time stamp of an authority we do not trust raises it to nothing.

    One whose revocation is only unknown counts: it leads to one of our roots.
    """
    seal = next(found for found in report.signatures if found.kind == "signature")
    believed = seal.time_source is TimeSource.TIMESTAMP or report.time_doubts == {"TRY_LATER"}
    return seal.profile if believed else UNPROVEN_TIME


def _level_without_help(content: bytes, trust: Trust) -> str | None:
    """Return the level as the file alone proves it; None when it does not prove itself."""
    alone = Trust(roots=trust.roots, timestamp_roots=trust.timestamp_roots, moment=trust.moment)
    report = inspect(content, trust=alone)
    passed = report.problem is None and not any(faults(found) for found in report.signatures)
    return level_of(report) if passed and report.signatures else None


def require_level(lasting: Lasting, wanted: str | None) -> None:
    """Raise MissingResource when the settings demand a higher level than could be had."""
    if wanted is not None and SEAL_LEVELS.index(lasting.level) < SEAL_LEVELS.index(wanted):
        because = lasting.because or Message("seal_level_low.no_authority")
        raise MissingResource("seal_level_too_low", level=lasting.level, wanted=wanted, because=because)


# --- Renewing


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewContext:
    """The dependencies of renewing; `trust` gives anchors and revocation data, its roots are those of the seals."""

    timestamper: Timestamper
    trust: Callable[[dt.datetime], Trust]
    settings: Settings


def open_renew_context(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], timestamp_url: str | None = None
) -> RenewContext:
    """Return the context of renewing; MissingResource where no time-stamp authority is set."""
    timestamper = timestamper_of(timestamp_url or settings.timestamp_url, settings, clock)
    if timestamper is None:
        raise MissingResource("renewal_needs_authority")

    def trust(now: dt.datetime) -> Trust:
        with store.reading() as tx:
            anchors = sorted({seal.anchor for seal in tx.certificates.seals()})
        given = trust_of(store, settings, now)
        # Files sealed before the keys were kept lead to a root that is trusted for signers.
        return replace(given, roots=(*anchors, *(root for root in given.roots if root not in anchors)))

    return RenewContext(timestamper=timestamper, trust=trust, settings=settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """The newest copy of a number; `new` is False when it needed no renewal yet."""

    number: str
    copy: Copy
    content: bytes
    new: bool


def renew(number: str, *, store: Store, context: RenewContext, now: dt.datetime, actor: str) -> Renewed:
    """Add the archive time stamp of this year to a valid certificate, and return its newest copy.

    One that has this year's is left as it is. BadInput for an unknown number, NotGranted for one that is not valid
    any more or whose seal can no longer be proven; TimestampUnavailable when the authority does not answer.
    """
    number = as_typed(number)
    with store.reading() as tx:
        certificate = tx.certificates.find(number)
        if certificate is None or certificate.state is CertificateState.INTENDED:
            raise BadInput("renewal_unknown", number=number)
        if certificate.state is not CertificateState.ISSUED:
            raise NotGranted("certificate_not_renewed.ended", number=number)
        newest = newest_copy(certificate, tx)
        logged = tx.events.of_actions(number, (ISSUED, RENEWED))
    if not logged or logged[-1].detail.get("digest") != newest.digest:
        # A row changed by hand may lead to anybody's file; the log is what names ours.
        raise NotGranted("certificate_not_renewed.unconfirmed", number=number)
    content = store.document(newest.digest)
    if not is_due(newest, now, context.settings):
        return Renewed(number=number, copy=newest, content=content, new=False)
    trust = context.trust(now)
    proof = _proof(number, content, context, trust)
    stamped = with_archive_stamp(content, proof, timestamper=context.timestamper, at=now)
    level = _level_without_help(stamped, trust)
    if level is None or not only_signatures_added(stamped, content):
        raise NotGranted("certificate_not_renewed.unproven", number=number)
    copy = Copy(digest=store.keep_document(stamped), number=number, level=level, made_at=now)
    with store.transaction() as tx:
        if not tx.certificates.keep_copy(copy, after=newest):  # another run was faster
            newest = newest_copy(certificate, tx)
            return Renewed(number=number, copy=newest, content=store.document(newest.digest), new=False)
        detail = {"digest": copy.digest, "before": newest.digest, "level": level}
        tx.events.append(Event(at=now, actor=actor, action=RENEWED, subject=number, detail=detail))
    return Renewed(number=number, copy=copy, content=stamped, new=True)


def _proof(number: str, content: bytes, context: RenewContext, trust: Trust) -> Material:
    """Return what proves the file now, and the authority whose stamp comes next; NotGranted when it is not enough."""
    report = inspect(content, trust=trust)
    codes = dict.fromkeys(code for found in report.signatures for code in faults(found))
    if report.problem is not None or not report.signatures or set(codes) - {_UNKNOWN_REVOCATION}:
        raise NotGranted("certificate_not_renewed.unsound", number=number, codes=list(codes) or ["broken_pdf"])
    if codes or not report.material.complete:
        raise NotGranted("certificate_not_renewed.no_revocation_data", number=number)
    certificates = authority_of(context.timestamper, hashlib.sha256(content).digest())
    authority = material_of_authority(certificates, trust=trust)
    if not authority.complete:
        raise NotGranted("certificate_not_renewed.authority", number=number)
    return report.material + authority


# --- Copies


def newest_copy(certificate: Certificate, tx: Transaction) -> Copy:
    """Return the copy to hand out: the newest renewed one, else the one that was issued."""
    copies = tx.certificates.copies(certificate.number)
    return copies[-1] if copies else issued_copy(certificate)


def newest_document(certificate: Certificate, store: Store) -> bytes:
    """Return the bytes of the newest copy."""
    with store.reading() as tx:
        newest = newest_copy(certificate, tx)
    return store.document(newest.digest)


def is_due(copy: Copy, now: dt.datetime, settings: Settings) -> bool:
    """Tell whether a copy waits for an archive time stamp: made in an earlier year, or known not to last."""
    return is_of_earlier_year(copy, now, settings) or (copy.level is not None and copy.level != LASTING)


def is_of_earlier_year(copy: Copy, now: dt.datetime, settings: Settings) -> bool:
    """Tell whether a copy was made before this year."""
    return local_day(copy.made_at, settings).year < local_day(now, settings).year


def due_numbers(*, now: dt.datetime, settings: Settings, tx: Transaction, year: int | None = None) -> Iterator[str]:
    """Yield, oldest first, the valid certificates (of one year, if named) that wait for an archive time stamp."""
    for certificate, copy in tx.certificates.living_copies():
        if (year is None or certificate.year == year) and is_due(copy, now, settings):
            yield certificate.number
