"""The self-check of an installation: settings, store, roots, keys, clock, disk, and the services it depends on."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import partial
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

import requests

from service.bootstrap import gateway_of, seal_key_of, store_of, timestamper_of
from service.certificates.check import unconfirmed_numbers
from service.config import EXAMPLE_NAME, FILE_NAME, Settings, local_day, missing_settings
from service.jobs.leftovers import LEFT_AFTER
from service.language import Message, Reader, words
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
        outside = [executor.submit(_finding, id_, partial(check, settings, clock)) for id_, check in OUTSIDE_CHECKS]
        findings = [
            _finding("settings", partial(check_address, settings)),
            _finding("settings_file", partial(settings_file, settings)),
            _finding("file_rights", partial(file_rights, settings)),
        ]
        try:
            with store_of(settings) as store:
                findings.append(_good("schema", Message("check_schema_fits")))
                findings += [_finding(id_, partial(check, store, settings, clock)) for id_, check in INSIDE_CHECKS]
        except Exception as error:  # noqa: BLE001 - any error is a finding
            findings.append(_failed("schema", error))
        findings.append(_finding("disk", partial(disk, settings)))
        return (*findings, *(check.result() for check in outside))


def _finding(id_: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a check that fails is a finding
        return _failed(id_, error)


def _failed(id_: str, error: Exception) -> Finding:
    problem = problem_of(error)
    return _bad(id_, problem.said if problem else Message("check_failed", error=type(error).__name__))


# --- Findings


class Tone(StrEnum):
    """GOOD, DOUBT (works, but needs attention), BAD (something does not work), PLAIN (optional, not set up)."""

    GOOD = "good"
    PLAIN = "plain"
    DOUBT = "doubt"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check: `said` holds no secrets; `advice` is what to do, else the first's hint."""

    id: str
    tone: Tone
    said: tuple[Message, ...]
    advice: Message | None = None

    @property
    def title(self) -> Message:
        return Message(f"check_title.{self.id}")

    @property
    def to_do(self) -> Message:
        return self.advice or self.said[0].hint

    def message(self, reader: Reader) -> str:
        """Return its sentences in the reader's language."""
        return " ".join(words(sentence, reader) for sentence in self.said)

    def hint(self, reader: Reader) -> str:
        """Return what to do now in the reader's language; empty when there is nothing to do."""
        return words(self.to_do, reader)


def _good(id_: str, *said: Message) -> Finding:
    return Finding(id=id_, tone=Tone.GOOD, said=said)


def _plain(id_: str, *said: Message) -> Finding:
    return Finding(id=id_, tone=Tone.PLAIN, said=said)


def _doubt(id_: str, *said: Message, advice: Message | None = None) -> Finding:
    return Finding(id=id_, tone=Tone.DOUBT, said=said, advice=advice)


def _bad(id_: str, *said: Message) -> Finding:
    return Finding(id=id_, tone=Tone.BAD, said=said)


def worst(findings: Sequence[Finding]) -> Tone:
    """Return BAD if any finding is BAD, else DOUBT if any is, else GOOD."""
    tones = {finding.tone for finding in findings}
    return next((tone for tone in (Tone.BAD, Tone.DOUBT) if tone in tones), Tone.GOOD)


# --- Checks of the installation itself

SILENT = dt.timedelta(minutes=1)  # a worker says every few seconds that it lives
UNTRUSTED_PROXY = "proxy.untrusted"  # the event of a request that came through a proxy nobody named

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
    host = urlsplit(settings.check_url).hostname or ""
    if settings.sample:
        return _plain("settings", Message("check_sample_office"))
    if not settings.check_url.startswith("https://") or host.endswith("example.go.id") or host == "127.0.0.1":
        return _bad("settings", Message("check_address_unsafe", address=settings.check_url))
    return _good("settings", Message("check_address", address=settings.check_url))


def settings_file(settings: Settings) -> Finding:
    """Check that the file names every setting of this version; an older file works with the defaults."""
    missing = missing_settings(settings.home)
    if missing:
        lacking = Message("check_settings_lacking", file=FILE_NAME, missing=missing, example=EXAMPLE_NAME)
        return _plain("settings_file", lacking)
    return _good("settings_file", Message("check_settings_whole", file=FILE_NAME))


def file_rights(settings: Settings) -> Finding:
    """Check that nobody but the service's account reads settings and database: they hold names, NIPs and secrets."""
    files = [settings.home / FILE_NAME]
    address = database_address(settings.database_url)
    if address.get_backend_name() == "sqlite" and address.database:
        files += [Path(f"{address.database}{ending}") for ending in ("", "-wal", "-shm")]
    open_files = [str(file) for file in files if file.exists() and file.stat().st_mode & _OTHERS]
    if open_files:
        quoted = " ".join(map(quote, open_files))
        return _doubt("file_rights", Message("check_files_open", files=open_files, quoted=quoted))
    return _good("file_rights", Message("check_files_closed"))


