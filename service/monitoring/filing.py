"""Evaluation and report as they are filed: when they were made, and who signs them."""

from __future__ import annotations

import datetime as dt

from forms.catalog import form_font
from forms.dossier import SLOT, Dossier, Signing, signature_box
from forms.indonesian import long_date, spaced_nip
from forms.render import Renderer
from service.config import Settings, local_day
from service.errors import BadInput, NotGranted
from service.form_signing import moment_text
from service.monitoring.card_signing import Desk, whose_key
from service.monitoring.evaluation import Evaluation
from service.monitoring.evaluation_document import evaluation_paper
from service.monitoring.people import officers_of
from service.monitoring.periodic import Periodic
from service.monitoring.periodic_document import periodic_paper
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


def filed_evaluation(evaluation: Evaluation, tx: Transaction, *, settings: Settings, now: dt.datetime) -> Dossier:
    """Signed by the head of the unit when it is known who that is; that of all units by the official of Biro SDM."""
    signing = _official(settings, now) if evaluation.unit is None else _head(evaluation.unit, tx, settings, now)
    return evaluation_paper(evaluation, made=_made(settings, now), signing=signing)


def filed_report(report: Periodic, *, settings: Settings, now: dt.datetime) -> Dossier:
    """Signed by the official of Biro SDM."""
    return periodic_paper(report, made=_made(settings, now), signing=_official(settings, now))


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
    told = settings.official
    if told is None:
        return None
    return Signing(
        place_and_day=_place_and_day(settings, now), position=told.position, name=told.name, nip=spaced_nip(told.nip)
    )


def _place_and_day(settings: Settings, now: dt.datetime) -> str:
    day = long_date(local_day(now, settings))
    return f"{settings.official.place}, {day}" if settings.official else day


# --- Evaluation and report as they are filed: with a place to sign, and signed by the official they name


def paper_pdf(paper: Dossier, renderer: Renderer) -> bytes:
    """The paper, with an empty signature field above the official's name when it names one."""
    content = renderer.dossier(paper)
    room = signature_box(content) if paper.signing else None
    if room is None or paper.signing is None:
        return content
    label = f"Tanda tangan {paper.signing.name}"
    return reserve(content, [SlotPlace(name=SLOT, page=room.page, box=room.box, locks=(), label=label)])


def sign_paper(
    paper: Dossier, renderer: Renderer, desk: Desk, *, holder: KeyHolder, timestamper: Timestamper | None
) -> bytes:
    """The paper signed, visibly, with the official's own key; kept under its digest, which the event log names.

    BadInput for a paper that names nobody to sign, NotGranted when the key is not that person's, NotSound when our own
    signature does not hold.
    """
    # (1) Whose paper it is to sign, and whose key it is.
    if paper.signing is None:
        raise BadInput(
            "Pejabat yang menandatangani dokumen ini belum diketahui.",
            "Isi [official] pada pengaturan, atau peran pimpinan pada data kepegawaian unit itu.",
        )
    nip = "".join(filter(str.isdigit, paper.signing.nip))  # as it is printed, in groups
    if whose_key(read_certificate(holder.certificate).fingerprint, desk.store) != nip:
        raise NotGranted(
            f"Kunci ini bukan milik pejabat yang tercantum ({paper.signing.name}).",
            "Dokumen ini ditandatangani pejabat yang namanya tercantum.",
        )
    # (2) The signature, in the place the paper has for it.
    stamp = Stamp(
        name=paper.signing.name,
        lines=(f"NIP {nip}", paper.signing.position, moment_text(desk.now, desk.zone)),
        qr_text=None,
        font=form_font(),
    )
    signed = sign(
        paper_pdf(paper, renderer),
        holder=holder,
        at=desk.now,
        field=SLOT,
        stamp=stamp,
        timestamper=timestamper,
        reason=paper.title,
        certify=True,
    )
    # (3) Looked at as anybody would, then kept.
    require(inspect(signed, trust=desk.trust))
    digest = desk.store.keep_document(signed)
    told = {"digest": digest, "title": paper.title, "about": paper.subtitle}
    with desk.store.transaction() as tx:
        tx.events.append(Event(at=desk.now, actor=desk.actor, action="paper.signed", subject=nip, detail=told))
    return signed
