"""What kills a reader costs one file its verdict, never the batch; and nobody waits for ever."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from blank import blank
from command import Run, command, objects

from service.batch import run_in_order
from service.cli.door import utc_now
from service.cli.judging import Judging
from service.cli.work import Inspecting, run_work
from service.config import read_settings
from service.confined import Confined, GaveUp, Limits
from service.errors import BadInput
from service.sources import Source

TIGHT = Limits(seconds=2, memory=256 * 2**20)


@dataclass(frozen=True, slots=True)
class Misbehaving:
    """Work that does what it is told, in the child."""

    @contextmanager
    def opened(self) -> Iterator[Callable[[str], str]]:
        yield _misbehave


def _misbehave(how: str) -> str:
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
    return how


@pytest.fixture
def confined() -> Iterator[Confined[str, str]]:
    with Confined(Misbehaving(), limits=TIGHT) as ready:
        yield ready


@pytest.mark.parametrize(("how", "cause"), [("hang", "time"), ("spin", "time"), ("eat", "memory"), ("die", "crash")])
def test_a_reader_that_goes_wrong_is_stopped_and_the_next_item_gets_another(
    how: str, cause: str, confined: Confined[str, str]
) -> None:
    begin = time.monotonic()
    with pytest.raises(GaveUp) as stopped:
        confined(how)
    assert stopped.value.cause == cause
    assert confined("well") == "well"
    assert time.monotonic() - begin < 20


def test_what_the_work_raises_is_raised_here(confined: Confined[str, str]) -> None:
    with pytest.raises(BadInput) as refused:
        confined("refuse")
    assert (refused.value.message, refused.value.hint) == ("Tidak terbaca.", "Kirim lagi.")
    with pytest.raises(UnicodeDecodeError):
        confined("odd error")


def test_a_batch_goes_on_after_a_reader_died(confined: Confined[str, str]) -> None:
    def one(how: str) -> str:
        try:
            return confined(how)
        except GaveUp as stopped:
            return stopped.cause

    with ThreadPoolExecutor(2) as executor:
        answers = list(run_in_order(one, ["a", "die", "b", "die", "c"], executor=executor, window=4))
    assert answers == ["a", "crash", "b", "crash", "c"]


@dataclass(frozen=True, slots=True)
class DyingOn:
    """Real work on files, but for one name on which the reader dies."""

    work: Inspecting | Judging
    name: str

    @property
    def modules(self) -> tuple[str, ...]:
        return self.work.modules

    @contextmanager
    def opened(self) -> Iterator[Callable[[Source], dict[str, object]]]:
        with self.work.opened() as judge:

            def dying(source: Source) -> dict[str, object]:
                answer = judge(source) if isinstance(self.work, Judging) else {}
                if source.path.name == self.name:
                    os.abort()
                return answer or judge(source)

            yield dying

    def gave_up(self, source: Source, cause: str) -> dict[str, object]:
        return self.work.gave_up(source, cause)  # type: ignore[arg-type] # one of the three causes


def test_a_file_that_kills_its_reader_is_said_to_be_unread_and_the_others_are_read(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).write_bytes(blank())
    work = DyingOn(Inspecting(roots=(), crls=(), now=utc_now()), "b.pdf")
    answers = list(run_work(work, [tmp_path], jobs=2, limits=Limits()))
    assert [each["readable"] for each in answers] == [True, False, True]
    assert answers[1]["problem"]["code"] == "reader_gave_up"
    assert "terhenti" in answers[1]["problem"]["message"]


def test_a_submitted_file_that_kills_its_reader_is_kept_and_looked_at_by_a_person(tmp_path: Path) -> None:
    run: Run = command(tmp_path / "home")
    run("init", "--sample")
    path = tmp_path / "formulir.pdf"
    path.write_bytes(blank())
    settings = read_settings(tmp_path / "home", {})
    work = DyingOn(Judging(settings=settings, now=utc_now(), actor="uji", keep=True), path.name)
    (answer,) = run_work(work, [path], jobs=1, limits=Limits())
    assert (answer["status"], [each["code"] for each in answer["reasons"]]) == ("review", ["reader_gave_up"])
    assert answer["submission"]
    (again,) = objects(run("submit", path, "--json", expect=1))
    assert (again["submission"], again["digest"]) == (answer["submission"], answer["digest"])
