"""The simulated SIASN in a process of its own, and certificates to send to it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from service.records import Certificate
from service.siasn.client import SiasnClient
from service.siasn.sending import SendingContext, Sent, registration_statuses, send_year
from service.siasn.settings import read_access, read_codes
from service.store import Store
from service.store.siasn import Outcome
from support.sample_rows import NOW, entry, intended
from support.siasn_simulator import BASE, GATEWAY, SSO

CODES = """
[siasn]
instansi_id = "A5EB03E23BFBF6A0E040640A040252AD"
jenis_diklat_id = "3"
jenis_kursus = "F"
jenis_kursus_sertipikat = "S"
lokasi_id = "A5EB03E21E6DF6A0E040640A040252AD"
"""
PEOPLE = [f"{197001012000011000 + place}" for place in range(3)]


@dataclass(frozen=True, slots=True)
class Simulator:
    """The running simulator."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{BASE}"

    def goes_wrong(self, *saves: str, ask: tuple[str, ...] = ()) -> None:
        failures = {"save": list(saves), "ask": list(ask)}
        requests.post(f"http://127.0.0.1:{self.port}/_next", json=failures, timeout=5).raise_for_status()

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = requests.get(f"http://127.0.0.1:{self.port}/_state", timeout=5).json()
        return state

    def numbers(self) -> list[str]:
        """Return the numbers of all its courses."""
        return sorted(course["noSertipikat"] for mine in self.state()["courses"].values() for course in mine)


@contextmanager
def running_simulator() -> Iterator[Simulator]:
    command = [sys.executable, str(Path(__file__).with_name("siasn_simulator.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            yield Simulator(int(running.stdout.readline()))
        finally:
            running.kill()


@dataclass
class Agency:
    """A store with certificates, its clock, and access to the simulator."""

    store: Store
    simulator: Simulator
    home: Path
    now: dt.datetime = NOW
    environ: dict[str, str] = field(default_factory=dict)

    def send(self, year: int = 2025, *, patience: float = 5.0) -> list[Sent]:
        access = read_access(self.home, self.environ)
        with SiasnClient(access, patience=(patience, patience)) as register:
            sending_context = SendingContext(
                store=self.store,
                register=register,
                codes=read_codes(self.home),
                clock=lambda: self.now,
                actor="biro",
            )
            return list(send_year(year, sending_context))

    def outcomes(self, **options: Any) -> list[str]:
        return [sending.outcome for sending in self.send(**options)]


def open_agency(store: Store, simulator: Simulator, home: Path, people: int = 1) -> Agency:
    """Set up settings and tokens, and one valid certificate for each of `people`."""
    (home / "cmb.toml").write_text(CODES, encoding="utf-8")
    environ = {"CMB_SIASN_URL": simulator.url, "CMB_SIASN_TOKEN": GATEWAY, "CMB_SIASN_SSO_TOKEN": SSO}
    for nip in PEOPLE[:people]:
        certify(store, nip)
    return Agency(store=store, simulator=simulator, home=home, environ=environ)


def certify(store: Store, nip: str, jp: str = "2.4", basis: str = "b1") -> Certificate:
    """Keep a valid certificate as the issuing job does; an older one is superseded."""
    with store.transaction() as tx:
        tx.employees.upsert([entry(nip)])

        def build(sequence: int) -> Certificate:
            from dataclasses import replace

            certificate = intended(sequence, nip=nip, year=2025, basis=basis)
            days = [{"date": "2025-03-04"}, {"date": "2025-11-20"}]
            return replace(certificate, jp=Decimal(jp), content={"name": "Contoh Pegawai", "activities": days})

        reserved = tx.certificates.reserve(nip, 2025, build)
    with store.transaction() as tx:
        return tx.certificates.keep_issued(reserved.number, f"{nip}{basis}", NOW)


def states(agency: Agency) -> list[str]:
    """Return the states of the certificates, in order."""
    return [sending.state for sending in registration_statuses(2025, agency.store)]


def kept(agency: Agency, place: int = 1) -> list[tuple[Outcome, int | None]]:
    """Return the attempts to send the certificate at that place in the series."""
    with agency.store.reading() as tx:
        return [(sending.outcome, sending.status) for sending in tx.sendings.of(f"CMB-2025-{place:06d}")]
