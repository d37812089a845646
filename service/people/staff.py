"""The staff register's table: what it says of each person, what it changes, and its import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.records import Problem
from parsers.values import indonesian_date, read_date, read_grade, read_nip
from service.errors import BadInput
from service.language.bridge import indonesian
from service.notifications.messages import notify_roles
from service.people.printable import SHOWN_ABOVE, SHOWN_IN, form_check, unprintable
from service.people.unit_names import similar_unit
from service.records import EmployeeEntry, Event
from service.spreadsheets.imports import ImportContext, RowErrors, TableKind, import_table
from service.spreadsheets.read import Reader, Row, rows_in
from service.spreadsheets.templates import STAFF
from service.store import BEGINNING, StaffChange, StaffUpdate, Store, Tenure, Transaction, WriteTransaction

ROLES = ("pegawai", "pengelola", "pimpinan", "biro_sdm", "admin")
# Their holders reach everybody's papers or accounts: these roles are given and taken by name, on the admin's page.
ADMIN_GIVES = frozenset({"admin", "biro_sdm"})
_EVERYBODY = "pegawai"
_ACTIVE, _DEPARTURES = "aktif", ("berhenti", "pensiun")
_REQUIRED = ("nama", "jabatan", "unit_kerja")

# --- The import


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChanges:
    """What an import or a renaming of units changed, or would change when `kept` is False.

    `notes` and `questions` are those of the table (`ImportResult`).
    """

    changes: tuple[StaffChange, ...]
    kept: bool
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Return how many people are new, changed, the same."""
        new, same = sum(change.new for change in self.changes), sum(change.same for change in self.changes)
        return {"new": new, "changed": len(self.changes) - new - same, "same": same}


def import_staff(
    content: bytes,
    file_name: str,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    actor: str,
    since: dt.date | None = None,
    preview: bool = False,
    read: Reader = rows_in,
    reserved: frozenset[str] = frozenset(),
    new_units: bool = False,
) -> StaffChanges:
    """Import a table of people; changes hold from `since` (None: today), the first news of a person from ever.

    `reserved` are roles whose holders this actor may not change (`ADMIN_GIVES`); `new_units` confirms that units which
    look like existing ones are others. Raises BadInput, BadRows naming every wrong row, or Unconfirmed with the units
    to be confirmed; then nothing of the table is kept.
    """
    kind = _staff_table(file_name, day=required_day(since, today), reserved=reserved)
    context = ImportContext(store=store, now=now, today=today, actor=actor, read_rows=read)
    result = import_table(kind, content, file_name, context=context, preview=preview, confirmed=new_units)
    return StaffChanges(changes=result.outcomes, kept=not preview, notes=result.notes, questions=result.questions)


def _staff_table(file_name: str, *, day: dt.date, reserved: frozenset[str]) -> TableKind[StaffUpdate, StaffChange]:
    """Return the kind of table whose rows are statements about people, and its outcomes the changes of the register."""

    def preview(statements: Sequence[StaffUpdate], tx: Transaction, context: ImportContext) -> Sequence[StaffChange]:
        changes = tx.employees.changes(statements, day=day, recorded_at=context.now)
        _require_same_holders(changes, reserved)
        return changes

    def apply(statements: Sequence[StaffUpdate], tx: WriteTransaction, context: ImportContext) -> Sequence[StaffChange]:
        changes = tx.employees.record(statements, day=day, recorded_at=context.now)
        _require_same_holders(changes, reserved)
        at, actor = context.now, context.actor
        counts = StaffChanges(changes=tuple(changes), kept=True).counts
        tx.events.append(Event(at=at, actor=actor, action="employees.imported", subject=file_name, detail=counts))
        for change in changes:
            if new_roles(change):
                before = list(change.before.roles) if change.before else []
                detail = {"before": before, "after": list(change.after.roles)}
                tx.events.append(
                    Event(at=at, actor=actor, action="employee.roles_set", subject=change.after.nip, detail=detail)
                )
                if change.before is not None or ADMIN_GIVES & set(change.after.roles):
                    tell_of_roles(change.after.nip, tx, actor=actor, now=at)
        return changes

    return TableKind(
        layout=STAFF,
        error_message=lambda count: f"{count} masalah pada tabel pegawai.",
        read_entries=_statements,
        preview=preview,
        apply=apply,
    )


def tell_of_roles(nip: str, tx: WriteTransaction, *, actor: str, now: dt.datetime, asked_by: str | None = None) -> None:
    """Tell the person, every admin and who asked that roles were changed; not who did it, unless it is their own."""
    admins = [person.nip for person in tx.people.who_can("admin")]
    told = [nip, *(other for other in (*admins, asked_by or "") if other not in {"", actor})]
    known = [other for other in told if tx.employees.get(other) is not None]
    notify_roles(tx, nips=known, person_nip=nip, by=actor, once=f"{nip}:{now.isoformat()}", now=now)


