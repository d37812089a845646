"""Logs: one JSON object a line, with the request that caused it, and nothing that people typed."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from service.logs import begin_request, end_request, log, write_logs
from support.pki import NOW


@pytest.fixture
def lines() -> Iterator[Any]:
    """Give what was logged so far, line by line; the logging of the tests is as before afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    write_logs(stream, clock=lambda: NOW.astimezone(dt.UTC))
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_of_ours_and_one_of_a_library_have_the_same_shape(lines: Any) -> None:
    log("worker.started", worker="satu")
    logging.getLogger("waitress").warning("queue depth is %d", 3)
    ours, theirs = lines()
    moment = NOW.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    assert ours == {"at": moment, "event": "worker.started", "level": "info", "worker": "satu"}
    assert theirs == {"at": moment, "event": "queue depth is 3", "level": "warning", "logger": "waitress"}


def test_lines_of_a_request_name_it_until_it_ends(lines: Any) -> None:
    begin_request("k-1")
    log("one")
    end_request()
    log("two")
    assert [line.get("request") for line in lines()] == ["k-1", None]


def test_an_error_is_logged_by_type_and_place_without_its_text_and_variables(lines: Any) -> None:
    nip = "199708212020122005"
    try:
        raise ValueError(f"wrong: {nip}")
    except ValueError:
        logging.getLogger("service").exception("it broke")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["trace"][-1]
    assert nip not in json.dumps(line)
