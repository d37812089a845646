"""Run the simulated BSrE gateway for tests: a process of its own that signs for the office's people."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from signing.keys.bsre import Gateway, Installation, Secret, Signatory
from signing.keys.bsre.client import STATUS_WORDS
from support.office import CAHYA, DIAH, EKO, HERI, NOW, keys

NIKS = {CAHYA: "3201010101010001", HERI: "3201010101010002", DIAH: "3201010101010003", EKO: "3201010101010004"}
# A person in each state, all with Eko's key; the last two digits are the state's index.
STATES = {word: f"32010101010109{index:02}" for index, word in enumerate(STATUS_WORDS)}
PASSPHRASE, WRONG = "Rahasia#2026 ü", "Salah#2026"
PASSWORD = "kunci-instalasi-uji"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedGateway:
    """A running simulator."""

    url: str

    def gateway(self, version: str = "auto", *, password: str = PASSWORD, patience: float = 5.0) -> Gateway:
        return Gateway(
            Installation(
                url=f"{self.url}/", user="esign", password=Secret(password), version=version, patience=patience
            )
        )

    def mood(self, mood: str) -> None:
        """Set the outcome of the next sign call, and after `; ` those of the downloads that follow it."""
        with urllib.request.urlopen(f"{self.url}/_mood", data=mood.encode()):  # noqa: S310 - our own process
            pass

    def asked(self) -> list[str]:
        return self._read("/_asked")

    def sign_calls(self) -> int:
        return sum("/sign/pdf" in path for path in self.asked())

    def codes(self) -> list[str]:
        """Return the one-time codes on people's telephones."""
        return self._read("/_totp")

    def last_signed(self) -> bytes:
        """Return the newest file it signed, as its own history shows it to the person."""
        (newest,) = self._read("/_signed")
        return base64.b64decode(newest)

    def _read(self, path: str) -> list[str]:
        with urllib.request.urlopen(f"{self.url}{path}") as answer:  # noqa: S310 - our own process
            return [str(item) for item in json.load(answer)]


def signatory(nip: str, passphrase: str = PASSPHRASE) -> Signatory:
    return Signatory(nik=Secret(NIKS[nip]), passphrase=Secret(passphrase))


@contextmanager
def simulated(folder: Path, versions: Sequence[str] = ("v1", "v2")) -> Iterator[SimulatedGateway]:
    secret = b"kunci"
    people = {}
    for nip, issued in keys().people.items():
        (folder / f"{nip}.p12").write_bytes(issued.pkcs12(secret))
        people[NIKS[nip]] = _person(folder / f"{nip}.p12", "ISSUE")
    for word, nik in STATES.items():
        people[nik] = _person(folder / f"{EKO}.p12", word)
    (folder / "tsa.p12").write_bytes(keys().tsa.pkcs12(secret))
    settings = {"versions": list(versions), "user": "esign", "password": PASSWORD, "people": people}
    settings |= {"now": NOW.isoformat(), "tsa": str(folder / "tsa.p12"), "key_passphrase": secret.decode()}
    with running_simulator(folder, settings) as running:
        yield running


@contextmanager
def running_simulator(folder: Path, settings: Mapping[str, object]) -> Iterator[SimulatedGateway]:
    """Run the process with settings of one's own (see `bsre_simulator`)."""
    (folder / "dunia.json").write_text(json.dumps(settings), encoding="utf-8")
    script = Path(__file__).with_name("bsre_simulator.py")
    environ = os.environ | {"PYTHONPATH": f"{script.parents[2]}:{script.parents[1]}"}
    command = [sys.executable, str(script), str(folder / "dunia.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        try:
            assert process.stdout is not None
            yield SimulatedGateway(url=f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.kill()


def _person(key: Path, status: str) -> dict[str, str]:
    return {"key": str(key), "key_passphrase": "kunci", "passphrase": PASSPHRASE, "status": status}
