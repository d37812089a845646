"""An installation's settings become what the jobs need: store, trust, keys, time stamps, and the mint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from service.config import Settings
from service.errors import BadInput, MissingResource
from service.sandbox.limits import PATIENT, Limits

if TYPE_CHECKING:
    from service.store import Store
    from service.verification.prove import Moment
    from signing.keys import KeyHolder
    from signing.keys.bsre import Gateway
    from signing.timestamps import Timestamper
    from signing.trust import Trust


def utc_now() -> dt.datetime:
    """The clock of the doors."""
    return dt.datetime.now(dt.UTC)


def store_of(settings: Settings) -> Store:
    """The installation's store, open; a context manager."""
    from service.store import open_store

    return open_store(database_url=settings.database_url, storage_url=settings.storage_url)


def trust_of(store: Store, settings: Settings, moment: dt.datetime) -> Trust:
    """Whom the installation believes at that moment, and what it may consult about revocation."""
    from signing.revocation.fetch import Network
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


def reading_limits(settings: Settings) -> Limits:
    """What one file may cost its reader: more time where revocation may be asked for over the network."""
    return PATIENT if settings.revocation_network else Limits()


def moment_of(store: Store, settings: Settings, now: dt.datetime) -> Moment:
    from service.verification.prove import Moment

    return Moment(now=now, zone=settings.timezone, trust=trust_of(store, settings, now))


def open_key(path: Path, passphrase_file: Path | None) -> KeyHolder:
    """The key in a PKCS#12 file; the passphrase is the first line of a file, never an argument."""
    from signing.keys.pkcs12 import open_pkcs12

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


def gateway_of(settings: Settings) -> Gateway:
    """The BSrE gateway of the installation. MissingResource when none is set up, or its password lies open."""
    from signing.keys.bsre import Gateway, Installation, Secret

    told = settings.gateway
    if told is None:
        raise MissingResource("Layanan BSrE belum dipasang.", "Atur [gateway] pada cmb.toml, atau CMB_GATEWAY_URL.")
    file = told.password_file
    if file is None or not file.is_file():
        raise MissingResource("Berkas kata sandi layanan BSrE tidak ada.", "Atur password_file pada [gateway].")
    if file.stat().st_mode & 0o077:
        raise MissingResource(f"{file} dapat dibaca orang lain.", f"Jalankan: chmod 600 {file}")
    password = (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    return Gateway(Installation(url=told.url, user=told.user, password=Secret(password), version=told.version))
