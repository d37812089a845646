"""The staff register's table: rows in, what it says of each person out, or every wrong row at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from parsers.records import Problem
from parsers.values import indonesian_date, read_date, read_grade, read_nip
from service.errors import BadRows
from service.records import EmployeeEntry
from service.store import Statement
from service.tables.read import Row

ROLES = ("pegawai", "pengelola", "pimpinan", "biro_sdm", "admin")
ACTIVE, DEPARTURES = "aktif", ("berhenti", "pensiun")
_NEEDED = ("nama", "jabatan", "unit_kerja")


def read_staff(rows: Iterable[Row], *, known: Mapping[str, EmployeeEntry], today: dt.date) -> tuple[Statement, ...]:
    """What the rows of a table (`STAFF`) say of people; BadRows naming every wrong one.

    `known` are those already in the register by NIP: a row that says nothing of roles leaves them theirs.
    """
    problems: list[str] = []
    told: dict[str, Statement] = {}
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


def _statement(row: Row, known: Mapping[str, EmployeeEntry], today: dt.date) -> tuple[Statement | None, list[str]]:
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
    return Statement(entry=entry, since=since, departure=None if status == ACTIVE else status), []


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
