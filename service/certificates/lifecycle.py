"""Who would get a certificate of a year now, and who would not and why; nothing is issued and no number is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from service.certificates.issue import still_holds
from service.errors import BadInput, NotGranted
from service.notifications.messages import tell_revoked
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
class Foreseen:
    """One employee's: `waiting` activities of the year still await a decision and would not count."""

    nip: str
    name: str
    jp: Decimal
    prospect: Prospect
    because: str
    waiting: int
    number: str | None = None


def foresee(year: int, *, today: dt.date, tx: Transaction) -> Iterator[Foreseen]:
    """Everybody with an approved or undecided activity in that year, by NIP; the same questions `issue` asks."""
    waiting = tx.submissions.undecided_nips(year)
    nips = sorted({*tx.submissions.approved_nips(year), *waiting})
    for each in accumulations(nips, year, tx):
        employee = tx.employees.in_year(each.nip, year) or tx.employees.get(each.nip)
        living = tx.certificates.living(each.nip, year)
        jp, prospect, because = each.assessment.total, Prospect.NEW, ""
        if employee is None:
            prospect, because = Prospect.NONE, "NIP tidak ada pada data kepegawaian."
        elif jp <= 0:
            prospect, because = Prospect.NONE, "Belum ada JP yang disahkan."
        elif living is not None:
            prospect = Prospect.SAME if still_holds(living, each, employee) else Prospect.SUPERSEDES
        if prospect in {Prospect.NEW, Prospect.SUPERSEDES} and year >= today.year:
            prospect, because = Prospect.NONE, f"Tahun {year} belum berakhir."
        yield Foreseen(
            nip=each.nip,
            name=employee.name if employee else "",
            jp=jp,
            prospect=prospect,
            because=because,
            waiting=waiting.get(each.nip, 0),
            number=living.number if living else None,
        )


# --- A certificate that no longer holds: ended with a reason anybody who checks it can read; never deleted


def revoke(number: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> None:
    """Revoke an issued certificate; BadInput for an unknown number, NotGranted for one that already ended."""
    number = number.strip().upper()
    if not reason.strip():
        raise BadInput("Alasan pencabutan kosong.", "Tuliskan alasannya; alasan itu tampil pada halaman pemeriksaan.")
    with store.transaction() as tx:
        certificate = tx.certificates.find(number)
        if certificate is None:
            raise BadInput(f"Sertifikat {number} tidak ada.", "Periksa nomornya.")
        if certificate.state is not CertificateState.ISSUED:
            raise NotGranted(f"Sertifikat {number} sudah tidak berlaku.", "Tidak ada yang perlu dilakukan.")
        tx.certificates.end(number, CertificateState.REVOKED, now, reason.strip(), None)
        detail = {"reason": reason.strip()}
        tx.events.append(Event(at=now, actor=actor, action="certificate.revoked", subject=number, detail=detail))
        tell_revoked(tx, certificate, now)


# --- The holder decides whether a certificate's document is shown beside its public check; nobody else does


def share(number: str, *, holder_nip: str, store: Store, now: dt.datetime) -> None:
    """Whoever knows the number may have the document from now on. NotGranted unless it is the holder's, and valid."""
    with store.transaction() as tx:
        _require_holder(tx, number, holder_nip)
        tx.shares.share(number, now)
        tx.events.append(Event(at=now, actor=holder_nip, action="certificate.shared", subject=number))


def unshare(number: str, *, holder_nip: str, store: Store, now: dt.datetime) -> None:
    """Nobody may any more; the check itself still answers. NotGranted unless it is the holder's."""
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
