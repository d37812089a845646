"""What a file from the gateway comes to: taken and kept when it is what was asked for, else refused with the reason."""

from __future__ import annotations

from dataclasses import replace

from service.errors import NotGranted
from service.gateway.desk import Desk, Order, Signed
from service.gateway.examine import Examined, examine
from service.gateway.log import note
from service.names import Likeness, likeness
from service.store.gateway_calls import CallOutcome, GatewayCall

_ANOTHER = "berkas itu ditandatangani dengan sertifikat orang lain ({nama})"
_UNREGISTERED = (
    "Sertifikat elektronik {nama} belum terdaftar untuk NIP Anda; pengelola kepegawaian atau Biro SDM akan "
    "mencocokkannya, dan dokumen ini menunggu sampai itu selesai."
)


class NotTaken(NotGranted):
    """The gateway signed something, and nothing may rest on what came back: whoever asked should not go on asking."""


def taken(
    call: GatewayCall,
    content: bytes,
    order: Order,
    *,
    warnings: tuple[str, ...],
    desk: Desk,
    good: CallOutcome = CallOutcome.SIGNED,
) -> Signed:
    """Examine, keep, and end the call; NotTaken for a file nothing may rest on (it is kept all the same)."""
    digest = desk.store.keep_document(content)
    moment = desk.moment()
    examined = desk.apart(examine, order.content, content, moment.trust)
    problem, enrolled = _judged(examined, call, desk)
    outcome = CallOutcome.REFUSED if problem else good
    ended = replace(call, outcome=outcome, digest_after=digest, ended_at=moment.now, message=problem)
    with desk.store.transaction() as tx:
        tx.gateway_calls.finish(ended)
        note(tx, ended, desk)
    if problem is not None:
        raise NotTaken(
            f"Berkas dari layanan BSrE tidak dipakai: {problem}.",
            "Dokumennya tetap seperti semula. Sampaikan pesan ini kepada Biro SDM.",
        )
    if enrolled:
        return Signed(call=ended, content=content, warnings=warnings)
    told = _UNREGISTERED.format(nama=examined.name)
    return Signed(call=ended, content=content, warnings=(*warnings, told), unknown_certificate=examined.certificate)


def unknown_before(call: GatewayCall) -> NotGranted:
    """An earlier call may have signed: no other one without the person's word."""
    return NotGranted(
        f"Hasil penandatanganan sebelumnya untuk dokumen ini belum diketahui ({call.message or 'terputus'}).",
        "Bila Anda memperoleh berkas bertanda tangan, unggahlah. Bila Anda yakin belum tertandatangani, ulangi dengan "
        "menyatakan bahwa Anda memahami tanda tangannya mungkin menjadi dua.",
    )


def _judged(examined: Examined, call: GatewayCall, desk: Desk) -> tuple[str | None, bool]:
    """Why the file is not taken, and whether its signer is enrolled.

    A name that is alike is a hint: it passes as far as the proof, which gives nobody's signature to anybody by a name.
    """
    if examined.problem is not None:
        return examined.problem, False
    with desk.store.reading() as tx:
        bond, entry = tx.signers.find(examined.fingerprint), tx.employees.get(call.nip)
    if bond is not None and bond.ended_at is None:
        return (None, True) if bond.nip == call.nip else (_ANOTHER.format(nama=examined.name), False)
    if entry is None or likeness(examined.name, entry.name) is Likeness.DIFFERENT:
        return _ANOTHER.format(nama=examined.name), False
    return None, False
