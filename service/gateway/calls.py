"""One call to the gateway: the intention kept, the call sent once, the answer examined, the outcome kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from service.errors import NotGranted
from service.identifiers import short_id
from service.names import Likeness, likeness
from service.records import Event
from service.store import Store, WriteTransaction
from service.store.delegations import Delegation
from service.store.errors import RowExists
from service.store.gateway_calls import CallOutcome, GatewayCall
from service.verification.prove import Moment
from signing.errors import SigningError
from signing.keys.bsre import Gateway, GatewayRefused, GatewayUnreachable, OutcomeUnknown, Signatory, SignRequest
from signing.policy import faults
from signing.report import Report, SignatureReport
from signing.trust import Trust
from signing.validation.inspect import inspect

# Longer than any call waits: whoever made one that long ago is gone.
_ON_ITS_WAY = dt.timedelta(minutes=10)


def call_for(
    order: Order, desk: Desk, *, at: dt.datetime, serial: str | None = None, card_id: str | None = None
) -> GatewayCall:
    """A call for this form or this card; its bytes are kept."""
    return GatewayCall(
        id=short_id("G", desk.randomness),
        serial=serial,
        card_id=card_id,
        role=order.role,
        nip=order.actor,
        digest_before=desk.store.keep_document(order.content),
        started_at=at,
    )


def call_once(
    call: GatewayCall, order: Order, request: SignRequest, *, warnings: tuple[str, ...] = (), desk: Desk
) -> Signed:
    """Send it; what happened stands in the store before anybody is told.

    NotGranted for who does not know yet whether an earlier call signed; GatewayRefused and GatewayUnreachable when
    nothing was signed; OutcomeUnknown when nobody can tell. Nothing is sent twice.
    """
    _begin(call, order, desk)
    return taken(call, _call(call, order, request, desk), order, warnings=warnings, desk=desk)


def _call(call: GatewayCall, order: Order, request: SignRequest, desk: Desk) -> bytes:
    try:
        return desk.gateway.sign(order.signatory, request).content
    except OutcomeUnknown as error:
        _end(replace(call, outcome=CallOutcome.UNKNOWN, document_id=error.document_id, message=error.why), desk)
        raise
    except (GatewayRefused, GatewayUnreachable) as error:
        said = error.provider if isinstance(error, GatewayRefused) else error.message
        _end(replace(call, outcome=CallOutcome.REFUSED, message=said), desk)
        raise
    except SigningError as error:
        # Refused before anything went out: a NIK that is none, nothing typed.
        _end(replace(call, outcome=CallOutcome.REFUSED, message=error.message), desk)
        raise


def _end(call: GatewayCall, desk: Desk) -> None:
    ended = replace(call, ended_at=desk.moment().now)
    with desk.store.transaction() as tx:
        tx.gateway_calls.finish(ended)
        note(tx, ended, desk)


def _begin(call: GatewayCall, order: Order, desk: Desk) -> None:
    """Keep the intention, alone for this paper and role; earlier calls of unknown outcome need the person's word."""
    now = call.started_at
    with desk.store.transaction() as tx:
        tx.gateway_calls.mark_unknown(
            now - _ON_ITS_WAY, at=now, message="layanan ini terhenti sebelum jawabannya diterima"
        )
    try:
        with desk.store.transaction() as tx:
            _clear(tx, call, order)
            tx.gateway_calls.begin(call)
            note(tx, call, desk)
    except RowExists as error:
        raise NotGranted(
            "Dokumen ini sedang dikirim ke layanan BSrE dari jendela atau perangkat lain.",
            "Tunggu sampai selesai, lalu muat ulang halaman ini.",
        ) from error


def _clear(tx: WriteTransaction, call: GatewayCall, order: Order) -> None:
    earlier = [each for each in tx.gateway_calls.unknown(call.subject) if each.role == call.role]
    if earlier and not order.again:
        raise unknown_before(earlier[-1])
    if earlier:
        said = f"diulang atas permintaan {order.actor}"
        tx.gateway_calls.resolve(call.subject, [call.role], at=call.started_at, digest=None, message=said)


# --- Calls of unknown outcome cleared up by a file somebody handed in


