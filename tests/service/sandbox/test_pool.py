"""What kills a reader costs one file its verdict, never the batch; and nobody waits for ever."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.bootstrap import utc_now
from service.cli.run import Inspecting, run_work
from service.config import read_settings
from service.errors import BadInput
from service.records import Status
from service.sandbox.inputs import Source
from service.sandbox.limits import GaveUp, Limits, run_within_limits
from service.sandbox.pool import SandboxPool, origin, run_in_order
from service.store import open_store
from service.submissions.sandboxed import VerifyTask
from support.command import Run, command, objects
from support.small_forms import blank

TIGHT = Limits(cpu=1, wall=8, memory=384 * 2**20)


@dataclass(frozen=True, slots=True)
class Misbehaving:
    """Work that does what it is told, in the child."""

    limits: Limits = TIGHT
    modules: tuple[str, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[Callable[[str], str]]:
        yield lambda how: run_within_limits(lambda: _misbehave(how), limits=self.limits)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The same without limits: what it waits for is not the file's fault."""

    limits: Limits = TIGHT
    modules: tuple[str, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[Callable[[str], str]]:
        yield _misbehave


def _misbehave(how: str) -> str:
    if how == "pid":
        return str(os.getpid())
    if how == "grow":
        return str(len(bytearray(300 * 2**20)))
    if how == "hang":
        time.sleep(60)
    elif how == "spin":
        while True:
            pass
    elif how == "eat":
        return str(len([bytearray(2**24) for _ in range(64)]))
    elif how == "die":
        os.abort()
    elif how == "refuse":
        raise BadInput("Tidak terbaca.", "Kirim lagi.")
    elif how == "odd error":
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "odd")
    elif how == "no memory":
        raise MemoryError
    elif how == "swallow":
        with suppress(MemoryError):
            _misbehave("eat")
    return how


@pytest.fixture
def confined() -> Iterator[SandboxPool[str]]:
    with SandboxPool(Misbehaving()) as ready:
        yield ready


@pytest.mark.parametrize(
    ("how", "cause"),
    [
        ("hang", "wall"),
        ("spin", "cpu"),
        ("eat", "memory"),
        ("no memory", "memory"),
        ("swallow", "memory"),
        ("die", "crash"),
        ("odd error", "stumble"),
    ],
)
def test_a_reader_that_goes_wrong_is_stopped_and_the_next_item_gets_another(
    how: str, cause: str, confined: SandboxPool[str]
) -> None:
    begin = time.monotonic()
    with pytest.raises(GaveUp) as stopped:
        confined(how)
    assert stopped.value.cause == cause
    assert confined("well") == "well"
    assert time.monotonic() - begin < 20


def test_what_the_work_raises_is_raised_here(confined: SandboxPool[str]) -> None:
    with pytest.raises(BadInput) as refused:
        confined("refuse")
    assert (refused.value.message, refused.value.hint) == ("Tidak terbaca.", "Kirim lagi.")


def test_what_nobody_foresaw_tells_where_it_began() -> None:
    with SandboxPool(Waiting()) as confined, pytest.raises(UnicodeDecodeError) as failed:
        confined("odd error")
    assert origin(failed.value).startswith("service/sandbox/pool.py:")


def test_a_reader_that_waits_too_long_for_something_else_is_stopped_from_outside() -> None:
    with SandboxPool(Waiting(), patience=1) as confined, pytest.raises(GaveUp) as stopped:
        confined("hang")
    assert stopped.value.cause == "wall"


def test_what_is_under_way_ends_at_once_when_the_batch_is_given_up() -> None:
    begin = time.monotonic()

    def interrupted() -> None:
        with ThreadPoolExecutor(2) as front, SandboxPool(Waiting()) as confined:
            front.submit(confined, "hang")
            assert confined("well") == "well"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - begin < 20


def test_a_child_that_has_grown_is_replaced_and_one_that_died_idle_is_not_asked() -> None:
    with SandboxPool(Waiting()) as confined:
        first = confined("pid")
        assert confined("pid") == first
        confined("grow")
        second = confined("pid")
        assert second != first
        os.kill(int(second), signal.SIGKILL)
        time.sleep(0.5)
        assert confined("pid") not in {first, second}


def test_a_batch_goes_on_after_a_reader_died(confined: SandboxPool[str]) -> None:
    def one(how: str) -> str:
        try:
            return confined(how)
        except GaveUp as stopped:
            return str(stopped.cause)

    with ThreadPoolExecutor(2) as executor:
        answers = list(run_in_order(one, ["a", "die", "b", "die", "c"], executor=executor, window=4))
    assert answers == ["a", "crash", "b", "crash", "c"]


@dataclass(frozen=True, slots=True)
class DyingOn:
    """Real work on files, but for one name on which the reader dies."""

    work: Inspecting | VerifyTask
    name: str

    @property
    def modules(self) -> tuple[str, ...]:
        return self.work.modules

    @property
    def limits(self) -> Limits:
        return self.work.limits

    @contextmanager
    def opened(self) -> Iterator[Callable[..., dict[str, object]]]:
        with self.work.opened() as judge:

            def dying(source: Source, gave_up: GaveUp | None = None) -> dict[str, object]:
                if source.path.name == self.name and gave_up is None:
                    os.abort()
                return judge(source, gave_up)

            yield dying


def test_a_file_that_kills_its_reader_is_said_to_be_unread_and_the_others_are_read(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).write_bytes(blank())
    work = DyingOn(Inspecting(roots=(), crls=(), now=utc_now()), "b.pdf")
    answers = list(run_work(work, [tmp_path], jobs=2))
    assert [answer["readable"] for answer in answers] == [True, False, True]
    assert answers[1]["problem"]["code"] == "reader_gave_up"
    assert answers[1]["problem"]["params"]["cause"]["message"]["code"] == "gave_up.crash"


def test_a_submitted_file_that_kills_its_reader_is_kept_and_looked_at_by_a_person(tmp_path: Path) -> None:
    run: Run = command(tmp_path / "home")
    run("init", "--sample")
    path = tmp_path / "formulir.pdf"
    path.write_bytes(blank())
    settings = read_settings(tmp_path / "home", {})
    work = DyingOn(VerifyTask(settings=settings, now=utc_now(), actor="uji", keep=True), path.name)
    (answer,) = run_work(work, [path], jobs=1)
    assert (answer["status"], [reason["code"] for reason in answer["reasons"]]) == ("review", ["reader_gave_up"])
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        assert store.document(answer["digest"]) == path.read_bytes()
        with store.reading() as tx:
            kept = tx.submissions.get(answer["submission"])
    assert kept is not None
    assert (kept.status, kept.answer["reasons"]) == (Status.REVIEW, answer["reasons"])
    # Nothing is known against it: sent again, it is read again.
    (again,) = objects(run("submit", path, "--json", expect=1))
    assert (again["submission"], again["digest"]) == (answer["submission"], answer["digest"])
    assert "reader_gave_up" not in {reason["code"] for reason in again["reasons"]}
    with (
        open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store,
        store.reading() as tx,
    ):
        judged = tx.verifications.of(answer["submission"])
    assert [verification.verdict for verification in judged] == ["review", "failed"]
