"""What an installation's settings open: store, trust, keys, time stamps, the gateway."""

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
    """Return the current moment; the clock that the doors hand in."""
    return dt.datetime.now(dt.UTC)


def store_of(settings: Settings) -> Store:
    """Open the installation's store; a context manager."""
    from service.store import open_store

    return open_store(database_url=settings.database_url, storage_url=settings.storage_url)


def trust_of(store: Store, settings: Settings, moment: dt.datetime) -> Trust:
    """Return the trusted roots at that moment, and what may be consulted about revocation."""
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
    """Return what reading one file may cost: more time if revocation may be checked over the network."""
    return PATIENT if settings.revocation_network else Limits()


def moment_of(store: Store, settings: Settings, now: dt.datetime) -> Moment:
    """Return what a proof at that moment depends on."""
    from service.verification.prove import Moment

    return Moment(now=now, zone=settings.timezone, trust=trust_of(store, settings, now))


def open_key(path: Path, passphrase_file: Path | None) -> KeyHolder:
    """Open the key in a PKCS#12 file; the passphrase is the first line of a file, never an argument."""
    from signing.keys.pkcs12 import open_pkcs12

    passphrase = None
    if passphrase_file is not None:
        passphrase = (passphrase_file.read_bytes().splitlines() or [b""])[0]
    return open_pkcs12(path.read_bytes(), passphrase)


def seal_key_of(settings: Settings) -> KeyHolder:
    """Return the installation's seal key, from its token or its file; MissingResource where none is set up."""
    token = settings.seal_token
    if token is not None:
        from signing.keys.pkcs11 import open_pkcs11

        if token.pin_file is None or not token.pin_file.is_file():
            raise MissingResource("seal_pin_missing")
        if token.pin_file.stat().st_mode & 0o077:
            raise MissingResource("seal_pin_readable", file=str(token.pin_file))
        pin = (token.pin_file.read_text(encoding="utf-8").splitlines() or [""])[0]
        certificates = None if token.certificate is None else _read_or_missing(token.certificate)
        return open_pkcs11(
            module=str(token.module), token=token.token, label=token.label, pin=pin, certificates=certificates
        )
    if settings.seal_key is None or not settings.seal_key.exists():
        raise MissingResource("seal_key_not_set")
    return open_key(settings.seal_key, settings.seal_passphrase_file)


def _read_or_missing(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MissingResource("seal_certificate_missing", file=str(path)) from error


def timestamper_of(url: str | None, settings: Settings | None, clock: Callable[[], dt.datetime]) -> Timestamper | None:
    """Return the time-stamp authority at `url`, None without one; `sample:` is that of the sample office."""
    from signing.timestamps import HttpTimestamper, LocalTimestamper

    if not url:
        return None
    if url == "sample:":
        if settings is None or not settings.sample:
            raise MissingResource("sample_timestamps_only_there")
        folder = settings.sample_folder
        return LocalTimestamper(holder=open_key(folder / "tsa.p12", folder / "passphrase"), clock=clock)
    if not url.startswith(("http://", "https://")):
        raise BadInput("timestamp_address_unknown", address=url)
    return HttpTimestamper(url=url)


def gateway_of(settings: Settings) -> Gateway:
    """Return the BSrE gateway; MissingResource if none is set up, or others can read its password file."""
    from signing.keys.bsre import Gateway, Installation, Secret

    configured = settings.gateway
    if configured is None:
        raise MissingResource("gateway_not_set_up")
    file = configured.password_file
    if file is None or not file.is_file():
        raise MissingResource("gateway_password_missing")
    if file.stat().st_mode & 0o077:
        raise MissingResource("gateway_password_open", file=str(file))
    password = (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    return Gateway(
        Installation(url=configured.url, user=configured.user, password=Secret(password), version=configured.version)
    )
