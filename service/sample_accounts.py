"""Accounts of the sample office, one per person, with one throwaway password that is printed for whoever tries it."""

from __future__ import annotations

from pathlib import Path

from service.accounts import first_password, open_account
from service.config import Settings
from service.errors import MissingResource
from service.sample import PEOPLE, SamplePerson
from service.signin import Gate

# Who plays which part: enough to walk the whole way from a blank to a certificate.
PARTS: tuple[tuple[str, str], ...] = (
    ("cahya", "pegawai"),
    ("heri", "mentor"),
    ("diah", "atasan langsung, pimpinan, dan Biro SDM"),
    ("dewi", "pengelola kepegawaian"),
    ("lestari", "admin"),
)


def open_sample_accounts(settings: Settings, *, gate: Gate, actor: str) -> str:
    """An account for everybody who has none yet; gives the password all of them share. Safe to repeat."""
    if not settings.sample:
        raise MissingResource("Kantor contoh belum dibuat.", "Jalankan `cmb init --sample`.")
    path = settings.sample_folder / "web-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(first_password(gate) + "\n", encoding="ascii")
    password = path.read_text(encoding="ascii").strip()
    with gate.store.reading() as tx:
        missing = [each.nip for each in PEOPLE.values() if tx.accounts.by_nip(each.nip) is None]
    for nip in missing:
        open_account(nip, gate=gate, actor=actor, password=password)
    return password


def parts() -> tuple[tuple[SamplePerson, str], ...]:
    """The people to try the service as, and what each of them is."""
    return tuple((PEOPLE[key], part) for key, part in PARTS)


def key_of(settings: Settings, person: SamplePerson) -> Path:
    """Where that person's throwaway key lies (PKCS#12; its passphrase beside it in `passphrase`)."""
    return settings.sample_folder / f"{next(key for key, each in PEOPLE.items() if each is person)}.p12"
