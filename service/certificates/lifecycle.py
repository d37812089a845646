"""A year's certificates beside issuing: the preview of who would get one, revoking, and sharing the document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from service.certificates.issue import is_current
from service.errors import BadInput, NotGranted
from service.identifiers import as_typed
from service.names import cleaned_paragraphs
from service.notifications.messages import notify_revoked
from service.records import CertificateState, Event
from service.store import Store, Transaction, WriteTransaction
from service.year import accumulations


class Prospect(StrEnum):
    """NEW: a first one; SAME: the one there stays; SUPERSEDES: a new one would end it; NONE: see `because`."""

    NEW = "new"
    SAME = "same"
    SUPERSEDES = "supersedes"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePreview:
    """One employee's preview; `waiting` activities of the year await a decision and would not count."""

    nip: str
    name: str
    jp: Decimal
    prospect: Prospect
    because: str
    waiting: int
    number: str | None = None


def preview_issue(year: int, *, today: dt.date, tx: Transaction) -> Iterator[IssuePreview]:
    """Yield, by NIP, a preview for everybody with an approved or undecided activity, decided as `issue` would."""
    waiting = tx.submissions.undecided_nips(year)
    nips = sorted({*tx.submissions.approved_nips(year), *waiting})
    for accumulation in accumulations(nips, year, tx):
        employee = tx.employees.in_year(accumulation.nip, year) or tx.employees.get(accumulation.nip)
        living = tx.certificates.living(accumulation.nip, year)
        jp, prospect, because = accumulation.assessment.total, Prospect.NEW, ""
        if employee is None:
            prospect, because = Prospect.NONE, "NIP tidak ada pada data kepegawaian."
        elif jp <= 0:
            prospect, because = Prospect.NONE, "Belum ada JP yang disahkan."
        elif living is not None:
            prospect = Prospect.SAME if is_current(living, accumulation, employee) else Prospect.SUPERSEDES
        if prospect in {Prospect.NEW, Prospect.SUPERSEDES} and year >= today.year:
            prospect, because = Prospect.NONE, f"Tahun {year} belum berakhir."
        yield IssuePreview(
            nip=accumulation.nip,
            name=employee.name if employee else "",
            jp=jp,
            prospect=prospect,
            because=because,
            waiting=waiting.get(accumulation.nip, 0),
            number=living.number if living else None,
        )


# --- Revoking


def revoke(number: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> None:
    """Revoke an issued certificate with a reason that its public check shows; it is never deleted.

    BadInput for an unknown number, NotGranted for one that already ended.
    """
    number, reason = as_typed(number), cleaned_paragraphs(reason)
    if not reason:
        raise BadInput("Alasan pencabutan kosong.", "Tuliskan alasannya; alasan itu tampil pada halaman pemeriksaan.")
    with store.transaction() as tx:
        certificate = tx.certificates.find(number)
        if certificate is None:
            raise BadInput(f"Sertifikat {number} tidak ada.", "Periksa nomornya.")
        if certificate.state is not CertificateState.ISSUED:
            raise NotGranted(f"Sertifikat {number} sudah tidak berlaku.", "Tidak ada yang perlu dilakukan.")
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
        raise NotGranted(f"Sertifikat {number} bukan milik Anda.", "Buka daftar sertifikat Anda.")
    if certificate.state is not CertificateState.ISSUED and not ended_too:
        raise NotGranted(f"Sertifikat {number} tidak berlaku lagi.", "Bagikan sertifikat yang berlaku.")
