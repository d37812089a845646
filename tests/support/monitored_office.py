"""An office to monitor: people of two units, and approved activities without forms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from service.records import Decision, EmployeeEntry, Status
from service.store import Store
from support.sample_rows import NOW, facts

BIRO, KANREG = "Biro Sumber Daya Manusia", "Kantor Regional Contoh"
CAHYA, DIAH, DEWI, LESTARI = "199708212020122005", "197801012003122001", "199406302019032004", "199205172022212003"
GITA, INDRA, NAMESAKE = "199301202018012002", "197509102000031004", "199011112015032007"


def employee(nip: str, name: str, unit: str = BIRO, *roles: str, **changed: Any) -> EmployeeEntry:
    values: dict[str, Any] = {
        "nip": nip,
        "name": name,
        "position": "Analis SDM Aparatur",
        "grade": "III/b",
        "unit": unit,
        "supervisor_nip": None,
        "email": f"{nip}@contoh.go.id",
        "roles": ("pegawai", *roles),
    }
    return EmployeeEntry(**values | changed)


PEOPLE = (
    employee(CAHYA, "Cahya"),
    employee(DIAH, "Dr. Diah Contohwati, M.Si.", BIRO, "pimpinan", position="Kepala Biro SDM", grade="IV/c"),
    employee(DEWI, "Dewi Anggraeni, S.Psi.", BIRO, "pengelola", position="Pengelola Kepegawaian"),
    employee(LESTARI, "Sri Lestari Contohningrum, S.Ikom.", position="Pranata Humas", grade="IX"),
    employee(GITA, "Gita Permatasari, S.A.P.", KANREG, "pengelola"),
    employee(INDRA, "Drs. Indra Contohputra", KANREG, "pimpinan", grade="IV/d"),
    employee(NAMESAKE, "Cahya", KANREG),
)


def register_people(store: Store, *others: EmployeeEntry) -> None:
    """Register all people."""
    with store.transaction() as tx:
        tx.employees.upsert([*PEOPLE, *others])


def approve(store: Store, kind: str, day: str, *, nip: str = CAHYA, **changed: Any) -> str:
    """Store an approved activity (`day` as `2022-04-07`); return its id."""
    date = dt.date.fromisoformat(day)
    values: dict[str, Any] = {"employee_nip": nip, "kind": kind, "date": date}
    if kind == "belajar_mandiri":
        values |= {"source": "Buku Komunikasi", "pembimbing_name": None, "minutes": 60, "ends": dt.time(10, 0)}
    with store.transaction() as tx:
        mark = f"{len(tx.submissions.list(10_000)):04}"
        name = f"K-{nip[-4:]}{mark}"
        tx.submissions.receive(f"{nip}{mark}", "formulir.pdf", NOW, name)
        tx.submissions.complete(name, Status.VERIFIED, facts(**values | changed), {"verdict": "passed"})
        assert tx.submissions.decide(name, Decision.APPROVED, NOW, "biro", None)
    return name


def sample_card(store: Store) -> None:
    """The activities of the sample card in the circular's Lampiran II."""
    diah = "Diah Kusuma Ismuwardanni, S.Psi., M.Si."
    approve(store, "coaching", "2022-04-07", title="Coaching tentang pemahaman pola karier 1", pembimbing_name=diah)
    approve(store, "coaching", "2022-04-14", title="Coaching tentang pemahaman pola karier 2", pembimbing_name=diah)
    approve(
        store,
        "mentoring",
        "2022-05-29",
        title="Mentoring tentang penyusunan gap kompetensi",
        pembimbing_name="Heri Purwanto, S.H.",
    )
    approve(
        store,
        "belajar_mandiri",
        "2022-06-01",
        title="Belajar Mandiri tentang komunikasi efektif",
        source="Buku..., video..., online journal ..., online class ...",
    )
