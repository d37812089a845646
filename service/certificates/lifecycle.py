"""A year's certificates beside issuing: the preview of who would get one, revoking, and sharing the document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from service.certificates.issue import Reissue, is_current, revocation
from service.config import Settings
from service.errors import BadInput, NotGranted
from service.identifiers import as_typed
from service.language import Message
from service.names import cleaned_paragraphs
from service.notifications.messages import notify_revoked
from service.records import Certificate, CertificateState, Event
from service.store import Store, Transaction, WriteTransaction
from service.year import accumulations


class Prospect(StrEnum):
    """NEW: a first one; SAME: the one there stays; SUPERSEDES: a new one would end it; NONE: see `because`.

    REVOKED: the last one was revoked, so that only a person's decision issues another.
    """

    NEW = "new"
    SAME = "same"
    SUPERSEDES = "supersedes"
    NONE = "none"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePreview:
    """One employee's preview; `waiting` activities of the year await a decision and would not count."""

    nip: str
    name: str
    jp: Decimal
    prospect: Prospect
    because: Message | None
    waiting: int
    number: str | None = None


def preview_issue(year: int, *, today: dt.date, settings: Settings, tx: Transaction) -> Iterator[IssuePreview]:
    """Yield, by NIP, a preview for everybody with an approved or undecided activity, decided as `issue` would."""
    waiting = tx.submissions.undecided_nips(year)
    revoked = {certificate.nip: certificate for certificate in tx.certificates.standing_revocations(year)}
    nips = sorted({*tx.submissions.approved_nips(year), *waiting})
    for accumulation in accumulations(nips, year, tx):
        employee = tx.employees.in_year(accumulation.nip, year) or tx.employees.get(accumulation.nip)
        living = tx.certificates.living(accumulation.nip, year)
        ended = revoked.get(accumulation.nip)
        jp, prospect = accumulation.assessment.total, Prospect.NEW
        because: Message | None = None
        if employee is None:
            prospect, because = Prospect.NONE, Message("issue_preview.unknown_nip")
        elif jp <= 0:
            prospect, because = Prospect.NONE, Message("issue_preview.without_jp")
        elif ended is not None:
            prospect, because = Prospect.REVOKED, revocation(ended, settings)
        elif living is not None:
            prospect = Prospect.SAME if is_current(living, accumulation, employee) else Prospect.SUPERSEDES
        if prospect in {Prospect.NEW, Prospect.SUPERSEDES} and year >= today.year:
            prospect, because = Prospect.NONE, Message("issue_preview.too_early", year=year)
        yield IssuePreview(
            nip=accumulation.nip,
            name=employee.name if employee else "",
            jp=jp,
            prospect=prospect,
            because=because,
            waiting=waiting.get(accumulation.nip, 0),
            number=living.number if living else ended.number if prospect is Prospect.REVOKED and ended else None,
        )


# --- Issuing again what was revoked


def reissues_of(numbers: Sequence[str], reason: str, tx: Transaction) -> dict[str, tuple[Certificate, Reissue]]:
    """Return, by NIP, each revoked certificate and the decision to issue it again.

    BadInput for an empty reason, an unknown number, or two of one person and year; NotGranted for one that is not
    revoked, or was issued again under another decision.
    """
    if not reason.strip():
        raise BadInput("reissue_without_reason")
    found: dict[str, tuple[Certificate, Reissue]] = {}
    for number in dict.fromkeys(as_typed(number) for number in numbers):
        certificate = tx.certificates.find(number)
        if certificate is None:
            raise BadInput("certificate_unknown", number=number)
        if certificate.state is not CertificateState.REVOKED:
            raise NotGranted("reissue_not_revoked", number=number)
        living = tx.certificates.living(certificate.nip, certificate.year)
        standing = tx.certificates.standing_revocation(certificate.nip, certificate.year)
        done = living is not None and living.reissues == number
        if not done and (standing is None or standing.number != number):
            other = living or standing
            if other is None:
                raise NotGranted("reissue_not_the_last.none", number=number)
            raise NotGranted("reissue_not_the_last", number=number, last=other.number)
        if certificate.nip in found:
            raise BadInput("reissue_twice", nip=certificate.nip)
        found[certificate.nip] = certificate, Reissue(number=number, reason=reason.strip())
    return found


# --- Revoking


def revoke(number: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> None:
    """Revoke an issued certificate with a reason that its public check shows; it is never deleted.

    BadInput for an unknown number, NotGranted for one that already ended.
    """
    number, reason = as_typed(number), cleaned_paragraphs(reason)
    if not reason:
        raise BadInput("revocation_without_reason")
    with store.transaction() as tx:
        certificate = tx.certificates.find(number)
        if certificate is None:
            raise BadInput("certificate_unknown", number=number)
        if certificate.state is not CertificateState.ISSUED:
            raise NotGranted("revocation_of_ended", number=number)
        tx.certificates.end(number, CertificateState.REVOKED, now, reason, None)
        detail = {"reason": reason}
        tx.events.append(Event(at=now, actor=actor, action="certificate.revoked", subject=number, detail=detail))
        notify_revoked(tx, certificate, now)


# --- Sharing the document


def share(number: str, *, holder_nip: str, store: Store, now: dt.datetime) -> None:
    """Let anybody who knows the number see the document. NotGranted unless it is the holder's, and valid."""
    with store.transaction() as tx:
        _require_holder(tx, number, holder_nip)
        tx.shares.share(number, now)
        tx.events.append(Event(at=now, actor=holder_nip, action="certificate.shared", subject=number))


def unshare(number: str, *, holder_nip: str, store: Store, now: dt.datetime) -> None:
    """Stop showing the document; the check still answers. NotGranted unless it is the holder's."""
    with store.transaction() as tx:
        _require_holder(tx, number, holder_nip, ended_too=True)
        if tx.shares.unshare(number):
            tx.events.append(Event(at=now, actor=holder_nip, action="certificate.unshared", subject=number))


def _require_holder(tx: WriteTransaction, number: str, nip: str, *, ended_too: bool = False) -> None:
    certificate = tx.certificates.find(number)
    if certificate is None or certificate.nip != nip:
        raise NotGranted("certificate_not_yours", number=number)
    if certificate.state is not CertificateState.ISSUED and not ended_too:
        raise NotGranted("share_of_ended", number=number)
