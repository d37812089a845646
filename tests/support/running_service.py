"""The whole service: `cmb serve` and `cmb worker` as processes over a sample office."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from forms.catalog import LAMPIRAN_I_V1
from forms.fill import fill
from forms.schema import Role
from parsers.values import indonesian_date
from service.accounts.login import AccountContext
from service.blanks import Request, prepare
from service.bootstrap import moment_of, open_key, store_of, utc_now
from service.config import Settings, read_settings
from service.demo.sample import PEOPLE, open_sample_accounts
from service.form_signing import sign_form
from service.identifiers import submission_id
from service.store import Store
from service.submissions.decisions import approve
from service.submissions.intake import ingest
from support.neighbour_services import Neighbours
from support.office import ANSWERS, press
from support.service_processes import CMB, PATIENCE, Programs, free_port, running_programs
from support.untraced import untraced

Beside = Callable[[Path, str], AbstractContextManager[Neighbours]]
LAST_YEAR = utc_now().year - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running service. `store` is its store, for what a test prepares or looks up directly."""

    url: str
    settings: Settings
    store: Store
    password: str
    passphrase: str
    environ: Mapping[str, str]
    programs: Programs
    around: Neighbours | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    # Signing runs an event loop of its own, which the thread of a test that drives a browser cannot have.
    _beside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def key(self, who: str) -> Path:
        """Return the person's key file."""
        return self.settings.sample_folder / f"{who}.p12"

    def cookie(self, who: str) -> str:
        """Return the session cookie of a person, who signs in once for all tests."""
        if who not in self.cookies:
            self.cookies[who] = self.fresh_cookie(who)
        return self.cookies[who]

    def fresh_cookie(self, who: str) -> str:
        with requests.Session() as browser:
            browser.headers.update(self.origin(who))
            page = browser.get(f"{self.url}/masuk", timeout=PATIENCE).text
            token = re.search(r'name="csrf-token" content="([^"]+)"', page)
            assert token, page
            credentials = {"csrf_token": token.group(1), "login": PEOPLE[who].nip, "password": self.password}
            answer = browser.post(f"{self.url}/masuk", data=credentials, timeout=PATIENCE, allow_redirects=False)
            assert answer.status_code == 302, answer.text
            return str(browser.cookies["cmb"])

    @staticmethod
    def origin(who: str) -> dict[str, str]:
        """Return the header by which a proxy names the visitor's address; every person has one of their own."""
        return {"X-Forwarded-For": f"203.0.113.{list(PEOPLE).index(who) + 1}"}

    def signed(
        self, who: str, kind: str = "coaching", *, day: dt.date, begins: str = "09.00", title: str = ""
    ) -> bytes:
        """Return a fully signed form; `belajar_mandiri` and `coaching` need no mentor."""
        return self._beside.submit(self._signed, who, kind, day, begins, title).result()

    def approved(self, who: str, *, day: dt.date) -> None:
        """Submit and approve a coaching of that day, without the browser."""
        content = self.signed(who, day=day)

        def hand_in() -> None:
            store, now = self.store, utc_now()
            submission = ingest(
                content,
                "formulir.pdf",
                store=store,
                moment=moment_of(store, self.settings, now),
                actor="uji",
                new_id=lambda: submission_id(secrets.token_bytes),
            )
            approve(submission.id, store=store, now=now, actor="uji")

        self._beside.submit(hand_in).result()

    def _signed(self, who: str, kind: str, day: dt.date, begins: str, title: str) -> bytes:
        now, person = utc_now(), PEOPLE[who]
        wanted = Request(kind=kind, scope="nasional", meeting=1, employee_nip=person.nip)
        blank = prepare(
            wanted, store=self.store, blank_context=press(), now=now, randomness=secrets.token_bytes, actor=person.nip
        )
        answers = ANSWERS | {"tanggal": indonesian_date(day), "tanggal_tanda_tangan": indonesian_date(day)}
        hour = int(begins[:2])
        answers |= {"waktu_mulai": begins, "waktu_selesai": f"{hour + 1:02}.{begins[3:]}"}
        answers |= {"nama_kegiatan": title or ANSWERS["nama_kegiatan"]}
        answers |= {"sumber_pembelajaran": "Buku Manajemen ASN"} if kind == "belajar_mandiri" else {}
        content = fill(LAMPIRAN_I_V1, blank.content, answers)
        for role, signer in ((Role.PEGAWAI, who), (Role.ATASAN, person.supervisor or "")):
            content = sign_form(
                content,
                role=role,
                holder=open_key(self.key(signer), self.settings.sample_folder / "passphrase"),
                at=now,
                zone=self.settings.timezone,
                timestamper=None,
                enrolled_nip=None,
            ).content
        return content


@contextmanager
def serving(home: Path, *, beside: Beside | None = None) -> Iterator[Served]:
    """Run the sample office of `home`, made if missing: web service, worker, and neighbour services if given."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environ = untraced() | {"CMB_CHECK_URL": f"{url}/periksa", "CMB_TRUSTED_PROXY": "127.0.0.1"}
    subprocess.run([CMB, "--home", home, "init", "--sample"], env=environ, check=True, stdout=subprocess.DEVNULL)
    with ExitStack() as opened:
        around = opened.enter_context(beside(home, url)) if beside else None
        environ |= around.environ if around else {}
        settings = read_settings(home, environ)
        programs = opened.enter_context(running_programs(home, environ, port))
        store = opened.enter_context(store_of(settings))
        yield Served(
            url=url,
            settings=settings,
            store=store,
            password=_password(settings, store),
            passphrase=(settings.sample_folder / "passphrase").read_text(encoding="ascii").strip(),
            environ=environ,
            programs=programs,
            around=around,
        )


def _password(settings: Settings, store: Store) -> str:
    """Return the password that `cmb serve` printed; it has opened the accounts before it listens."""
    from argon2 import PasswordHasher

    account_context = AccountContext(
        store=store, hasher=PasswordHasher(), clock=utc_now, randomness=secrets.token_bytes
    )
    return open_sample_accounts(settings, account_context=account_context, actor="uji")