def settle_by_file(
    tx: WriteTransaction, subject: str, roles: Mapping[str, Any], *, digest: str, now: dt.datetime
) -> int:
    """A judged file shows signatures in these roles (`roles` of `verify`): whatever call may have made them is settled.

    Part of the transaction that keeps the file; how many.
    """
    shown = [role for role, whose in roles.items() if whose]
    said = "berkas yang diterima kemudian memuat tanda tangannya"
    return tx.gateway_calls.resolve(subject, shown, at=now, digest=digest, message=said)


# --- The gateway's lines in the log of events: what came of a call, the form or card as subject; never who typed what


def note(tx: WriteTransaction, call: GatewayCall, desk: Desk) -> None:
    """`gateway.<outcome>` happened to the form or card now."""
    told = {"call": call.id, "role": call.role, "before": call.digest_before, "after": call.digest_after}
    told |= {"message": call.message}
    detail = {name: value for name, value in told.items() if value is not None}
    event = Event(
        at=desk.moment().now,
        actor=call.nip,
        action=f"gateway.{call.outcome.value}",
        subject=call.subject,
        detail=detail,
    )
    tx.events.append(event)


# --- What a file from the gateway comes to: taken and kept when it is what was asked for, else refused with the
# reason

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


# --- What came back from the gateway, examined before anything rests on it: our bytes, one sound signature, no more

# What cannot be told today speaks not against a file; the proof tells later.
_LATER = {"revocation_unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """`problem` (Indonesian) says why it is not taken; otherwise whose certificate made the one new signature."""

    problem: str | None
    fingerprint: str = ""
    name: str = ""
    certificate: bytes = field(default=b"", repr=False)


def examine(before: bytes, after: bytes, trust: Trust) -> Examined:
    """Compare the file that was sent with the one that came. Never raises for what the files are."""
    if not after.startswith(before) or len(after) == len(before):
        return Examined(problem="berkas yang kembali bukan kelanjutan berkas yang dikirim")
    then, now = inspect(before, trust=trust), inspect(after, trust=trust)
    if not then.readable or not now.readable:
        return Examined(problem="berkas yang kembali tidak dapat dibaca")
    new = _new(then, now, len(before))
    if len(new) != 1 or new[0].signer is None:
        return Examined(problem="berkas yang kembali tidak memuat tepat satu tanda tangan baru")
    found = set(faults(new[0])) - _LATER
    if found:
        return Examined(problem=f"tanda tangan yang kembali tidak dapat diterima ({', '.join(sorted(found))})")
    if any(not each.permitted for each in now.signatures):
        return Examined(problem="berkas yang kembali mengubah bagian yang sudah ditandatangani")
    signer = new[0].signer
    return Examined(problem=None, fingerprint=signer.fingerprint, name=signer.name, certificate=signer.certificate)


def _new(then: Report, now: Report, length: int) -> list[SignatureReport]:
    known = {each.field for each in then.signatures}
    return [
        each
        for each in now.signatures
        if each.kind == "signature" and each.field not in known and each.covered > length
    ]


# --- What the gateway's job works with, handed in by the door, and what it is asked to sign

T = TypeVar("T")


class Apart(Protocol):
    """Does `job(*words)` where a stranger's bytes may be read; the door confines it to a child."""

    def __call__(self, job: Callable[..., T], /, *words: Any) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One door's gateway. `moment` tells the time, and whom the installation trusts then."""

    store: Store
    gateway: Gateway
    moment: Callable[[], Moment]
    randomness: Callable[[int], bytes]
    apart: Apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One form or card to be signed now by `actor` in `role`, by `delegation` where the form names somebody else.

    `again`: the person knows that an earlier call may have signed, and wants another one all the same.
    """

    content: bytes = field(repr=False)
    role: str
    actor: str
    signatory: Signatory
    delegation: Delegation | None = None
    image: bytes | None = field(default=None, repr=False)
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The signed bytes, kept already; sentences the signer should read; whose certificate it was when nobody knows."""

    call: GatewayCall
    content: bytes = field(repr=False)
    warnings: tuple[str, ...] = ()
    unknown_certificate: bytes | None = field(default=None, repr=False)
