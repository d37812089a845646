"""An office of any size, written straight into a store: for measuring what reads all of it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from sqlalchemy import insert

from service.records import EmployeeEntry
from service.store import open_store
from service.store.engine import for_writing, open_engine
from service.store.tables import SUBMISSIONS

AT = dt.datetime(2026, 12, 20, 3, 0, tzinfo=dt.UTC)
TITLES = (
    "Pemahaman pola karier dan penyusunan kesenjangan kompetensi",
    "Komunikasi efektif di tempat kerja",
    "Penyusunan naskah dinas dan tata kelola arsip elektronik",
    "Analisis jabatan dan beban kerja",
)
GUIDES = ("Dr. Contoh Pembimbing, S.Psi., M.Si.", "Contoh Atasan Langsung, S.H.", "Drs. Contoh Mentor, M.M.")


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
    """Everybody, with so many approved activities in all, spread over the year."""
    dice = random.Random(7)  # noqa: S311 - the same office every time, nothing secret
    staff = list(people(employees, units))
    with open_store(database_url=url, storage_url=storage) as store, store.transaction() as tx:
        tx.employees.upsert(staff)
    engine = open_engine(url)
    with for_writing(engine).begin() as connection:
        kept: list[dict[str, object]] = []
        for number in range(activities):
            kept.append(_submission(number, staff[number % employees].nip, year, dice))
            if len(kept) == 1000 or number == activities - 1:
                connection.execute(insert(SUBMISSIONS), kept)
                kept = []
    engine.dispose()
    return staff


def _submission(number: int, nip: str, year: int, dice: random.Random) -> dict[str, object]:
    kind = ("coaching", "mentoring", "belajar_mandiri")[dice.randrange(3)]
    begins = dt.time(dice.randrange(8, 15), dice.choice((0, 30)))
    minutes = dice.choice((45, 60, 90, 120))
    ends = (dt.datetime.combine(AT, begins) + dt.timedelta(minutes=minutes)).time()
    return {
        "id": f"K-{number:010}",
        "digest": f"{number:064x}",
        "file_name": "formulir.pdf",
        "received_at": AT,
        "status": "verified",
        "answer": {"verdict": "passed"},
        "decision": "approved",
        "decided_at": AT,
        "decided_by": "biro",
        "employee_nip": nip,
        "kind": kind,
        "scope": "internasional" if dice.random() < 0.1 else "nasional",
        "date": dt.date(year, 1, 1) + dt.timedelta(days=dice.randrange(350)),
        "begins": begins,
        "ends": ends,
        "minutes": minutes,
        "title": f"{dice.choice(TITLES)}, bagian {number % 40 + 1}",
        "source": "Buku Pengantar Analisis Jabatan, video daring, dan jurnal" if kind == "belajar_mandiri" else None,
        "pembimbing_name": None if kind == "belajar_mandiri" else dice.choice(GUIDES),
        "serial": f"L1-{number}",
    }
