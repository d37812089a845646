"""Check a record against what we know besides the file: blank, staff register, calendar, earlier submissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from forms.schema import Role
from parsers.records import ActivityRecord, Employee, Person
from parsers.values import span_of
from service.language import Message
from service.law.interpretation import signing_days
from service.names import cleaned
from service.records import ActivityFacts, BlankEntry
from service.store.circulations import State
from service.store.staff import held_from, held_on
from service.verification.reasons import Reason, reason
from signing.report import SignatureReport

if TYPE_CHECKING:
    from service.store import Tenure, Transaction

# A form does not say in which of the three Indonesian zones its place lies; the easternmost (WIT, UTC+9) reads every
# time as early as it can have been, so nobody is refused for a zone we do not know.
_EASTERNMOST = dt.timezone(dt.timedelta(hours=9))

# A claimed time without a zone is read as UTC, and clocks of computers are wrong by hours: less than a day is no lie.
_CLOCKS_APART = dt.timedelta(days=1)


def facts_of(record: ActivityRecord, serial: str) -> ActivityFacts:
    """Return the searchable columns of a record."""
    return ActivityFacts(
        employee_nip=record.employee.nip,
        kind=record.kind,
        scope=record.scope,
        date=record.date,
        begins=record.begins,
        ends=record.ends,
        minutes=record.minutes,
        title=record.title,
        source=record.source,
        pembimbing_name=record.pembimbing.name if record.pembimbing else None,
        serial=serial,
    )


def against_blank(record: ActivityRecord, blank: BlankEntry | None) -> tuple[Reason, ...]:
    """Compare employee and supervisor with the blank: we printed them read-only, so another NIP was put there later."""
    if blank is None:
        return (reason("unknown_serial"),)
    printed = {"nip_pegawai": (record.employee.nip, blank.employee_nip)}
    printed["nip_atasan"] = (record.supervisor.nip, blank.supervisor_nip)
    return tuple(
        reason("prefilled_value_changed", field=Message(f"form_field.{name}"))
        for name, (found, ours) in printed.items()
        if found != ours
    )


def against_register(record: ActivityRecord, tx: Transaction, *, blank: BlankEntry | None) -> tuple[Reason, ...]:
    """Compare names with the register, and require that people were employed and the coach is the supervisor (5.a.2).

    What held on the activity's day counts, and what we printed or recorded since: a person who changed name, unit or
    supervisor afterwards, or before an older blank was used, has done nothing wrong.
    """
    people: dict[str, Employee | Person] = {"nama_pegawai": record.employee, "nama_atasan": record.supervisor}
    if record.pembimbing is not None:
        people["nama_pembimbing"] = record.pembimbing
    printed = blank.prepared_at.date() if blank else record.date
    reasons: list[Reason] = []
    tenures_of = tx.employees.tenures_of({person.nip for person in people.values()})
    for name, person in people.items():
        tenures = held_from(tenures_of[person.nip], min(record.date, printed))
        if not tenures:
            continue
        if _plain(person.name) not in {_plain(tenure.name) for tenure in tenures}:
            label, registered = Message(f"form_field.{name}"), tenures[-1].name
            reasons.append(reason("name_differs_from_register", field=label, name=person.name, registered=registered))
        reasons += _absent(person.name, held_on(tenures_of[person.nip], record.date), record.date)
    if record.kind == "coaching" and record.pembimbing and record.pembimbing.nip != record.supervisor.nip:
        reasons.append(reason("coach_is_not_supervisor", coach=record.pembimbing.name))
    held = held_on(tenures_of[record.employee.nip], record.date)
    return (*dict.fromkeys(reasons), *_other_supervisor(record, held, tx))


def _absent(name: str, held: Tenure | None, day: dt.date) -> list[Reason]:
    if held is not None and held.present:
        return []
    if held is None:
        return [reason("not_employed_then.not_yet", name=name, day=day)]
    departure = Message(f"departure.{held.departure}")
    return [reason("not_employed_then.left", name=name, departure=departure, since=held.since, day=day)]


def _other_supervisor(record: ActivityRecord, held: Tenure | None, tx: Transaction) -> tuple[Reason, ...]:
    """Return a notice when the supervisor of the activity's day was not the one the form was printed with."""
    if held is None or held.supervisor_nip in {None, record.supervisor.nip}:
        return ()
    above = tx.employees.get(held.supervisor_nip or "")
    held_by = above.name if above else str(held.supervisor_nip)
    printed = record.supervisor.name
    return (reason("supervisor_of_another_day", day=record.date, supervisor=held_by, printed=printed),)