def _require_same_holders(changes: Sequence[StaffChange], reserved: frozenset[str]) -> None:
    """BadInput when somebody would gain or lose such a role (an empty `peran` takes every role away)."""
    names = [
        change.after.name
        for change in changes
        if reserved & (set(change.before.roles if change.before else ()) ^ set(change.after.roles))
    ]
    if names:
        raise BadInput(
            f"Tabel itu mengubah peran admin atau Biro SDM: {', '.join(names[:5])}.",
            "Tulis kolom peran seperti yang berlaku sekarang; peran itu diberi dan dicabut admin di halaman Pengguna.",
        )


def required_day(since: dt.date | None, today: dt.date) -> dt.date:
    """Return the day from which a change holds (None: today); BadInput for a day that has not come."""
    day = since or today
    error = future_day(day, today)
    if error:
        raise BadInput(f"Tanggal {error}", "Register mencatat yang berlaku sekarang dan yang sudah lewat.")
    return day


def future_day(day: dt.date, today: dt.date) -> str | None:
    """Return why nothing can hold from that day yet, or None when it can.

    The register says what holds now, so what holds from tomorrow is entered tomorrow.
    """
    if day <= today:
        return None
    return f"{indonesian_date(day)} belum tiba; sampaikan pada atau sesudah tanggal itu."


# --- The rows


def _statements(
    rows: Sequence[Row], tx: Transaction, context: ImportContext, errors: RowErrors
) -> Sequence[StaffUpdate]:
    """Return what the rows say of people; a row that says nothing of roles leaves a known person's as they are."""
    known = {entry.nip: entry for entry in tx.employees.all()}
    statements: dict[str, StaffUpdate] = {}
    lines: dict[str, int] = {}
    for row in rows:
        statement, sentences = _statement(row, known, context.today)
        errors.add(row.line, *sentences)
        if statement is None:
            continue
        nip = statement.entry.nip
        if nip in statements:
            errors.add_sentence(f"Baris {row.line}: NIP {nip} sudah ada pada baris {lines[nip]}.")
            continue
        statements[nip], lines[nip] = statement, row.line
    entries = {nip: statement.entry for nip, statement in statements.items()}
    for entry in entries.values():
        if entry.supervisor_nip and entry.supervisor_nip not in entries and entry.supervisor_nip not in known:
            line, supervisor = lines[entry.nip], entry.supervisor_nip
            errors.add_sentence(
                f"Baris {line}: atasan_nip {supervisor} tidak ada pada berkas ini maupun data yang ada."
            )
    for nip, path in _cycles(entries, known):
        errors.add_sentence(f"Baris {lines[nip]}: atasan melingkar ({' → '.join(path)}).")
    _require_printable(entries, known, lines, errors)
    _ask_about_units(entries, lines, frozenset(entry.unit for entry in known.values()), errors)
    return tuple(statements.values())


def _require_printable(
    entries: Mapping[str, EmployeeEntry],
    known: Mapping[str, EmployeeEntry],
    lines: Mapping[str, int],
    errors: RowErrors,
) -> None:
    """Add an error for characters that no form can show, and a note for a text that is too long for one."""
    check = form_check()
    supervisors = {entry.supervisor_nip for entry in {**known, **entries}.values()}
    for nip, entry in entries.items():
        shown = (*SHOWN_IN, *SHOWN_ABOVE) if nip in supervisors else SHOWN_IN
        for column, text in (("nama", entry.name), ("jabatan", entry.position), ("unit_kerja", entry.unit)):
            found = unprintable(column, text, (field for name, field in shown if name == column), check)
            if found is not None:
                (errors.note if found[1] else errors.add)(lines[nip], found[0])


def _ask_about_units(
    entries: Mapping[str, EmployeeEntry], lines: Mapping[str, int], known: frozenset[str], errors: RowErrors
) -> None:
    """Ask about each new unit, once, whose name looks like an existing one or like an earlier one of the table."""
    seen = sorted(known)
    for nip, entry in entries.items():
        if entry.unit in seen:
            continue
        alike = similar_unit(entry.unit, seen)
        if alike is not None:
            errors.ask(
                lines[nip], f"unit “{entry.unit}” mirip dengan “{alike}” yang sudah ada; apakah memang unit lain?"
            )
        seen.append(entry.unit)


