"""The self-check of an installation: settings, store, roots, keys, clock, disk, and the services it depends on."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

import requests

from parsers.values import indonesian_date
from service.bootstrap import gateway_of, open_key, store_of, timestamper_of
from service.certificates.check import unconfirmed_numbers
from service.config import EXAMPLE_NAME, FILE_NAME, Settings, local_day, missing_settings
from service.jobs.leftovers import LEFT_AFTER
from service.language import Message
from service.language.bridge import indonesian
from service.notifications.email_delivery import mail_session
from service.sandbox.problems import problem_of
from service.store import Store
from service.store.certificates import Check
from service.store.queries import database_address, storage_folder
from signing.certificates import national_root_note, read_certificate
from signing.timestamps import HttpTimestamper, token_time

Clock = Callable[[], dt.datetime]


def self_check(settings: Settings, *, clock: Clock) -> tuple[Finding, ...]:
    """Run every check; a check that fails is a finding too.

    Checks of other services run side by side, each for some seconds at most.
    """
    with ThreadPoolExecutor() as executor:
        outside = [
            executor.submit(_finding, id_, title, partial(check, settings, clock))
            for id_, title, check in OUTSIDE_CHECKS
        ]
        findings = [
            _finding("settings", "Pengaturan", partial(check_address, settings)),
            _finding("settings_file", "Berkas pengaturan", partial(settings_file, settings)),
            _finding("file_rights", "Izin berkas", partial(file_rights, settings)),
        ]
        try:
            with store_of(settings) as store:
                findings.append(Finding(id="schema", title="Skema", tone=Tone.GOOD, message="Skema basis data sesuai."))
                findings += [
                    _finding(id_, title, partial(check, store, settings, clock)) for id_, title, check in INSIDE_CHECKS
                ]
        except Exception as error:  # noqa: BLE001 - any error is a finding
            findings.append(_failed("schema", "Skema", error))
        findings.append(_finding("disk", "Ruang penyimpanan", partial(disk, settings)))
        return (*findings, *(check.result() for check in outside))


def _finding(id_: str, title: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a check that fails is a finding
        return _failed(id_, title, error)


def _failed(id_: str, title: str, error: Exception) -> Finding:
    problem = problem_of(error)
    message = problem.message if problem else f"Pemeriksaan ini sendiri gagal ({type(error).__name__})."
    return Finding(id=id_, title=title, tone=Tone.BAD, message=message, hint=problem.hint if problem else "")


# --- Findings


class Tone(StrEnum):
    """GOOD, DOUBT (works, but needs attention), BAD (something does not work), PLAIN (optional, not set up)."""

    GOOD = "good"
    PLAIN = "plain"
    DOUBT = "doubt"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check; `message` and `hint` are Indonesian sentences without secrets."""

    id: str
    title: str
    tone: Tone
    message: str
    hint: str = ""


def worst(findings: Sequence[Finding]) -> Tone:
    """Return BAD if any finding is BAD, else DOUBT if any is, else GOOD."""
    tones = {finding.tone for finding in findings}
    return next((tone for tone in (Tone.BAD, Tone.DOUBT) if tone in tones), Tone.GOOD)


# --- Checks of the installation itself

SOON = dt.timedelta(days=90)
_GIGA = 10**9
_NAMED = 5  # of the submissions that were left
_OTHERS = 0o077  # any right of group and others
_LITTLE, _TOO_LITTLE = 5 * _GIGA, 1 * _GIGA
# Clocks of signers may be minutes off; a server's clock must be right within seconds.
ODD, WRONG = dt.timedelta(seconds=5), dt.timedelta(seconds=60)


class _Undone(Exception):
    """Rolls back a transaction that only tried to write."""


