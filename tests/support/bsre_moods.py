"""The ways in which a good answer of the simulated gateway may be spoiled."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler

SLOW = 6.0  # seconds; longer than any test's patience


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body, headers. `cut`: only so many bytes of the body are sent; `lost`: none; `after`: seconds to wait."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    lost: bool = False
    after: float = 0.0

    def give(self, service: BaseHTTPRequestHandler) -> None:
        time.sleep(self.after)
        if self.lost:
            service.close_connection = True
            service.connection.close()
            return
        service.send_response(self.status)
        for name, value in self.headers.items():
            service.send_header(name, value)
        service.send_header("Content-Length", str(len(self.body)))
        service.end_headers()
        service.wfile.write(self.body if self.cut is None else self.body[: self.cut])


def spoiled(answer: Answer, mood: str) -> Answer:
    """Return the answer as the mood leaves it; '' and other moods change nothing."""
    moods = {
        "lost after signing": replace(answer, lost=True),
        "cut after signing": replace(answer, cut=len(answer.body) // 2),
        "slow after signing": replace(answer, after=SLOW),
        "a little slow": replace(answer, after=0.5),
        "web page": Answer(200, b"<html><body>Selamat datang</body></html>"),
        "nothing": Answer(200, b""),
        "proxy gave up": Answer(504, b"<html>Gateway Time-out</html>"),
        "failed": Answer(500, b"<html>Internal Server Error</html>"),
        "error with 200": Answer(200, b'{"error":"Layanan sibuk untuk NIK 3201010101010001","status_code":5001}'),
        "moved": Answer(302, b"", {"Location": "/api/v2/sign/pdf"}),
        "not json": Answer(400, b"Proses signing gagal : Kuota habis"),
        "changed file": _changed(answer, lambda pdf: pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1)),
        "text after the end": _changed(answer, lambda pdf: pdf + b"\n% tambahan\n"),
        "no signature": _changed(answer, lambda pdf: pdf[: pdf.rindex(b"%%EOF", 0, pdf.rindex(b"%%EOF")) + 6]),
        "no pdf": _changed(answer, lambda _: b"bukan PDF"),
    }
    return moods.get(mood, answer)


def _changed(answer: Answer, change: object) -> Answer:
    if not answer.body.startswith(b"{"):
        return replace(answer, body=change(answer.body))  # type: ignore[operator] # a function of ours
    payload = json.loads(answer.body)
    payload["file"] = [base64.b64encode(change(base64.b64decode(file))).decode() for file in payload["file"]]  # type: ignore[operator] # as above
    return replace(answer, body=json.dumps(payload).encode())
