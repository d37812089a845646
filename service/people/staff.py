"""The staff register's table: rows in, what it says of each person out, or every wrong row at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.records import Problem
from parsers.values import indonesian_date, read_date, read_grade, read_nip
from service.errors import BadInput, BadRows
from service.records import EmployeeEntry, Event
from service.spreadsheets.read import Reader, Row, rows_in
from service.spreadsheets.templates import STAFF
from service.store import BEGINNING, StaffChange, StaffUpdate, Store, Tenure, Transaction

ROLES = ("pegawai", "pengelola", "pimpinan", "biro_sdm", "admin")
ACTIVE, DEPARTURES = "aktif", ("berhenti", "pensiun")
_NEEDED = ("nama", "jabatan", "unit_kerja")


def read_staff(rows: Iterable[Row], *, known: Mapping[str, EmployeeEntry], today: dt.date) -> tuple[StaffUpdate, ...]:
    """What the rows of a table (`STAFF`) say of people; BadRows naming every wrong one.

    `known` are those already in the register by NIP: a row that says nothing of roles leaves them theirs.
    """
    problems: list[str] = []
    told: dict[str, StaffUpdate] = {}
    lines: dict[str, int] = {}
    for row in rows:
        statement, wrong = _statement(row, known, today)
        problems += [f"Baris {row.line}: {sentence}" for sentence in wrong]
        if statement is None:
            continue
        nip = statement.entry.nip
        if nip in told:
            problems.append(f"Baris {row.line}: NIP {nip} sudah ada pada baris {lines[nip]}.")
            continue
        told[nip], lines[nip] = statement, row.line
    entries = {nip: each.entry for nip, each in told.items()}
    problems += [
        f"Baris {lines[entry.nip]}: atasan_nip {entry.supervisor_nip} tidak ada pada berkas ini maupun data yang ada."
        for entry in entries.values()
        if entry.supervisor_nip and entry.supervisor_nip not in entries and entry.supervisor_nip not in known
    ]
    problems += [f"Baris {lines[nip]}: atasan melingkar ({' → '.join(path)})." for nip, path in _cycles(entries, known)]
    if problems:
        raise BadRows(f"{len(problems)} masalah pada tabel pegawai.", tuple(problems))
    return tuple(told.values())


def future_day(day: dt.date, today: dt.date) -> str | None:
    """Why a day cannot be the one from which something holds; None when it can.

    The register says what holds now, so what holds from tomorrow is told tomorrow.
    """
    if day <= today:
        return None
    return f"{indonesian_date(day)} belum tiba; sampaikan pada atau sesudah tanggal itu."


def _statement(row: Row, known: Mapping[str, EmployeeEntry], today: dt.date) -> tuple[StaffUpdate | None, list[str]]:
    cells = row.cells
    wrong = [*row.wrong, *(f"kolom {name} kosong." for name in _NEEDED if not cells.get(name))]
    if row.wrong:
        return None, wrong
    nip = read_nip(cells.get("nip", ""))
    if isinstance(nip, Problem):
        wrong.append(f"kolom nip: {nip.message}")
    grade = read_grade(cells.get("gol", ""))
    if isinstance(grade, Problem):
        wrong.append(f"kolom gol: {grade.message}")
    supervisor: str | Problem | None = read_nip(cells["atasan_nip"]) if cells.get("atasan_nip") else None
    if isinstance(supervisor, Problem):
        wrong.append(f"kolom atasan_nip: {supervisor.message}")
    email = cells.get("email", "")
    if email and (email.count("@") != 1 or email.startswith("@") or email.endswith("@")):
        wrong.append(f"kolom email: “{email}” bukan alamat surel.")
    roles = tuple(dict.fromkeys(cells.get("peran", "").replace(";", " ").replace(",", " ").split()))
    wrong += [f"kolom peran: “{role}” tidak dikenal ({', '.join(ROLES)})." for role in roles if role not in ROLES]
    if supervisor is not None and supervisor == nip:
        wrong.append("atasan_nip sama dengan nip.")
    since = _since(cells.get("berlaku_sejak", ""), today)
    if isinstance(since, str):
        wrong.append(f"kolom berlaku_sejak: {since}")
    status = cells.get("status", "").lower() or ACTIVE
    if status not in {ACTIVE, *DEPARTURES}:
        wrong.append(f"kolom status: “{status}” tidak dikenal ({', '.join((ACTIVE, *DEPARTURES))}).")
    if (
        wrong
        or isinstance(nip, Problem)
        or isinstance(grade, Problem)
        or isinstance(supervisor, Problem)
        or isinstance(since, str)
    ):
        return None, wrong
    held = known[nip].roles if nip in known else ("pegawai",)
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
    return StaffUpdate(entry=entry, since=since, departure=None if status == ACTIVE else status), []


def _since(cell: str, today: dt.date) -> dt.date | str | None:
    """The day from which a row holds, or what is wrong with it."""
    if not cell:
        return None
    day = read_date(cell)
    return day.message if isinstance(day, Problem) else future_day(day, today) or day


def _cycles(
    entries: Mapping[str, EmployeeEntry], known: Mapping[str, EmployeeEntry]
) -> Iterator[tuple[str, list[str]]]:
    """Each circle of supervisors the table would close, once, as its path; it begins at a row of the table."""
    above = {nip: entry.supervisor_nip for nip, entry in {**known, **entries}.items()}
    cleared: set[str] = set()
    for start in entries:
        path: list[str] = []
        nip: str | None = start
        while nip is not None and nip in above and nip not in cleared and nip not in path:
            path.append(nip)
            nip = above[nip]
        if nip is not None and nip in path:
            circle = path[path.index(nip) :]
            first = next(each for each in circle if each in entries)
            turn = circle.index(first)
            yield first, [*circle[turn:], *circle[:turn], first]
        cleared.update(path)


# --- The staff register's import as a job: previewed first when asked, and written down

# Who holds these reaches everybody's papers or accounts: they are given and taken by name, on the admin's page.
ADMIN_GIVES = frozenset({"admin", "biro_sdm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an import or a renaming did, or would do when `kept` is False."""

    changes: tuple[StaffChange, ...]
    kept: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many people are new, changed, the same."""
        new, same = sum(each.new for each in self.changes), sum(each.same for each in self.changes)
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
) -> Told:
    """Take in a table of people; what changes holds from `since` (None: today), first news of a person from ever.

    `reserved` are roles whose holders this teller may not change (`ADMIN_GIVES`). Raises BadInput, or BadRows naming
    every wrong row; then nothing of the table is kept.
    """
    day, rows = told_day(since, today), read(content, STAFF, file_name)
    if preview:
        with store.reading() as tx:
            changes = tuple(tx.employees.changes(_read(rows, tx, today), day=day, recorded_at=now))
            _require_same_holders(changes, reserved)
            return Told(changes=changes, kept=False)
    with store.transaction() as tx:
        done = Told(changes=tuple(tx.employees.record(_read(rows, tx, today), day=day, recorded_at=now)), kept=True)
        _require_same_holders(done.changes, reserved)
        event = Event(at=now, actor=actor, action="employees.imported", subject=file_name, detail=done.counts)
        tx.events.append(event)
        for each in done.changes:
            if new_roles(each):
                detail = {"before": list(each.before.roles) if each.before else [], "after": list(each.after.roles)}
                tx.events.append(
                    Event(at=now, actor=actor, action="employee.roles_set", subject=each.after.nip, detail=detail)
                )
    return done


def _read(rows: Iterable[Row], tx: Transaction, today: dt.date) -> tuple[StaffUpdate, ...]:
    return read_staff(rows, known={entry.nip: entry for entry in tx.employees.all()}, today=today)


def told_day(since: dt.date | None, today: dt.date) -> dt.date:
    """From which day something holds (None: today); BadInput for a day that has not come."""
    day = since or today
    trouble = future_day(day, today)
    if trouble:
        raise BadInput(f"Tanggal {trouble}", "Register mencatat yang berlaku sekarang dan yang sudah lewat.")
    return day


def _require_same_holders(changes: Sequence[StaffChange], reserved: frozenset[str]) -> None:
    """BadInput when somebody would come to hold such a role, or lose it (an empty `peran` takes every role away)."""
    touched = [
        each.after
        for each in changes
        if reserved & (set(each.before.roles if each.before else ()) ^ set(each.after.roles))
    ]
    if touched:
        raise BadInput(
            f"Tabel itu mengubah peran admin atau Biro SDM: {', '.join(each.name for each in touched[:5])}.",
            "Tulis kolom peran seperti yang berlaku sekarang; peran itu diberi dan dicabut admin di halaman Pengguna.",
        )


# --- What a change of the staff register changes, column by column, for whoever looks before it is kept

_EVERYBODY = "pegawai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that becomes another: a column of the register, and from which day (None: from the beginning)."""

    column: str
    before: str
    after: str
    since: dt.date | None


