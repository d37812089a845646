"""One line in the log for every request, and the number by which its other lines are found.

The line names the address by its pattern (`/sertifikat/<number>`), never by what a person has in it.
"""

from __future__ import annotations

import re
import time

from flask import Flask, Response, g, request

from service.logs import begin_request, end_request, log
from service.web.context import current_services

HEADER = "X-Request-ID"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_UNMATCHED = "-"


def install(app: Flask) -> None:
    """Number every request (a proxy's number is kept), and log and count it when it is answered."""
    app.before_request(_begin)
    app.after_request(_log)
    app.teardown_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else current_services().randomness(8).hex()
    g.began = time.perf_counter()
    services = current_services()
    if services.settings.trusted_proxy is None and "X-Forwarded-For" in request.headers:
        services.note_untrusted_proxy()
    begin_request(g.request_id)


def _log(answer: Response) -> Response:
    answer.headers[HEADER] = g.request_id
    address = request.url_rule.rule if request.url_rule is not None else _UNMATCHED
    seconds = time.perf_counter() - g.began
    current_services().metrics.count(request.method, address, answer.status_code, seconds)
    log(
        "request.answered",
        method=request.method,
        address=address,
        status=answer.status_code,
        ms=round(seconds * 1000, 1),
        bytes=answer.content_length,
    )
    return answer


def _end(_error: BaseException | None) -> None:
    end_request()
