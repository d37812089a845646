"""What the service asks of others: time stamps, the agency's sign-in, BSrE, e-mail. Each is asked once, briefly."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace

import requests

from service.config import Settings
from service.mail.post import visiting
from service.opening import gateway_of, timestamper_of
from service.selfcheck.findings import Finding, Tone
from service.selfcheck.inside import apart
from signing.timestamps import HttpTimestamper
from signing.tokens import moment_in

Clock = Callable[[], dt.datetime]
PATIENCE = 5.0  # seconds


def timestamps(settings: Settings, clock: Clock) -> Finding:
    """A real time stamp is asked for; the moment in it is compared with our clock."""
    title = "Penanda waktu"
    timestamper = timestamper_of(settings.timestamp_url, settings, clock)
    if timestamper is None:
        message = "Penanda waktu belum diatur: segel sertifikat tidak membuktikan kapan dibuat."
        hint = "Atur [timestamp] pada cmb.toml."
        return Finding(id="timestamps", title=title, tone=Tone.DOUBT, message=message, hint=hint)
    if isinstance(timestamper, HttpTimestamper):
        timestamper = replace(timestamper, timeout=PATIENCE)
    token = timestamper.stamp(hashlib.sha256(b"pemeriksaan diri").digest(), "sha256")
    found = apart("timestamps", title, clock() - moment_in(token), "penanda waktu")
    return replace(found, message=f"Penanda waktu menjawab. {found.message}")


def sign_in(settings: Settings, _clock: Clock) -> Finding:
    """Whether the agency's provider answers, and calls itself what the settings call it."""
    title = "Akun instansi"
    if settings.oidc is None:
        message = "Masuk dengan akun instansi (OIDC) tidak diatur; orang masuk dengan kata sandi."
        return Finding(id="oidc", title=title, tone=Tone.PLAIN, message=message)
    hint = "Periksa [oidc] pada cmb.toml dan jaringannya; kata sandi tetap dapat dipakai."
    try:
        address = f"{settings.oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
        told = requests.get(address, timeout=PATIENCE).json()
    except (requests.RequestException, ValueError):
        message = "Penyedia akun instansi tidak menjawab sebagaimana mestinya."
        return Finding(id="oidc", title=title, tone=Tone.BAD, message=message, hint=hint)
    if not isinstance(told, dict) or told.get("issuer") != settings.oidc.issuer:
        message = "Penyedia akun instansi menyebut dirinya lain dari yang diatur."
        return Finding(id="oidc", title=title, tone=Tone.BAD, message=message, hint=hint)
    return Finding(id="oidc", title=title, tone=Tone.GOOD, message="Penyedia akun instansi menjawab.")


def gateway(settings: Settings, _clock: Clock) -> Finding:
    """Whether the BSrE gateway is set up and answers at all; nobody's key is touched."""
    title = "Layanan BSrE"
    if settings.gateway is None:
        message = "Layanan BSrE tidak diatur; orang menandatangani dengan aplikasinya sendiri atau berkas kunci."
        return Finding(id="gateway", title=title, tone=Tone.PLAIN, message=message)
    gateway_of(settings)  # says what is wrong with the password file
    try:
        # Any answer will do: what it says to an unknown page differs between versions.
        requests.get(settings.gateway.url, timeout=PATIENCE, allow_redirects=False, stream=True).close()
    except requests.RequestException:
        message = "Layanan BSrE tidak dapat dihubungi."
        hint = "Periksa [gateway] pada cmb.toml dan jaringannya; cara menandatangani yang lain tetap ada."
        return Finding(id="gateway", title=title, tone=Tone.BAD, message=message, hint=hint)
    return Finding(id="gateway", title=title, tone=Tone.GOOD, message="Layanan BSrE menjawab.")


def mail(settings: Settings, _clock: Clock) -> Finding:
    """Whether the mail server lets us in; no letter is sent."""
    title = "Surel"
    if settings.mail is None:
        message = "Surel tidak diatur; pesan hanya ada di dalam layanan."
        return Finding(id="mail", title=title, tone=Tone.PLAIN, message=message)
    with visiting(settings.mail):
        return Finding(id="mail", title=title, tone=Tone.GOOD, message="Server surel menerima kedatangan kami.")


LOOKS: tuple[tuple[str, str, Callable[[Settings, Clock], Finding]], ...] = (
    ("timestamps", "Penanda waktu", timestamps),
    ("oidc", "Akun instansi", sign_in),
    ("gateway", "Layanan BSrE", gateway),
    ("mail", "Surel", mail),
)