def against_calendar(
    record: ActivityRecord, by_role: Mapping[Role, SignatureReport], *, now: dt.datetime, zone: ZoneInfo
) -> tuple[Reason, ...]:
    """Check that the activity is over, and that signatures come after it (circular 5.b.4: "setelah") and not tomorrow.

    A printed date before the activity, and a signature long after it, are notices.
    """
    over = span_of(record.date, record.begins, record.ends)[1]
    ended = over.replace(tzinfo=_EASTERNMOST)
    if ended > now:
        return (reason("future_activity", day=record.date),)
    wrong: dict[str, Reason] = {}
    latest = now + _CLOCKS_APART
    if record.signed_on > latest.astimezone(_EASTERNMOST).date():
        wrong[""] = reason("signed_in_future.form", day=record.signed_on)
    for signature in by_role.values():
        made = signature.signed_at
        if made is None or ended <= made <= latest:
            continue
        name = signature.signer.name if signature.signer else signature.field
        if made < ended:
            wrong[name] = reason("signed_before_activity", signer=name, moment=made, day=record.date)
        else:
            wrong[name] = reason("signed_in_future.signature", signer=name, moment=made)
    # A time in the future is reported above, and is not late.
    times = [signature.signed_at for signature in by_role.values()]
    days = [made.astimezone(zone).date() for made in times if made is not None and made <= latest]
    days += [record.signed_on] if "" not in wrong else []
    return (*wrong.values(), *_printed_before(record), *_long_after(record, days, ended=over.date()))


def _printed_before(record: ActivityRecord) -> tuple[Reason, ...]:
    """Compare the printed date with the day the activity began, which may have ended after midnight."""
    if record.signed_on >= record.date:
        return ()
    return (reason("form_date_before_activity", printed=record.signed_on, day=record.date),)


def _long_after(record: ActivityRecord, signed: Iterable[dt.date], *, ended: dt.date) -> tuple[Reason, ...]:
    """Return a notice with the last signing day when that is unusually late (`SIGNED_LATE`)."""
    last, usual = max(signed, default=ended), signing_days(record.date)
    days = (last - ended).days
    if days <= usual:
        return ()
    return (reason("signed_long_after_activity", last=last, count=days, limit=usual, day=record.date),)


def against_earlier(facts: ActivityFacts, tx: Transaction, *, excluding: str | None) -> tuple[Reason, ...]:
    """Refuse an activity that is there already (same employee, kind, date, start); report one that overlaps."""
    earlier = tx.submissions.overlapping_all(facts, excluding)
    same = next((other for other in earlier if _is_same_activity(facts, other.facts)), None)
    if same is not None:
        if same.facts is None:
            return (reason("duplicate_activity.nameless", number=same.id),)
        return (reason("duplicate_activity", title=same.facts.title, day=same.facts.date, number=same.id),)
    if not earlier:
        return ()
    other = earlier[0]
    if other.facts is None:
        return (reason("overlapping_activity.nameless", number=other.id),)
    return (reason("overlapping_activity", title=other.facts.title, day=other.facts.date, number=other.id),)


def _is_same_activity(one: ActivityFacts, other: ActivityFacts | None) -> bool:
    return other is not None and (one.kind, one.date, one.begins) == (other.kind, other.date, other.begins)


def against_circulation(serial: str, tx: Transaction, *, zone: ZoneInfo) -> tuple[Reason, ...]:
    """Send a form to a person that was returned or withdrawn here and signed elsewhere all the same."""
    found = tx.circulations.get(serial)
    if found is None or found.state is not State.WITHDRAWN:
        return ()
    later = tx.circulations.successor(serial)
    day = found.changed_at.astimezone(zone).date()
    if later is not None:
        return (reason("off_its_way.replaced", day=day, serial=later.serial),)
    return (reason("off_its_way", day=day),)


def _plain(name: str) -> str:
    return " ".join(cleaned(name).casefold().replace(".", ". ").replace(",", ", ").split())