def _statement(row: Row, known: Mapping[str, EmployeeEntry], today: dt.date) -> tuple[StaffUpdate | None, list[str]]:
    """Return what a row says of a person, or None when anything is wrong with it, and what that is."""
    cells = row.cells
    errors = [*row.wrong, *(f"kolom {name} kosong." for name in _REQUIRED if not cells.get(name))]
    if row.wrong:
        return None, errors
    nip = read_nip(cells.get("nip", ""))
    if isinstance(nip, Problem):
        errors.append(f"kolom nip: {indonesian(nip)}")
    grade = read_grade(cells.get("gol", ""))
    if isinstance(grade, Problem):
        errors.append(f"kolom gol: {indonesian(grade)}")
    supervisor: str | Problem | None = read_nip(cells["atasan_nip"]) if cells.get("atasan_nip") else None
    if isinstance(supervisor, Problem):
        errors.append(f"kolom atasan_nip: {indonesian(supervisor)}")
    email = cells.get("email", "")
    if email and (email.count("@") != 1 or email.startswith("@") or email.endswith("@")):
        errors.append(f"kolom email: “{email}” bukan alamat surel.")
    roles = tuple(dict.fromkeys(cells.get("peran", "").replace(";", " ").replace(",", " ").split()))
    errors += [f"kolom peran: “{role}” tidak dikenal ({', '.join(ROLES)})." for role in roles if role not in ROLES]
    if supervisor is not None and supervisor == nip:
        errors.append("atasan_nip sama dengan nip.")
    since = _since(cells.get("berlaku_sejak", ""), today)
    if isinstance(since, str):
        errors.append(f"kolom berlaku_sejak: {since}")
    status = cells.get("status", "").lower() or _ACTIVE
    if status not in {_ACTIVE, *_DEPARTURES}:
        errors.append(f"kolom status: “{status}” tidak dikenal ({', '.join((_ACTIVE, *_DEPARTURES))}).")
    if (
        errors
        or isinstance(nip, Problem)
        or isinstance(grade, Problem)
        or isinstance(supervisor, Problem)
        or isinstance(since, str)
    ):
        return None, errors
    held = known[nip].roles if nip in known else (_EVERYBODY,)
    entry = EmployeeEntry(
        nip=nip,
        name=cells["nama"],
        position=cells["jabatan"],
        grade=grade,
        unit=cells["unit_kerja"],
        supervisor_nip=supervisor,
        email=email,
        roles=roles or held,
    )
    return StaffUpdate(entry=entry, since=since, departure=None if status == _ACTIVE else status), []


def _since(cell: str, today: dt.date) -> dt.date | str | None:
    """Return the day from which a row holds, None for an empty cell, or what is wrong with it."""
    if not cell:
        return None
    day = read_date(cell)
    return indonesian(day) if isinstance(day, Problem) else future_day(day, today) or day


def _cycles(
    entries: Mapping[str, EmployeeEntry], known: Mapping[str, EmployeeEntry]
) -> Iterator[tuple[str, list[str]]]:
    """Yield each cycle of supervisors the table would close, once, as its path; it begins at a row of the table."""
    supervisors = {nip: entry.supervisor_nip for nip, entry in {**known, **entries}.items()}
    cleared: set[str] = set()
    for start in entries:
        path: list[str] = []
        nip: str | None = start
        while nip is not None and nip in supervisors and nip not in cleared and nip not in path:
            path.append(nip)
            nip = supervisors[nip]
        if nip is not None and nip in path:
            cycle = path[path.index(nip) :]
            first = next(member for member in cycle if member in entries)
            turn = cycle.index(first)
            yield first, [*cycle[turn:], *cycle[:turn], first]
        cleared.update(path)


# --- What a change changes, column by column


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One column of the register that changes, and from which day (None: from the beginning)."""

    column: str
    before: str
    after: str
    since: dt.date | None


def differences(change: StaffChange) -> tuple[Difference, ...]:
    """Return what changes for one person, in the order of the days; none when nothing does."""
    found: list[Difference] = []
    for place, row in enumerate(change.rows_after):
        if row in change.rows:
            continue
        earlier = change.rows_after[place - 1] if place else None
        held = next((tenure for tenure in reversed(change.rows) if tenure.since <= row.since), earlier)
        found += [
            Difference(column=column, before=before, after=after, since=None if row.since == BEGINNING else row.since)
            for (column, after), before in zip(_texts(row), [text for _, text in _texts(held)], strict=True)
            if before != after
        ]
    before, after = change.before, change.after
    if before is not None and before.email != after.email:
        found.append(Difference(column="email", before=before.email, after=after.email, since=None))
    if new_roles(change):
        roles = " ".join(before.roles) if before else ""
        found.append(Difference(column="peran", before=roles, after=" ".join(after.roles), since=None))
    return tuple(found)


def new_roles(change: StaffChange) -> bool:
    """Tell whether the person's roles change; everybody is `pegawai`, that alone is no news."""
    before = set(change.before.roles) if change.before else set()
    return bool((before ^ set(change.after.roles)) - {_EVERYBODY})


def _texts(row: Tenure | None) -> list[tuple[str, str]]:
    """Return the columns of the import as texts; all empty without a row."""
    if row is None:
        return [(name, "") for name in ("nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "status")]
    texts = (row.name, row.position, row.grade, row.unit, row.supervisor_nip or "", row.departure or _ACTIVE)
    return list(zip(("nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "status"), texts, strict=True))
