"""A store of the version before this one: it migrates, and every page, command and report over it works.

`fixtures/previous_version.tar.xz` holds the folder `home` that `make demo` of commit 89fd606 made, and in
`answers.jsonl` what that version's `cmb` answered over it. Its keys are sample keys, made for that one run.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from service.accounts.accounts import open_account
from service.accounts.login import AccountContext
from service.config import read_settings
from service.store import Store, open_store
from service.web.app import create_app
from service.web.context import open_services
from support.command import Run, command, objects
from support.page_walk import NO_PAGES
from support.web_client import PASSWORD, Visit

ARCHIVE = Path(__file__).with_name("fixtures") / "previous_version.tar.xz"
NOW = dt.datetime(2026, 12, 2, 3, 0, tzinfo=dt.UTC)  # a day after the archive was made; its keys end in 2028
# Everybody who holds a role in that office; a guest has no NIP.
VISITORS = {
    "guest": None,
    "employee": "199708212020122005",
    "personnel officer": "199406302019032004",
    "head of unit": "197509102000031004",
    "head of Biro SDM": "197801012003122001",
    "administrator": "199205172022212003",
}
EMPLOYEE, UNIT = "199708212020122005", "Biro Sumber Daya Manusia"
# Addresses that answer without the store, or never end.
NOT_WALKED = {"static", "oidc.start", "oidc.back", "oidc.leave", "biro.progress"}
# Pages about rows the demo of that version made none of.
WITHOUT_ROWS = {
    "biro.batch",
    "biro.learning_evidence",
    "biro.table",
    "pegawai.attachment",
    "pegawai.blank_file",
    "pegawai.circulation",
    "pegawai.form_file",
    "pegawai.learning_evidence",
    "public.document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousVersion:
    """The unpacked and migrated store: its home, the command over it, and the rows its pages are about."""

    home: Path
    cmb: Run
    answers: list[dict[str, Any]]

    def column(self, query: str, *parameters: str) -> tuple[str, ...]:
        """Return the first column of a query, as text."""
        with closing(sqlite3.connect(self.home / "cmb.sqlite3")) as database:
            return tuple(str(row[0]) for row in database.execute(query, parameters))


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreviousVersion]:
    folder = tmp_path_factory.mktemp("previous")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    lines = (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    cmb = command(folder / "home")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("service.cli.main"), "utc_now", lambda: NOW)
        cmb("init")
        yield PreviousVersion(home=folder / "home", cmb=cmb, answers=[json.loads(line) for line in lines])


@pytest.fixture(scope="module")
def store(previous: PreviousVersion) -> Iterator[Store]:
    settings = read_settings(previous.home, {})
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(previous: PreviousVersion, store: Store) -> Iterator[Flask]:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    account_context = AccountContext(store=store, hasher=hasher, clock=lambda: NOW, randomness=secrets.token_bytes)
    for nip in filter(None, VISITORS.values()):
        open_account(nip, account_context=account_context, actor="test", password=PASSWORD)
    with open_services(read_settings(previous.home, {}), store=store, account_context=account_context) as services:
        yield create_app(services, secure=False, limited=False)


def test_certificates_and_jp_are_answered_as_before(previous: PreviousVersion) -> None:
    answers = [answer for answer in previous.answers if answer["command"][0] != "reverify"]
    assert {answer["command"][0] for answer in answers} == {"certificates", "jp"}
    for answer in answers:
        result = previous.cmb(*answer["command"], expect=answer["exit_code"])
        assert objects(result) == answer["answers"], answer["command"]


def test_submissions_are_judged_as_before(previous: PreviousVersion, store: Store) -> None:
    (before,) = (answer for answer in previous.answers if answer["command"][0] == "reverify")
    verdicts = {answer["submission"]: answer["verdict"] for answer in before["answers"]}
    failed = [submission for submission, verdict in verdicts.items() if verdict == "failed"]
    passed = [submission for submission, verdict in verdicts.items() if verdict == "passed"][:2]
    judged = objects(previous.cmb("reverify", *failed, *passed, "--json", expect=1))
    assert len(judged) == len(failed) + 2 > 2
    for answer in judged:
        assert answer["verdict"] == answer["before"] == verdicts[answer["submission"]]
        with store.reading() as tx:
            first, *_ = tx.verifications.of(answer["submission"])
        assert (first.policy, first.verdict) == ("cmb-verify-3", answer["verdict"])


def test_a_certificate_kept_as_a_file_is_still_valid(previous: PreviousVersion, store: Store, tmp_path: Path) -> None:
    with store.reading() as tx:
        certificate = next(tx.certificates.of_year(2025))
    assert certificate.digest is not None
    (tmp_path / "certificate.pdf").write_bytes(store.document(certificate.digest))
    (answer,) = objects(previous.cmb("certificates", "check", tmp_path / "certificate.pdf", "--json"))
    assert (answer["state"], answer["number"]) == ("valid", certificate.number)


def reading_commands(previous: PreviousVersion, folder: Path) -> Iterator[tuple[object, ...]]:
    """Every command that only reads (or repeats what is there), with what it is asked for."""
    accepted, refused = (
        previous.column("SELECT id FROM submissions WHERE status = ? ORDER BY id", status)[0]
        for status in ("verified", "refused")
    )
    digest = previous.column("SELECT digest FROM submissions WHERE id = ?", accepted)[0]
    form = previous.home / "documents" / "sha256" / digest[:2] / digest
    yield from ((group, "list", "--json") for group in ("employees", "units", "signers", "trust", "delegations"))
    yield ("accounts", "list", "--json")
    yield ("employees", "history", EMPLOYEE, "--json")
    yield ("signers", "proposals", "--json")
    yield from ((group, "list", "--year", 2025, "--json") for group in ("learning", "assign", "siasn"))
    yield from (("siasn", "export", "--year", 2025, "-o", folder / f"siasn.{kind}") for kind in ("jsonl", "xlsx"))
    yield ("recap", "list", "--year", 2025, "--json")
    yield ("recap", "late", "--year", 2025, "--json")
    yield ("recap", "--unit", UNIT, "--quarter", "2025-Q4", "-o", folder / "recap.pdf")
    yield ("recap", "--unit", UNIT, "--quarter", "2025-Q4", "--version", 1, "-o", folder / "recap.xlsx")
    yield from (("card", EMPLOYEE, "--year", 2025, "-o", folder / f"card.{kind}") for kind in ("pdf", "xlsx"))
    yield from (
        ("evaluate", "--year", 2025, "--period", 3, "-o", folder / f"evaluation.{kind}") for kind in ("pdf", "xlsx")
    )
    yield from (
        ("periodic", "--from", "2025-01", "--to", "2025-12", "-o", folder / f"periodic.{kind}")
        for kind in ("pdf", "xlsx")
    )
    yield from (
        ("export", subject, "--year", 2025, "-o", folder / f"{subject}.csv")
        for subject in ("employees", "activities", "certificates", "learning", "events")
    )
    yield from (("report", accepted, "-o", folder / f"report.{kind}") for kind in ("html", "pdf", "json", "xml"))
    yield ("report", refused, "-o", folder / "refused.html")
    yield ("template", "approvals", "--waiting", "-o", folder / "approvals.xlsx")
    yield ("calendar", "--year", 2025, "--json")
    yield ("remind", "--dry-run", "--json")
    yield ("recount", "--json")
    yield ("parse", form)
    yield ("verify", form, "--jobs", 1, "--json")
    yield ("certificates", "issue", "--year", 2025, "-o", folder / "certificates")
    yield ("check-self", "--json")


def test_every_command_and_report_works_over_it(previous: PreviousVersion, tmp_path: Path) -> None:
    for words in reading_commands(previous, tmp_path):
        previous.cmb(*words)
        if "-o" in words:
            assert Path(str(words[-1])).exists(), words


def test_every_page_and_paper_opens_for_every_role(previous: PreviousVersion, app: Flask) -> None:
    things = {
        "nip": (EMPLOYEE,),
        "year": ("2025",),
        "number": previous.column("SELECT number FROM certificates WHERE nip = ?", EMPLOYEE),
        "submission_id": (
            *previous.column("SELECT id FROM submissions WHERE employee_nip = ? LIMIT 1", EMPLOYEE),
            *previous.column("SELECT id FROM submissions WHERE status = 'refused' LIMIT 1"),
        ),
        "serial": previous.column("SELECT serial FROM blanks WHERE employee_nip = ? LIMIT 1", EMPLOYEE),
        "assignment_id": previous.column("SELECT id FROM assignments"),
        "learning_id": previous.column("SELECT id FROM other_learning LIMIT 1"),
        "message_id": ("1",),
        "batch_id": ("P-0000000000",),
        "attachment_id": ("A-0000000000",),
        "kind": ("pdf", "xlsx", ".html", ".pdf", ".json", ".xml"),
        "subject": ("activities", "learning"),
    }
    visits = {role: Visit(client=app.test_client()) for role in VISITORS}
    for role, nip in VISITORS.items():
        if nip is not None:
            visits[role].sign_in(nip)
    opened, refused = set(), set()
    for endpoint, address in addresses(app, things):
        if endpoint == "health.ready":
            continue  # nobody runs a worker over this store
        for role, visit in visits.items():
            status = visit.client.get(address).status_code
            assert status in {200, 302, 401, 403, 404, 422}, (role, address, status)
            (opened if status in {200, 302, 422} else refused).add(endpoint)
            if endpoint in NO_PAGES and status == 200:
                break  # a paper takes its time, and is the same for everybody who may have it
    assert refused - opened == WITHOUT_ROWS


def addresses(app: Flask, things: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of every page and paper, for each thing it can be about."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in NOT_WALKED or rule.endpoint.startswith("api.") or "GET" not in (rule.methods or ()):
                continue
            names = sorted(rule.arguments)
            for values in product(*(things[name] for name in names)):
                yield rule.endpoint, app.url_for(rule.endpoint, **dict(zip(names, values, strict=True)))
