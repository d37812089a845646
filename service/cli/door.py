"""What every command needs: settings, store, trust, clock; and how answers leave the house."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.config import FILE_NAME, Settings, read_settings
from service.errors import BadInput, MissingResource

if TYPE_CHECKING:
    from service.ingest import Moment
    from service.store import Store
    from signing.signers import KeyHolder
    from signing.timestamps import Timestamper
    from signing.trust import Trust


def utc_now() -> dt.datetime:
    """The clock of the command."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One run of the command. Clock, randomness and environment are handed in."""

    home: Path
    environ: Mapping[str, str]
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]

    @property
    def actor(self) -> str:
        with suppress(OSError, KeyError):
            return f"cmb:{getpass.getuser()}"
        return "cmb"

    def settings(self) -> Settings:
        """MissingResource when `cmb init` has not been run here."""
        settings = read_settings(self.home, self.environ)
        if not (settings.home / FILE_NAME).exists():
            raise MissingResource(f"{settings.home} belum disiapkan.", "Jalankan `cmb init` lebih dahulu.")
        return settings

    def store(self, settings: Settings) -> Store:
        from service.store import open_store

        return open_store(database_url=settings.database_url, storage_url=settings.storage_url)


def trust_of(store: Store, settings: Settings, moment: dt.datetime) -> Trust:
    """Whom the installation believes at that moment, and what it may consult about revocation."""
    from signing.network import Network
    from signing.trust import Trust

    with store.reading() as tx:
        roots = tx.trust.all()
    network = Network(hosts=settings.revocation_hosts, folder=settings.home / "revocation")
    return Trust(
        roots=tuple(root.der for root in roots if root.use == "signing"),
        timestamp_roots=tuple(root.der for root in roots if root.use == "timestamping"),
        moment=moment,
        crls=tuple(path.read_bytes() for path in sorted(settings.crl_folder.glob("*.crl"))),
        network=network if settings.revocation_network else None,
    )


def moment_of(store: Store, settings: Settings, now: dt.datetime) -> Moment:
    from service.ingest import Moment

    return Moment(now=now, zone=settings.timezone, trust=trust_of(store, settings, now))


def open_key(path: Path, passphrase_file: Path | None) -> KeyHolder:
    """The key in a PKCS#12 file; the passphrase is the first line of a file, never an argument."""
    from signing.signers.pkcs12 import open_pkcs12

    passphrase = None
    if passphrase_file is not None:
        passphrase = (passphrase_file.read_bytes().splitlines() or [b""])[0]
    return open_pkcs12(path.read_bytes(), passphrase)


def timestamper_of(url: str | None, settings: Settings | None, clock: Callable[[], dt.datetime]) -> Timestamper | None:
    """The time-stamp authority at `url`; `sample:` is the throwaway one of the sample office (`cmb init --sample`)."""
    from signing.timestamps import HttpTimestamper, LocalTimestamper

    if not url:
        return None
    if url == "sample:":
        if settings is None or not settings.sample:
            raise MissingResource("Penanda waktu contoh hanya ada pada kantor contoh.", "Jalankan `cmb init --sample`.")
        folder = settings.sample_folder
        return LocalTimestamper(holder=open_key(folder / "tsa.p12", folder / "passphrase"), clock=clock)
    if not url.startswith(("http://", "https://")):
        raise BadInput(f"Alamat penanda waktu “{url}” tidak dikenal.", "Pakai http://, https://, atau sample:.")
    return HttpTimestamper(url=url)


def emit(answer: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False, separators=(", ", ": ")))


def say(text: str) -> None:
    """A message for the person, beside the answer."""
    click.echo(text, err=True)


def write_file(path: Path, content: bytes) -> None:
    """The whole file or none: written beside, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


as_json = click.option("--json", "as_json", is_flag=True, help="Jawaban sebagai JSON pada keluaran baku.")
output = click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="Berkas (atau folder) hasil."
)
existing_file = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)