def check_address(settings: Settings) -> Finding:
    """Check that the public can reach the address on certificates."""
    title, host = "Alamat pemeriksaan umum", urlsplit(settings.check_url).hostname or ""
    if settings.sample:
        message = "Ini kantor contoh: orang, kunci, dan sertifikatnya tidak berlaku."
        return Finding(id="settings", title=title, tone=Tone.PLAIN, message=message)
    if not settings.check_url.startswith("https://") or host.endswith("example.go.id") or host == "127.0.0.1":
        message = f"Sertifikat menunjuk ke {settings.check_url}, yang tidak dapat dibuka orang luar dengan aman."
        hint = "Atur check_url pada cmb.toml ke alamat publik berawalan https:// sebelum menerbitkan sertifikat."
        return Finding(id="settings", title=title, tone=Tone.BAD, message=message, hint=hint)
    return Finding(id="settings", title=title, tone=Tone.GOOD, message=f"Sertifikat menunjuk ke {settings.check_url}.")


def settings_file(settings: Settings) -> Finding:
    """Check that the file names every setting of this version; an older file works with the defaults."""
    title, missing = "Berkas pengaturan", missing_settings(settings.home)
    if missing:
        named = ", ".join(indonesian(name) if isinstance(name, Message) else name for name in missing)
        message = f"{FILE_NAME} belum memuat {named}; nilai bawaan berlaku."
        hint = f"Jalankan `cmb init`: contoh tiap barisnya ditulis ke {EXAMPLE_NAME} di samping berkas itu."
        return Finding(id="settings_file", title=title, tone=Tone.PLAIN, message=message, hint=hint)
    return Finding(id="settings_file", title=title, tone=Tone.GOOD, message=f"{FILE_NAME} memuat semua bagian.")


def file_rights(settings: Settings) -> Finding:
    """Check that nobody but the service's account reads settings and database: they hold names, NIPs and secrets."""
    title, files = "Izin berkas", [settings.home / FILE_NAME]
    address = database_address(settings.database_url)
    if address.get_backend_name() == "sqlite" and address.database:
        files += [Path(f"{address.database}{ending}") for ending in ("", "-wal", "-shm")]
    open_files = [str(file) for file in files if file.exists() and file.stat().st_mode & _OTHERS]
    if open_files:
        message = f"Akun lain pada mesin ini dapat membuka {', '.join(open_files)}."
        hint = f"Jalankan: chmod go= {' '.join(map(quote, open_files))}"
        return Finding(id="file_rights", title=title, tone=Tone.DOUBT, message=message, hint=hint)
    message = "Pengaturan dan basis data hanya dapat dibuka akun layanan ini."
    return Finding(id="file_rights", title=title, tone=Tone.GOOD, message=message)


