"""Evaluation and report as they are filed: with a place to sign, and signed by the official they name."""

from __future__ import annotations

from forms.catalog import form_font
from forms.dossier import Dossier
from forms.dossier_slot import SLOT, room_to_sign
from forms.render import Renderer
from service.errors import BadInput, NotGranted
from service.monitoring.signed_cards import Desk
from service.monitoring.whose_key import whose_key
from service.records import Event
from service.stamps import moment_text
from signing.certificates import read_certificate
from signing.require import require
from signing.sign import sign
from signing.signers import KeyHolder
from signing.slots import SlotPlace, reserve
from signing.stamp import Stamp
from signing.timestamps import Timestamper
from signing.verify import inspect


def paper_pdf(paper: Dossier, renderer: Renderer) -> bytes:
    """The paper, with an empty signature field above the official's name when it names one."""
    content = renderer.dossier(paper)
    room = room_to_sign(content) if paper.signing else None
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
