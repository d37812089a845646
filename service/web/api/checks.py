"""Whether a number or a file is a certificate of ours: what the public page says, and no more."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import request

from service.checking import caller_of, check_file, check_number, public_json
from service.numbers import as_typed
from service.web.api.operation import Answer, Asked, Body, Operation, Told
from service.web.api.shapes import in_path, ref, text
from service.web.desk import desk

# As the public page has it: the register is not walked by programs either.
_RATE = "30 per minute; 300 per hour"
_LARGEST = 5 * 1024 * 1024


def by_number(call: Asked) -> Told:
    """As people type it; what is no number of ours is unknown, like any other."""
    at = desk()
    answer = check_number(as_typed(call.params["number"]), store=at.store, now=at.clock(), caller=_caller())
    return Told(body=public_json(answer))


def by_file(call: Asked) -> Told:
    """Compared byte by byte, and not kept."""
    at = desk()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "berkas.pdf"
        path.write_bytes(call.content)
        answer = check_file(
            path, store=at.store, settings=at.settings, apart=at.apart, now=at.clock(), caller=_caller()
        )
    return Told(body=public_json(answer))


def _caller() -> str:
    return caller_of(request.remote_addr or "", desk().settings)


OPERATIONS = (
    Operation(
        method="GET",
        path="/checks/{number}",
        id="checkNumber",
        tag="checks",
        summary="Periksa sebuah nomor sertifikat",
        scope="checks:read",
        view=by_number,
        params=(in_path("number", text(60, least=1), "Nomor, seperti orang mengetiknya."),),
        answers={200: Answer(description="Keadaannya.", schema=ref("Check"))},
        rate=_RATE,
    ),
    Operation(
        method="POST",
        path="/checks",
        id="checkFile",
        tag="checks",
        summary="Periksa sebuah berkas sertifikat; berkas tidak disimpan",
        scope="checks:read",
        view=by_file,
        body=Body(largest=_LARGEST),
        answers={200: Answer(description="Keadaannya.", schema=ref("Check"))},
        rate=_RATE,
    ),
)
