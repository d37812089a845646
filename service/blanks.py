"""Job 1, prepare: a prefilled blank with locking signature slots, its serial and digest kept."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from forms.catalog import LAMPIRAN_I_V1, blank_bytes
from forms.fill import prefill
from forms.schema import Form
from forms.serial import new_serial
from parsers.values import pangkat
from service.errors import BadInput
from service.language import Message
from service.names import cleaned
from service.records import BlankEntry, Event
from service.store import Store, Tenure, Transaction
from signing.fields import SlotPlace, reserve

# Printed by us and not to be edited: who reports, and who the direct supervisor is.
READ_ONLY = (
    "nama_pegawai",
    "nip_pegawai",
    "unit_kerja",
    "jabatan",
    "pangkat_gol",
    "nama_atasan",
    "nip_atasan",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankContext:
    """A form version prepared once, with its slots reserved, so that each blank is only filled."""

    form: Form
    base: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The request for a blank; without `pembimbing_nip` the supervisor coaches, and self-study has none.

    `day` is the activity's, when it is known already: the blank then says what held of everybody on that day.
    """

    kind: str
    scope: str
    meeting: int
    employee_nip: str
    pembimbing_nip: str | None = None
    day: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A prefilled blank: its entry in the register and its bytes."""

    entry: BlankEntry
    content: bytes


def open_blank_context(form: Form = LAMPIRAN_I_V1) -> BlankContext:
    """Prepare one form version; costs one reservation of its slots."""
    places = [
        SlotPlace(name=slot.name, page=slot.page, box=slot.box, locks=slot.locks, label=slot.label)
        for slot in form.slots
    ]
    return BlankContext(form=form, base=reserve(blank_bytes(form), places, drawn=False))


def prepare(
    request: Request,
    *,
    store: Store,
    blank_context: BlankContext,
    now: dt.datetime,
    randomness: Callable[[int], bytes],
    actor: str,
) -> Blank:
    """Prepare one blank for one activity; BadInput when a person it needs is not in the staff register."""
    # (1) Everybody the form has to name, as they are or were on the activity's day.
    day = request.day or dt.date.max
    with store.reading() as tx:
        employee = _present(request.employee_nip, day, tx)
        supervisor = tx.employees.as_of(employee.supervisor_nip, day) if employee.supervisor_nip else None
        named = _present(request.pembimbing_nip, day, tx) if request.pembimbing_nip else None
    if supervisor is None:
        raise BadInput("blank_without_supervisor", employee=employee.name)
    if not supervisor.present:
        raise BadInput(
            "blank_supervisor_left",
            employee=employee.name,
            supervisor=supervisor.name,
            departure=Message(f"departure.{supervisor.departure}"),
            since=supervisor.since,
        )
    guide = _guide(request, employee, supervisor, named)
    # (2) What we know of them, printed into the blank; a fresh serial makes it traceable.
    serial = new_serial(blank_context.form, randomness)
    content = prefill(
        blank_context.form,
        blank_context.base,
        serial=serial,
        answers=_answers(request, employee, supervisor, guide),
        read_only=READ_ONLY,
    )
    # (3) Serial and digest are kept before the bytes leave the house.
    entry = BlankEntry(
        serial=serial,
        form_id=blank_context.form.id,
        form_version=blank_context.form.version,
        kind=request.kind,
        scope=request.scope,
        meeting=request.meeting,
        employee_nip=employee.nip,
        pembimbing_nip=guide.nip if guide else None,
        supervisor_nip=supervisor.nip,
        digest=hashlib.sha256(content).hexdigest(),
        prepared_at=now,
    )
    with store.transaction() as tx:
        tx.blanks.add(entry)
        tx.events.append(Event(at=now, actor=actor, action="blank.prepared", subject=serial))
    return Blank(entry=entry, content=content)


def _guide(
    request: Request,
    employee: Tenure,
    supervisor: Tenure,
    named: Tenure | None,
) -> Tenure | None:
    """Return the pembimbing: the supervisor by default (5.a.2), a named mentor, nobody for self-study."""
    if request.kind == "belajar_mandiri":
        if named is not None:
            raise BadInput("blank_self_study_guided")
        return None
    if named is None:
        if request.kind == "coaching":
            return supervisor
        raise BadInput("blank_without_mentor")
    if named.nip == employee.nip:
        raise BadInput("blank_guides_oneself")
    return named


def _present(nip: str, day: dt.date, tx: Transaction) -> Tenure:
    """Return the person as of that day; BadInput for an unknown one, or one not yet or no longer employed."""
    tenure = tx.employees.as_of(nip, day)
    if tenure is None:
        entry = tx.employees.get(nip)
        if entry is None:
            raise BadInput("blank_unknown_nip", nip=nip)
        raise BadInput("blank_before_employment", name=entry.name, day=day)
    if not tenure.present:
        departure = Message(f"departure.{tenure.departure}")
        raise BadInput("blank_after_employment", name=tenure.name, departure=departure, since=tenure.since)
    return tenure


def _answers(request: Request, employee: Tenure, supervisor: Tenure, guide: Tenure | None) -> dict[str, str]:
    rank = pangkat(employee.grade)
    answers = {
        "pertemuan_ke": str(request.meeting),
        "jenis_kegiatan": request.kind,
        "tingkat": request.scope,
        "nama_pegawai": employee.name,
        "nip_pegawai": employee.nip,
        "unit_kerja": employee.unit,
        "jabatan": employee.position,
        "pangkat_gol": f"{rank}, {employee.grade}" if rank else employee.grade,
        "nama_atasan": supervisor.name,
        "nip_atasan": supervisor.nip,
    }
    if guide is not None:
        answers |= {"nama_pembimbing": guide.name, "nip_pembimbing": guide.nip}
    # Older registers hold names and units as they came.
    return {name: cleaned(text) for name, text in answers.items()}
