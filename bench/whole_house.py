"""An office of any size, written straight into a store: for measuring what reads all of it.

So many people have a year of their own; everybody else repeats one of theirs, so that the law is asked of a few only.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from itertools import chain

import psycopg

from service.law import Activity
from service.records import EmployeeEntry
from service.store import open_store
from service.store.totals import columns_of_month

AT = dt.datetime(2026, 12, 20, 3, 0, tzinfo=dt.UTC)
TITLES = (
    "Pemahaman pola karier dan penyusunan kesenjangan kompetensi",
    "Komunikasi efektif di tempat kerja",
    "Penyusunan naskah dinas dan tata kelola arsip elektronik",
    "Analisis jabatan dan beban kerja",
)
GUIDES = ("Dr. Contoh Pembimbing, S.Psi., M.Si.", "Contoh Atasan Langsung, S.H.", "Drs. Contoh Mentor, M.M.")
OWN_YEARS, WAITING = 350, 0.02
Columns = dict[str, object]


def people(count: int, units: int) -> Iterator[EmployeeEntry]:
    """The first of each unit heads it, the second is its HR officer."""
    for place in range(count):
        unit, turn = place % units, place // units
        yield EmployeeEntry(
            nip=str(199001012015031000 + place),
            name=f"Contoh Pegawai Nomor {place + 1}, S.Kom.",
            position="Analis SDM Aparatur Ahli Muda",
            grade="III/b",
            unit=f"Unit Contoh {unit + 1:03}",
            supervisor_nip=None,
            email="contoh@example.go.id",
            roles=("pegawai", *(("pimpinan",), ("pengelola",))[turn]) if turn < 2 else ("pegawai",),
        )


def fill(url: str, storage: str, *, employees: int, activities: int, units: int, year: int) -> list[EmployeeEntry]:
    """Everybody, with so many activities in all, spread over the year; a few of them still wait for Biro SDM."""
    staff = list(people(employees, units))
    with open_store(database_url=url, storage_url=storage) as store, store.transaction() as tx:
        tx.employees.upsert(staff, recorded_at=AT)
    share, more = divmod(activities, employees)
    years = [_year(place, share + (place < more), year) for place in range(min(OWN_YEARS, employees))]
    _write(url, "submissions", _submissions(staff, years))
    return staff


def fill_months(url: str, *, employees: int, activities: int, units: int, year: int) -> None:
    """What the law says of these people's months, as an approval would have kept it."""
    share, more = divmod(activities, employees)
    years = [[*_months(_year(place, share + (place < more), year), year)] for place in range(min(OWN_YEARS, employees))]
    staff = people(employees, units)
    rows = (month | {"nip": one.nip} for place, one in enumerate(staff) for month in years[place % len(years)])
    _write(url, "assessed_months", rows)


def _year(person: int, count: int, year: int) -> list[Columns]:
    dice = random.Random(person)  # noqa: S311 - the same office every time, nothing secret
    return [_activity(number, year, dice) for number in range(count)]


def _activity(number: int, year: int, dice: random.Random) -> Columns:
    kind = ("coaching", "mentoring", "belajar_mandiri")[dice.randrange(3)]
    begins = dt.time(dice.randrange(8, 15), dice.choice((0, 30)))
    minutes = dice.choice((45, 60, 90, 120))
    waits = dice.random() < WAITING
    return {
        "file_name": "formulir.pdf",
        "received_at": AT.isoformat(timespec="microseconds"),
        "status": "verified",
        "answer": json.dumps({"verdict": "passed"}),
        "decision": "pending" if waits else "approved",
        "decided_at": None if waits else AT.isoformat(timespec="microseconds"),
        "decided_by": None if waits else "biro",
        "kind": kind,
        "scope": "internasional" if dice.random() < 0.1 else "nasional",
        "date": dt.date(year, 1, 1) + dt.timedelta(days=dice.randrange(350)),
        "begins": begins.isoformat("microseconds"),
        "ends": (dt.datetime.combine(AT, begins) + dt.timedelta(minutes=minutes)).time().isoformat("microseconds"),
        "minutes": minutes,
        "title": f"{dice.choice(TITLES)}, bagian {number % 40 + 1}",
        "source": "Buku Pengantar Analisis Jabatan, video daring, dan jurnal" if kind == "belajar_mandiri" else None,
        "pembimbing_name": None if kind == "belajar_mandiri" else dice.choice(GUIDES),
    }


def _submissions(staff: list[EmployeeEntry], years: list[list[Columns]]) -> Iterator[Columns]:
    number = 0
    for place, one in enumerate(staff):
        for columns in years[place % len(years)]:
            number += 1
            ids = {"id": f"K-{number:010}", "digest": f"{number:064x}", "serial": f"L1-{number}"}
            yield columns | ids | {"date": str(columns["date"]), "employee_nip": one.nip}


def _months(activities: list[Columns], year: int) -> Iterator[Columns]:
    """As `service.store.totals` keeps them: JP in thousandths."""
    by_month: dict[int, list[Activity]] = {}
    for activity in sorted(activities, key=lambda activity: (activity["date"], activity["begins"])):
        if activity["decision"] == "approved":
            named = {name: activity[name] for name in ("kind", "scope", "date", "minutes")}
            begins = dt.time.fromisoformat(str(activity["begins"]))
            by_month.setdefault(activity["date"].month, []).append(Activity(**named, begins=begins))
    for month, mine in by_month.items():
        columns = columns_of_month("", dt.date(year, month, 1), mine)
        yield {name: int(value.scaleb(3)) if isinstance(value, Decimal) else value for name, value in columns.items()}


def _write(url: str, table: str, rows: Iterable[Columns]) -> None:
    """Texts and whole numbers, which both databases take as they are; in bulk, past everything but the tables."""
    rows = iter(rows)
    first = next(rows)
    names, every = ", ".join(first), chain([first], rows)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(first))})"  # noqa: S608 - our words
            connection.executemany(insert, ([row[name] for name in first] for row in every))
        return
    copying = f"COPY {table} ({names}) FROM STDIN"
    with psycopg.connect(url) as connection, connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in every:
            copy.write_row([row[name] for name in first])