def database(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check that the database can be written to; the write is rolled back."""
    try:
        with store.transaction() as tx:
            tx.checks.append(Check(at=clock(), by="number", asked="-", state="unknown", caller="-"))
            raise _Undone
    except _Undone:
        kind = "SQLite" if database_address(settings.database_url).get_backend_name() == "sqlite" else "PostgreSQL"
        return Finding(
            id="database", title="Basis data", tone=Tone.GOOD, message=f"{kind} menjawab dan dapat ditulisi."
        )


def documents(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check that documents are kept and read back: the same few bytes all day, so that checking often adds nothing."""
    content = f"Pemeriksaan diri CMB, {local_day(clock(), settings)}\n".encode()
    read_back = store.document(store.keep_document(content))
    if read_back != content:
        return Finding(id="documents", title="Dokumen", tone=Tone.BAD, message="Yang dibaca lain dari yang disimpan.")
    return Finding(
        id="documents", title="Dokumen", tone=Tone.GOOD, message="Penyimpanan dokumen dapat ditulisi dan dibaca."
    )


def trusted_roots(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check the trusted roots and how long they are valid."""
    title, now = "Sertifikat akar", clock()
    with store.reading() as tx:
        trusted = tx.trust.all()
    roots = [(entry.use, read_certificate(entry.der)) for entry in trusted]
    ended = [root for _, root in roots if root.not_after <= now]
    ending = [root for _, root in roots if now < root.not_after <= now + SOON]
    valid = {use for use, root in roots if root.not_before <= now < root.not_after}
    coming = [root for use, root in roots if use == "signing" and now < root.not_before]
    if "signing" not in valid and coming:
        first = min(coming, key=lambda root: root.not_before)
        begins = _day(first.not_before, settings)
        message = f"Akar “{first.name}” baru berlaku mulai {begins}; sampai saat itu setiap formulir akan ditolak."
        hint = "Periksa jam server, atau tambahkan akar yang sudah berlaku dengan `cmb trust add`."
        return Finding(id="roots", title=title, tone=Tone.BAD, message=message, hint=hint)
    if "signing" not in valid:
        message = "Tidak ada akar yang berlaku untuk tanda tangan: setiap formulir akan ditolak."
        hint = "Tambahkan Root CA Indonesia DS G1 dengan `cmb trust add`."
        return Finding(id="roots", title=title, tone=Tone.BAD, message=message, hint=hint)
    until = min(root.not_after for use, root in roots if root.not_after > now)
    message = f"{len(roots)} akar dipercaya; yang paling dahulu berakhir pada {_day(until, settings)}."
    if ended:
        message += f" {len(ended)} sudah berakhir dan hanya dipakai untuk tanda tangan lama yang bertanda waktu."
    if ending:
        hint = f"“{ending[0].name}” segera berakhir: siapkan penggantinya."
        return Finding(id="roots", title=title, tone=Tone.DOUBT, message=message, hint=hint)
    if "timestamping" not in valid:
        hint = "Tambahkan akar penanda waktu: `cmb trust add --use timestamping`."
        message += " Belum ada akar untuk penanda waktu."
        return Finding(id="roots", title=title, tone=Tone.DOUBT, message=message, hint=hint)
    if not settings.sample and not any(national_root_note(root.fingerprint) for _, root in roots):
        hint = "Untuk tanda tangan BSrE, tambahkan Root CA Indonesia DS G1."
        return Finding(id="roots", title=title, tone=Tone.DOUBT, message=message, hint=hint)
    return Finding(id="roots", title=title, tone=Tone.GOOD, message=message)


def seal(_store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check that the seal key opens, and how long its certificate is valid."""
    title, now = "Kunci segel", clock()
    if settings.seal_key is None:
        message = "Kunci segel belum dipasang; sertifikat belum dapat diterbitkan."
        return Finding(
            id="seal", title=title, tone=Tone.DOUBT, message=message, hint="Atur bagian [seal] pada cmb.toml."
        )
    holder = open_key(settings.seal_key, settings.seal_passphrase_file)
    certificate = read_certificate(holder.certificate)
    until = _day(certificate.not_after, settings)
    message = f"Kunci segel “{certificate.name}” terbuka; sertifikatnya berlaku sampai {until}."
    if certificate.not_after <= now:
        message = f"Sertifikat kunci segel “{certificate.name}” berakhir pada {until}."
        return Finding(id="seal", title=title, tone=Tone.BAD, message=message, hint="Pasang kunci segel yang baru.")
    if now < certificate.not_before:
        begins = _day(certificate.not_before, settings)
        message = f"Sertifikat kunci segel “{certificate.name}” baru berlaku mulai {begins}."
        hint = "Periksa jam server, atau pasang kunci segel yang sudah berlaku."
        return Finding(id="seal", title=title, tone=Tone.BAD, message=message, hint=hint)
    if certificate.not_after <= now + SOON:
        return Finding(id="seal", title=title, tone=Tone.DOUBT, message=message, hint="Siapkan penggantinya.")
    return Finding(id="seal", title=title, tone=Tone.GOOD, message=message)


_LATELY, _NEWEST = dt.timedelta(days=30), 20


def certificates(store: Store, _settings: Settings, clock: Clock) -> Finding:
    """Prove the newest certificates, and those whose check lately could not be confirmed."""
    title = "Bukti sertifikat"
    numbers = unconfirmed_numbers(store=store, since=clock() - _LATELY, newest=_NEWEST)
    if numbers:
        message = f"Catatan dan berkas bersegel tidak sesuai pada {len(numbers)} sertifikat: {', '.join(numbers)}."
        hint = "Jalankan `cmb certificates check NOMOR` untuk melihat apa yang berbeda, lalu pulihkan dari cadangan."
        return Finding(id="certificates", title=title, tone=Tone.BAD, message=message, hint=hint)
    message = f"Catatan {_NEWEST} sertifikat terakhir dan yang belakangan diragukan sesuai dengan berkas bersegelnya."
    return Finding(id="certificates", title=title, tone=Tone.GOOD, message=message)


def database_clock(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Compare our clock with the database server's; SQLite has none of its own."""
    if database_address(settings.database_url).get_backend_name() == "sqlite":
        message = "Basis data berada di mesin ini, jadi jamnya sama; jam penanda waktu dibandingkan di bawah."
        return Finding(id="clock", title="Jam", tone=Tone.PLAIN, message=message)
    with store.reading() as tx:
        theirs = tx.people.database_clock()
    return clock_difference("clock", "Jam", clock() - theirs, "basis data")


def clock_difference(id_: str, title: str, difference: dt.timedelta, whose: str) -> Finding:
    """Return the finding on the difference between our clock and another."""
    seconds = f"{abs(difference).total_seconds():.1f}".replace(".", ",")
    message = f"Jam layanan ini dan jam {whose} berselisih {seconds} detik."
    if abs(difference) <= ODD:
        return Finding(id=id_, title=title, tone=Tone.GOOD, message=message)
    tone = Tone.BAD if abs(difference) > WRONG else Tone.DOUBT
    return Finding(id=id_, title=title, tone=tone, message=message, hint="Nyalakan penyelaras waktu (NTP) di server.")


def disk(settings: Settings) -> Finding:
    """Check the free space of documents and database, as far as they are on this machine."""
    title = "Ruang penyimpanan"
    url = database_address(settings.database_url)
    places = [storage_folder(settings.storage_url)]
    places.append(Path(url.database or "").absolute().parent if url.get_backend_name() == "sqlite" else None)
    local = [place for place in places if place is not None and place.exists()]
    if not local:
        message = "Dokumen dan basis data berada di tempat lain; ruangnya diawasi di sana."
        return Finding(id="disk", title=title, tone=Tone.PLAIN, message=message)
    least = min((shutil.disk_usage(place) for place in local), key=lambda usage: usage.free)
    free = f"{least.free / _GIGA:.1f}".replace(".", ",")
    message = f"Tersisa {free} GB ({100 * least.free // least.total} %)."
    if least.free < _LITTLE:
        tone = Tone.BAD if least.free < _TOO_LITTLE else Tone.DOUBT
        return Finding(id="disk", title=title, tone=tone, message=message, hint="Tambah atau kosongkan ruang.")
    return Finding(id="disk", title=title, tone=Tone.GOOD, message=message)


def _day(moment: dt.datetime, settings: Settings) -> str:
    return indonesian_date(local_day(moment, settings))


def left_submissions(store: Store, _settings: Settings, clock: Clock) -> Finding:
    """Count what was received more than two minutes ago and is not judged: a killed process left it."""
    title = "Kiriman yang terhenti"
    with store.reading() as tx:
        left = [submission.id for submission in tx.submissions.unfinished(before=clock() - LEFT_AFTER)]
    if not left:
        return Finding(id="left", title=title, tone=Tone.GOOD, message="Semua kiriman yang diterima sudah diperiksa.")
    named = ", ".join(left[:_NAMED]) + (", ..." if len(left) > _NAMED else "")
    message = f"{len(left)} kiriman diterima lebih dari dua menit yang lalu dan belum diperiksa: {named}."
    hint = "Jalankan `cmb worker`, yang memeriksanya; bila tetap ada, pastikan dokumennya masih tersimpan."
    return Finding(id="left", title=title, tone=Tone.DOUBT, message=message, hint=hint)


INSIDE_CHECKS: tuple[tuple[str, str, Callable[[Store, Settings, Clock], Finding]], ...] = (
    ("database", "Basis data", database),
    ("documents", "Dokumen", documents),
    ("roots", "Sertifikat akar", trusted_roots),
    ("seal", "Kunci segel", seal),
    ("certificates", "Bukti sertifikat", certificates),
    ("clock", "Jam", database_clock),
    ("left", "Kiriman yang terhenti", left_submissions),
)


# --- Checks of other services: each is called once, briefly

PATIENCE = 5.0  # seconds


def timestamps(settings: Settings, clock: Clock) -> Finding:
    """Request a real time stamp, and compare the moment in it with our clock."""
    title = "Penanda waktu"
    timestamper = timestamper_of(settings.timestamp_url, settings, clock)
    if timestamper is None:
        message = "Penanda waktu belum diatur: segel sertifikat tidak membuktikan kapan dibuat."
        hint = "Atur [timestamp] pada cmb.toml."
        return Finding(id="timestamps", title=title, tone=Tone.DOUBT, message=message, hint=hint)
    if isinstance(timestamper, HttpTimestamper):
        timestamper = replace(timestamper, timeout=PATIENCE)
    token = timestamper.stamp(hashlib.sha256(b"pemeriksaan diri").digest(), "sha256")
    finding = clock_difference("timestamps", title, clock() - token_time(token), "penanda waktu")
    return replace(finding, message=f"Penanda waktu menjawab. {finding.message}")


def sign_in(settings: Settings, _clock: Clock) -> Finding:
    """Check that the OIDC provider answers, as the issuer the settings name."""
    title = "Akun instansi"
    if settings.oidc is None:
        message = "Masuk dengan akun instansi (OIDC) tidak diatur; orang masuk dengan kata sandi."
        return Finding(id="oidc", title=title, tone=Tone.PLAIN, message=message)
    hint = "Periksa [oidc] pada cmb.toml dan jaringannya; kata sandi tetap dapat dipakai."
    try:
        address = f"{settings.oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
        document = requests.get(address, timeout=PATIENCE).json()
    except (requests.RequestException, ValueError):
        message = "Penyedia akun instansi tidak menjawab sebagaimana mestinya."
        return Finding(id="oidc", title=title, tone=Tone.BAD, message=message, hint=hint)
    if not isinstance(document, dict) or document.get("issuer") != settings.oidc.issuer:
        message = "Penyedia akun instansi menyebut dirinya lain dari yang diatur."
        return Finding(id="oidc", title=title, tone=Tone.BAD, message=message, hint=hint)
    return Finding(id="oidc", title=title, tone=Tone.GOOD, message="Penyedia akun instansi menjawab.")


def gateway(settings: Settings, _clock: Clock) -> Finding:
    """Check that the BSrE gateway is set up and answers; no key is used."""
    title = "Layanan BSrE"
    if settings.gateway is None:
        message = "Layanan BSrE tidak diatur; orang menandatangani dengan aplikasinya sendiri atau berkas kunci."
        return Finding(id="gateway", title=title, tone=Tone.PLAIN, message=message)
    gateway_of(settings)  # raises if the password file is not right
    try:
        # Any answer will do: the answer to an unknown page differs between versions.
        requests.get(settings.gateway.url, timeout=PATIENCE, allow_redirects=False, stream=True).close()
    except requests.RequestException:
        message = "Layanan BSrE tidak dapat dihubungi."
        hint = "Periksa [gateway] pada cmb.toml dan jaringannya; cara menandatangani yang lain tetap ada."
        return Finding(id="gateway", title=title, tone=Tone.BAD, message=message, hint=hint)
    return Finding(id="gateway", title=title, tone=Tone.GOOD, message="Layanan BSrE menjawab.")


def mail(settings: Settings, _clock: Clock) -> Finding:
    """Check that the mail server accepts our sign-in; no e-mail is sent."""
    title = "Surel"
    if settings.mail is None:
        message = "Surel tidak diatur; pesan hanya ada di dalam layanan."
        return Finding(id="mail", title=title, tone=Tone.PLAIN, message=message)
    with mail_session(settings.mail):
        return Finding(id="mail", title=title, tone=Tone.GOOD, message="Server surel menerima kedatangan kami.")


OUTSIDE_CHECKS: tuple[tuple[str, str, Callable[[Settings, Clock], Finding]], ...] = (
    ("timestamps", "Penanda waktu", timestamps),
    ("oidc", "Akun instansi", sign_in),
    ("gateway", "Layanan BSrE", gateway),
    ("mail", "Surel", mail),
)