def differences(change: StaffChange) -> tuple[Difference, ...]:
    """What becomes what for one person, in the order of the days; empty when nothing does."""
    told: list[Difference] = []
    for place, row in enumerate(change.rows_after):
        if row in change.rows:
            continue
        earlier = change.rows_after[place - 1] if place else None
        held = next((each for each in reversed(change.rows) if each.since <= row.since), earlier)
        told += [
            Difference(column=column, before=before, after=after, since=None if row.since == BEGINNING else row.since)
            for (column, after), before in zip(_shown(row), [text for _, text in _shown(held)], strict=True)
            if before != after
        ]
    before, after = change.before, change.after
    if before is not None and before.email != after.email:
        told.append(Difference(column="email", before=before.email, after=after.email, since=None))
    if new_roles(change):
        roles = " ".join(before.roles) if before else ""
        told.append(Difference(column="peran", before=roles, after=" ".join(after.roles), since=None))
    return tuple(told)


def new_roles(change: StaffChange) -> bool:
    """Whether the person comes to hold other roles than before; everybody is `pegawai`, that alone is no news."""
    before = set(change.before.roles) if change.before else set()
    return bool((before ^ set(change.after.roles)) - {_EVERYBODY})


def _shown(row: Tenure | None) -> list[tuple[str, str]]:
    """The columns of the import as texts; all empty for nobody."""
    if row is None:
        return [(name, "") for name in ("nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "status")]
    texts = (row.name, row.position, row.grade, row.unit, row.supervisor_nip or "", row.departure or "aktif")
    return list(zip(("nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "status"), texts, strict=True))
