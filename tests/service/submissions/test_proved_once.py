"""Every door proves a received file exactly once, whatever the file turns out to be."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from service import wiring
from service.cli import verify
from service.records import Status
from service.sandbox.limits import Limits
from service.store.circulations import State
from service.submissions.sandboxed import ProofTask, VerifyTask
from service.verification.prove import prove
from support.api_client import program
from support.circulating_forms import CirculatingForms
from support.command import command, objects
from support.filled_forms import filled
from support.office import CAHYA, DIAH
from support.web_client import WebOffice

_PLACES = ("service.verification.prove.prove", "service.submissions.intake.prove")


@dataclass(frozen=True, slots=True)
class CountedProof:
    """`prove`, with a line in the file at `log` for each call, whichever process makes it."""

    log: Path

    def __call__(self, content: bytes, file: str, **context: Any) -> Any:
        with self.log.open("a") as lines:
            lines.write(f"{file}\n")
        return prove(content, file, **context)

    @property
    def calls(self) -> int:
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0


@dataclass(frozen=True, slots=True)
class CountedTask:
    """A sandbox task whose proofs are counted in its children."""

    task: ProofTask | VerifyTask
    proofs: CountedProof

    @property
    def modules(self) -> tuple[str, ...]:
        return self.task.modules

    @property
    def limits(self) -> Limits:
        return self.task.limits

    @property
    def keep(self) -> bool:
        return isinstance(self.task, VerifyTask) and self.task.keep

    @contextmanager
    def opened(self) -> Iterator[Callable[..., Any]]:
        with patch(_PLACES[0], self.proofs), patch(_PLACES[1], self.proofs), self.task.opened() as job:
            yield job


@pytest.fixture
def proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CountedProof:
    """The proofs made from now on, in this process and in the sandbox children of doors opened from now on."""
    counted = CountedProof(tmp_path / "proofs")
    for place in _PLACES:
        monkeypatch.setattr(place, counted)
    monkeypatch.setattr(wiring, "ProofTask", lambda **fields: CountedTask(ProofTask(**fields), counted))
    monkeypatch.setattr(verify, "VerifyTask", lambda **fields: CountedTask(VerifyTask(**fields), counted))
    return counted


@pytest.fixture
def counted_web(proofs: CountedProof, request: pytest.FixtureRequest) -> WebOffice:
    """The web service, opened after the counting began."""
    assert proofs.calls == 0
    door: WebOffice = request.getfixturevalue("web")
    return door


def upload(web: WebOffice, content: bytes, nip: str) -> str:
    return web.visit(nip).post("/unggah", files=(io.BytesIO(content), "formulir.pdf"))


def test_an_uploaded_form_in_no_circulation_is_proved_once(counted_web: WebOffice, proofs: CountedProof) -> None:
    content = counted_web.office.signed()
    upload(counted_web, content, CAHYA)
    assert proofs.calls == 1
    with counted_web.office.store.reading() as tx:
        (submission,) = tx.submissions.list(10)
    assert submission.status is Status.VERIFIED


def test_an_uploaded_file_that_is_no_form_is_proved_once(counted_web: WebOffice, proofs: CountedProof) -> None:
    upload(counted_web, b"bukan PDF", CAHYA)
    assert proofs.calls == 1
    with counted_web.office.store.reading() as tx:
        (submission,) = tx.submissions.list(10)
    assert submission.status is Status.REFUSED


@pytest.mark.parametrize(
    ("signers", "state"), [((CAHYA,), State.AWAITING), ((CAHYA, DIAH), State.SUBMITTED)], ids=["moved", "completed"]
)
def test_an_uploaded_form_in_circulation_is_proved_once(
    signers: tuple[str, ...], state: State, counted_web: WebOffice, proofs: CountedProof
) -> None:
    rounds = CirculatingForms(office=counted_web.office)
    serial = rounds.begun().serial
    upload(counted_web, rounds.signed_elsewhere(serial, *signers), CAHYA)
    assert rounds.kept(serial).state is state
    assert proofs.calls == 1


def test_a_form_sent_through_the_api_is_proved_once(counted_web: WebOffice, proofs: CountedProof) -> None:
    told = program(counted_web, CAHYA).send("/submissions", counted_web.office.signed(), expect=201)
    assert (told["state"], proofs.calls) == ("verified", 1)


@pytest.mark.parametrize("asked", ["verify", "submit"])
def test_a_form_given_to_a_command_is_proved_once(asked: str, tmp_path: Path, proofs: CountedProof) -> None:
    run = command(tmp_path / "home")
    run("init", "--sample")
    path = tmp_path / "formulir.pdf"
    path.write_bytes(filled())
    objects(run(asked, path, "--json", expect=1))
    assert proofs.calls == 1
