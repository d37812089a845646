"""Evaluation and report as signed documents: who signs, the signature field, and signing with a key."""

from __future__ import annotations

import datetime as dt

from forms.catalog import form_font
from forms.dossier import SLOT, Dossier, Signing, signature_box
from forms.indonesian import long_date, moment_text, spaced_nip
from forms.render import Renderer
from service.config import Settings, local_day
from service.errors import BadInput, NotGranted
from service.monitoring.card_signing import CardSigningContext, key_owner
from service.monitoring.evaluation import Evaluation
from service.monitoring.evaluation_document import evaluation_document
from service.monitoring.people import officers_of
from service.monitoring.report import PeriodicReport
from service.monitoring.report_document import report_document
from service.records import Event
from service.store import Transaction
from signing.certificates import read_certificate
from signing.fields import SlotPlace, reserve
from signing.keys import KeyHolder
from signing.policy import require
from signing.sign import sign
from signing.stamp import Stamp
from signing.timestamps import Timestamper
from signing.validation.inspect import inspect


def evaluation_to_sign(evaluation: Evaluation, tx: Transaction, *, settings: Settings, now: dt.datetime) -> Dossier:
    """Return the evaluation for the head of the unit to sign, if known; that of all units for Biro SDM's official."""
    signing = _official(settings, now) if evaluation.unit is None else _head(evaluation.unit, tx, settings, now)
    return evaluation_document(evaluation, made=_made(settings, now), signing=signing)


def report_to_sign(report: PeriodicReport, *, settings: Settings, now: dt.datetime) -> Dossier:
    """Return the report to be signed by the official of Biro SDM."""
    return report_document(report, made=_made(settings, now), signing=_official(settings, now))


def _made(settings: Settings, now: dt.datetime) -> str:
    return f"Dibuat {moment_text(now, settings.timezone)} dari kegiatan yang sudah disahkan Biro SDM."


def _head(unit: str, tx: Transaction, settings: Settings, now: dt.datetime) -> Signing | None:
    officer = next(iter(officers_of(unit, "pimpinan", tx)), None)
    head = tx.employees.get(officer.nip) if officer else None
    if head is None:
        return None
    return Signing(
        place_and_day=_place_and_day(settings, now), position=head.position, name=head.name, nip=spaced_nip(head.nip)
    )


def _official(settings: Settings, now: dt.datetime) -> Signing | None:
    official = settings.official
    if official is None:
        return None
    return Signing(
        place_and_day=_place_and_day(settings, now),
        position=official.position,
        name=official.name,
        nip=spaced_nip(official.nip),
    )


def _place_and_day(settings: Settings, now: dt.datetime) -> str:
    day = long_date(local_day(now, settings))
    return f"{settings.official.place}, {day}" if settings.official else day


# --- Signing


def paper_pdf(paper: Dossier, renderer: Renderer) -> bytes:
    """Return the document as PDF, with an empty signature field above the official's name when it names one."""
    content = renderer.dossier(paper)
    room = signature_box(content) if paper.signing else None
    if room is None or paper.signing is None:
        return content
    label = f"Tanda tangan {paper.signing.name}"
    return reserve(content, [SlotPlace(name=SLOT, page=room.page, box=room.box, locks=(), label=label)])


def sign_paper(
    paper: Dossier,
    renderer: Renderer,
    context: CardSigningContext,
    *,
    holder: KeyHolder,
    timestamper: Timestamper | None,
) -> bytes:
    """Sign the document visibly with the official's own key, keep it, log its digest and return its bytes.

    BadInput when it names nobody to sign, NotGranted when the key is not that person's, NotSound when our own signature
    is not valid.
    """
    # (1) The official who has to sign, and the owner of the key.
    if paper.signing is None:
        raise BadInput(
            "Pejabat yang menandatangani dokumen ini belum diketahui.",
            "Isi [official] pada pengaturan, atau peran pimpinan pada data kepegawaian unit itu.",
        )
    nip = "".join(filter(str.isdigit, paper.signing.nip))  # as it is printed, in groups
    if key_owner(read_certificate(holder.certificate).fingerprint, context.store) != nip:
        raise NotGranted(
            f"Kunci ini bukan milik pejabat yang tercantum ({paper.signing.name}).",
            "Dokumen ini ditandatangani pejabat yang namanya tercantum.",
        )
    # (2) The signature, in the document's signature field.
    stamp = Stamp(
        name=paper.signing.name,
        lines=(f"NIP {nip}", paper.signing.position, moment_text(context.now, context.zone)),
        qr_text=None,
        font=form_font(),
    )
    signed = sign(
        paper_pdf(paper, renderer),
        holder=holder,
        at=context.now,
        field=SLOT,
        stamp=stamp,
        timestamper=timestamper,
        reason=paper.title,
        certify=True,
    )
    # (3) Verify it as any reader would, then keep it.
    require(inspect(signed, trust=context.trust))
    digest = context.store.keep_document(signed)
    detail = {"digest": digest, "title": paper.title, "about": paper.subtitle}
    with context.store.transaction() as tx:
        tx.events.append(Event(at=context.now, actor=context.actor, action="paper.signed", subject=nip, detail=detail))
    return signed