def database(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check that the database can be written to; the write is rolled back."""
    try:
        with store.transaction() as tx:
            tx.checks.append(Check(at=clock(), by="number", asked="-", state="unknown", caller="-"))
            raise _Undone
    except _Undone:
        kind = "SQLite" if database_address(settings.database_url).get_backend_name() == "sqlite" else "PostgreSQL"
        return _good("database", Message("check_database_writable", database=kind))


def documents(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check that documents are kept and read back: the same few bytes all day, so that checking often adds nothing."""
    content = f"Pemeriksaan diri CMB, {local_day(clock(), settings)}\n".encode()
    read_back = store.document(store.keep_document(content))
    if read_back != content:
        return _bad("documents", Message("check_documents_differ"))
    return _good("documents", Message("check_documents_kept"))


def trusted_roots(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check the trusted roots and how long they are valid."""
    now = clock()
    with store.reading() as tx:
        trusted = tx.trust.all()
    roots = [(entry.use, read_certificate(entry.der)) for entry in trusted]
    ended = [root for _, root in roots if root.not_after <= now]
    ending = [root for _, root in roots if now < root.not_after <= now + SOON]
    valid = {use for use, root in roots if root.not_before <= now < root.not_after}
    coming = [root for use, root in roots if use == "signing" and now < root.not_before]
    if "signing" not in valid and coming:
        first = min(coming, key=lambda root: root.not_before)
        begins = local_day(first.not_before, settings)
        return _bad("roots", Message("check_roots_begin", name=first.name, day=begins))
    if "signing" not in valid:
        return _bad("roots", Message("check_roots_none"))
    until = min(root.not_after for use, root in roots if root.not_after > now)
    said = [Message("check_roots", count=len(roots), day=local_day(until, settings))]
    if ended:
        said.append(Message("check_roots_ended", count=len(ended)))
    if ending:
        return _doubt("roots", *said, advice=Message("check_root_ends", name=ending[0].name))
    if "timestamping" not in valid:
        none = Message("check_roots_no_timestamps")
        return _doubt("roots", *said, none, advice=none.hint)
    if not settings.sample and not any(national_root_note(root.fingerprint) for _, root in roots):
        return _doubt("roots", *said, advice=Message("check_roots_add_national"))
    return _good("roots", *said)


def seal(_store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check that the seal key opens, and how long its certificate is valid."""
    now = clock()
    if settings.seal_key is None and settings.seal_token is None:
        return _doubt("seal", Message("check_seal_missing"))
    holder = seal_key_of(settings)
    certificate = read_certificate(holder.certificate)
    until, begins = local_day(certificate.not_after, settings), local_day(certificate.not_before, settings)
    if certificate.not_after <= now:
        return _bad("seal", Message("check_seal_ended", name=certificate.name, day=until))
    if now < certificate.not_before:
        return _bad("seal", Message("check_seal_begins", name=certificate.name, day=begins))
    opens = Message("check_seal_opens", name=certificate.name, day=until)
    if certificate.not_after <= now + SOON:
        return _doubt("seal", opens, advice=Message("check_seal_ends"))
    return _good("seal", opens)


_LATELY, _NEWEST = dt.timedelta(days=30), 20


def certificates(store: Store, _settings: Settings, clock: Clock) -> Finding:
    """Prove the newest certificates, and those whose check lately could not be confirmed."""
    numbers = unconfirmed_numbers(store=store, since=clock() - _LATELY, newest=_NEWEST)
    if numbers:
        return _bad("certificates", Message("check_certificates_differ", count=len(numbers), numbers=numbers))
    return _good("certificates", Message("check_certificates_agree", newest=_NEWEST))


def database_clock(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Compare our clock with the database server's; SQLite has none of its own."""
    if database_address(settings.database_url).get_backend_name() == "sqlite":
        return _plain("clock", Message("check_clock_here"))
    with store.reading() as tx:
        theirs = tx.people.database_clock()
    return clock_difference("clock", clock() - theirs, Message("check_clock_of.database"))


def clock_difference(id_: str, difference: dt.timedelta, whose: Message, *before: Message) -> Finding:
    """Return the finding on the difference between our clock and another; `before` is said before it."""
    seconds = Decimal(f"{abs(difference).total_seconds():.1f}")
    said = (*before, Message("check_clocks_differ", whose=whose, seconds=seconds))
    if abs(difference) <= ODD:
        return _good(id_, *said)
    tone = Tone.BAD if abs(difference) > WRONG else Tone.DOUBT
    return Finding(id=id_, tone=tone, said=said, advice=Message("check_clock_synchronise"))


def disk(settings: Settings) -> Finding:
    """Check the free space of documents and database, as far as they are on this machine."""
    url = database_address(settings.database_url)
    places = [storage_folder(settings.storage_url)]
    places.append(Path(url.database or "").absolute().parent if url.get_backend_name() == "sqlite" else None)
    local = [place for place in places if place is not None and place.exists()]
    if not local:
        return _plain("disk", Message("check_disk_elsewhere"))
    least = min((shutil.disk_usage(place) for place in local), key=lambda usage: usage.free)
    free = Decimal(f"{least.free / _GIGA:.1f}")
    left = Message("check_disk_left", free=free, percent=100 * least.free // least.total)
    if least.free < _LITTLE:
        tone = Tone.BAD if least.free < _TOO_LITTLE else Tone.DOUBT
        return Finding(id="disk", tone=tone, said=(left,), advice=Message("check_disk_make_room"))
    return _good("disk", left)


def left_submissions(store: Store, _settings: Settings, clock: Clock) -> Finding:
    """Count what was received more than two minutes ago and is not judged: a killed process left it."""
    with store.reading() as tx:
        left = [submission.id for submission in tx.submissions.unfinished(before=clock() - LEFT_AFTER)]
    if not left:
        return _good("left", Message("check_all_judged"))
    named = [*left[:_NAMED], *(["..."] if len(left) > _NAMED else [])]
    return _doubt("left", Message("check_left", count=len(left), named=named))


def living_worker(store: Store, _settings: Settings, clock: Clock) -> Finding:
    """Check that a worker was alive lately: without one, long work, e-mail and reminders wait."""
    with store.reading() as tx:
        seen = tx.operations.worker_seen()
    if seen is None:
        return _plain("worker", Message("check_worker_never"))
    if clock() - seen > SILENT:
        return _doubt("worker", Message("check_worker_silent", moment=seen))
    return _good("worker", Message("check_worker_lives"))


def visitors_address(store: Store, settings: Settings, clock: Clock) -> Finding:
    """Check that a proxy in front of the service is a trusted one: else all visitors have its address."""
    if settings.trusted_proxy is not None:
        return _good("proxy", Message("check_proxy_trusted", address=settings.trusted_proxy))
    with store.reading() as tx:
        noted = tx.events.of_actions("-", [UNTRUSTED_PROXY])
    if noted and clock() - noted[-1].at < _LATELY:
        return _doubt("proxy", Message("check_proxy_untrusted"))
    return _plain("proxy", Message("check_proxy_none"))


INSIDE_CHECKS: tuple[tuple[str, Callable[[Store, Settings, Clock], Finding]], ...] = (
    ("database", database),
    ("documents", documents),
    ("roots", trusted_roots),
    ("seal", seal),
    ("certificates", certificates),
    ("clock", database_clock),
    ("left", left_submissions),
    ("worker", living_worker),
    ("proxy", visitors_address),
)


# --- Checks of other services: each is called once, briefly

PATIENCE = 5.0  # seconds


def timestamps(settings: Settings, clock: Clock) -> Finding:
    """Request a real time stamp, and compare the moment in it with our clock."""
    timestamper = timestamper_of(settings.timestamp_url, settings, clock)
    if timestamper is None:
        return _doubt("timestamps", Message("check_timestamps_missing"))
    if isinstance(timestamper, HttpTimestamper):
        timestamper = replace(timestamper, timeout=PATIENCE)
    token = timestamper.stamp(hashlib.sha256(b"pemeriksaan diri").digest(), "sha256")
    difference, whose = clock() - token_time(token), Message("check_clock_of.timestamps")
    return clock_difference("timestamps", difference, whose, Message("check_timestamps_answer"))


def sign_in(settings: Settings, _clock: Clock) -> Finding:
    """Check that the OIDC provider answers, as the issuer the settings name."""
    if settings.oidc is None:
        return _plain("oidc", Message("check_oidc_unset"))
    try:
        address = f"{settings.oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
        document = requests.get(address, timeout=PATIENCE).json()
    except (requests.RequestException, ValueError):
        return _bad("oidc", Message("check_oidc.no_answer"))
    if not isinstance(document, dict) or document.get("issuer") != settings.oidc.issuer:
        return _bad("oidc", Message("check_oidc.another_issuer"))
    return _good("oidc", Message("check_oidc_answers"))


def gateway(settings: Settings, _clock: Clock) -> Finding:
    """Check that the BSrE gateway is set up and answers; no key is used."""
    if settings.gateway is None:
        return _plain("gateway", Message("check_gateway_unset"))
    gateway_of(settings)  # raises if the password file is not right
    try:
        # Any answer will do: the answer to an unknown page differs between versions.
        requests.get(settings.gateway.url, timeout=PATIENCE, allow_redirects=False, stream=True).close()
    except requests.RequestException:
        return _bad("gateway", Message("check_gateway_unreachable"))
    return _good("gateway", Message("check_gateway_answers"))


def mail(settings: Settings, _clock: Clock) -> Finding:
    """Check that the mail server accepts our sign-in; no e-mail is sent."""
    if settings.mail is None:
        return _plain("mail", Message("check_mail_unset"))
    with mail_session(settings.mail):
        return _good("mail", Message("check_mail_answers"))


OUTSIDE_CHECKS: tuple[tuple[str, Callable[[Settings, Clock], Finding]], ...] = (
    ("timestamps", timestamps),
    ("oidc", sign_in),
    ("gateway", gateway),
    ("mail", mail),
)
