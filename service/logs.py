"""Logs in one shape: a JSON object a line with `at`, `event`, `level`, and `request` where a request caused it.

Personal data stays out: no names, no NIPs, no addresses of pages with one in them.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog

# Libraries that say at INFO what they are doing, step by step.
_TALKATIVE = ("weasyprint", "fontTools", "pyhanko", "pyhanko_certvalidator")


def write_logs(stream: TextIO, *, clock: Callable[[], dt.datetime]) -> None:
    """Write the logs of this process, ours and those of libraries, to a stream from now on."""

    def at(_logger: Any, _method: str, line: _Line) -> _Line:
        line["at"] = clock().isoformat(timespec="milliseconds")
        return line

    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.contextvars.merge_contextvars, at, structlog.stdlib.add_log_level, _facts],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _trace,
                _in_order,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def log(event: str, /, **facts: Any) -> None:
    """Write one line about an event of ours, such as `worker.started`."""
    logging.getLogger(_OURS).info(event, extra={_FACTS: facts})


def begin_request(request_id: str) -> None:
    """Let every line of this thread name the request that causes it, until `end_request`."""
    structlog.contextvars.bind_contextvars(request=request_id)


def end_request() -> None:
    """Let the lines of this thread name no request any more."""
    structlog.contextvars.unbind_contextvars("request")


_Line = MutableMapping[str, Any]
_OURS, _FACTS = "cmb", "facts"
_MOST_PLACES = 20
_FIRST = ("at", "event", "level", "request")


def _facts(_logger: Any, _method: str, line: _Line) -> _Line:
    """Add the facts of an event of ours, or the name of the library that speaks."""
    record = line["_record"]
    return {**line, **getattr(record, _FACTS)} if record.name == _OURS else {**line, "logger": record.name}


def _trace(_logger: Any, _method: str, line: _Line) -> _Line:
    """Name type and places of an error. Its text and its variables stay out: they may hold names and NIPs."""
    told = line.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else sys.exc_info()[1] if told is True else told
    if isinstance(error, BaseException):
        places = traceback.extract_tb(error.__traceback__)
        line["error"] = type(error).__name__
        line["trace"] = [f"{place.filename}:{place.lineno} {place.name}" for place in places[-_MOST_PLACES:]]
    return line


def _in_order(_logger: Any, _method: str, line: _Line) -> _Line:
    """Put first what every line has."""
    return {key: line[key] for key in (*_FIRST, *line) if key in line}
