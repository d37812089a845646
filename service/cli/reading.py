"""Single files read in a confined child: parsed, filled, signed, checked, looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from service.judging import Json, Judge
from service.limits import GaveUp, Limits, followed
from service.sources import Source, Unopened

if TYPE_CHECKING:
    from signing.report import Report
    from signing.trust import Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsing:
    """What a form answers, as the record and all problems; nothing is judged."""

    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "parsers.parse", "service.proof.answer")

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        def judge(source: Source, gave_up: GaveUp | None = None) -> Json:
            try:
                if gave_up is not None:
                    raise gave_up
                return followed(lambda: _parsed(source), limits=self.limits)
            except (Unopened, GaveUp) as error:
                return _told(source, problems=[_problem(None, error.code, error.message, error.hint)])

        yield judge


def look(source: Source, trust: Trust) -> Report:
    """The signatures of a file, for a person to look at."""
    from signing.verify import inspect

    return inspect(source.read(), trust=trust)


def _parsed(source: Source) -> Json:
    from parsers.parse import build, read
    from service.proof.answer import record_json

    reading = read(source.read())
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


def _problem(field: str | None, code: str, message: str, hint: str) -> dict[str, Any]:
    return {"field": field, "code": code, "message": message, "hint": hint}
