"""Single files read in a confined child: a form parsed, a certificate checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from service.cli.work import Json, Judge
from service.config import Settings
from service.confined import Cause
from service.sources import Source

if TYPE_CHECKING:
    from service.confirm import PublicAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsing:
    """What a form answers, as the record and all problems; nothing is judged."""

    modules: tuple[str, ...] = ("parsers.parse", "service.proof.unread")

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        yield _parsed

    def gave_up(self, source: Source, cause: Cause) -> Json:
        from service.proof.unread import given_up

        (why,) = given_up(source, cause).reasons
        return _told(source, problems=[_problem(None, why.code, why.message, why.hint)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What the register says of a certificate's file."""

    settings: Settings

    @contextmanager
    def opened(self) -> Iterator[Callable[[Path], PublicAnswer]]:
        from service.confirm import confirm_file
        from service.store import open_store

        with open_store(database_url=self.settings.database_url, storage_url=self.settings.storage_url) as store:
            yield lambda path: confirm_file(path.read_bytes(), store=store)


def _parsed(source: Source) -> Json:
    from parsers.parse import build, read
    from service.proof.answer import record_json
    from service.proof.unread import content_of

    content = content_of(source)
    if not isinstance(content, bytes):
        trouble = content.problem
        found = [] if trouble is None else [trouble]
        return _told(source, problems=[_problem(None, each.code, each.message, each.hint) for each in found])
    reading = read(content)
    built = build(reading.answers, reading.form) if reading.form else None
    problems = (*reading.problems, *(built.problems if built else ()))
    return _told(
        source,
        serial=reading.serial,
        source_of_answers=reading.source,
        record=record_json(built.record if built else None),
        problems=[_problem(each.field, each.code, each.message, each.hint) for each in problems],
    )


def _told(
    source: Source,
    *,
    problems: list[Json],
    serial: str | None = None,
    source_of_answers: str | None = None,
    record: Json | None = None,
) -> Json:
    return {
        "file": source.name,
        "serial": serial,
        "source": source_of_answers,
        "record": record,
        "problems": problems,
    }


def _problem(field: str | None, code: str, message: str, hint: str) -> Json:
    return {"field": field, "code": code, "message": message, "hint": hint}
