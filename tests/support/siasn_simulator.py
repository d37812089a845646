"""A stand-in for SIASN as a process of its own: it knows people, keeps courses, and fails on request as the real one.

`python siasn_simulator.py` prints its port. `POST /_next` queues how the next saves (or, with `"ask"`, questions) go
wrong; `GET /_state` shows what it has and what was asked of it, tokens excepted.
"""

from __future__ import annotations

import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BASE = "/apisiasn/1.0"
GATEWAY, SSO = "gateway-token-of-today", "sso-token-of-today"
DAY = re.compile(r"(0[1-9]|[12]\d|3[01])-(0[1-9]|1[0-2])-\d{4}")
TEXTS = (
    *("instansiId", "institusiPenyelenggara", "jenisDiklatId", "jenisKursus", "jenisKursusSertipikat"),
    *("lokasiId", "namaKursus", "nomorSertipikat", "pnsOrangId"),
)
HANGS = 1.5


class State:
    """Everything the simulator knows; it serves one request at a time."""

    def __init__(self) -> None:
        self.courses: dict[str, list[dict[str, Any]]] = {}
        self.next: dict[str, list[str]] = {"save": [], "ask": []}
        self.calls: list[str] = []
        self.saves = 0

    def mode(self, kind: str) -> str:
        return self.next[kind].pop(0) if self.next[kind] else ""


STATE = State()


def wrong(course: dict[str, Any]) -> str:
    """Return why the register would refuse the course, in its words; empty if it would not."""
    for name in TEXTS:
        if not isinstance(course.get(name), str) or not course[name]:
            return f"{name} wajib diisi"
    if type(course.get("jumlahJam")) is not int or type(course.get("tahunKursus")) is not int:
        return "jumlahJam dan tahunKursus harus integer"
    if not all(DAY.fullmatch(str(course.get(name))) for name in ("tanggalKursus", "tanggalSelesaiKursus")):
        return "format tanggal harus DD-MM-YYYY"
    if set(course) != {*TEXTS, "id", "jumlahJam", "tahunKursus", "tanggalKursus", "tanggalSelesaiKursus", "path"}:
        return "kolom tidak dikenal"
    return ""


def keep(course: dict[str, Any]) -> str:
    """Insert the course, or replace the one with its id; return the id."""
    STATE.saves += 1
    mine = STATE.courses.setdefault(course["pnsOrangId"], [])
    kept = {"id": course["id"] or f"rw-{STATE.saves}", "noSertipikat": course["nomorSertipikat"]}
    kept |= {name: course[name] for name in ("jumlahJam", "namaKursus", "tahunKursus", "tanggalKursus")}
    mine[:] = [other for other in mine if other["id"] != kept["id"]] + [kept]
    return str(kept["id"])


class Handler(BaseHTTPRequestHandler):
    """The three calls of the register, and two of our own."""

    def do_GET(self) -> None:
        if self.path == "/_state":
            self.answer(200, {"courses": STATE.courses, "calls": STATE.calls, "saves": STATE.saves})
            return
        nip = self.path.rpartition("/")[2]
        STATE.calls.append(f"GET {self.path.removeprefix(BASE).rpartition('/')[0]}")
        if not self.admitted(STATE.mode("ask")):
            return
        if self.path.startswith(f"{BASE}/pns/data-utama/"):
            known = not nip.endswith("9999")
            self.answer(200, {"code": 1, "data": {"id": f"orang-{nip}", "nipBaru": nip}} if known else
                        {"code": 0, "data": "Data tidak ditemukan"})  # fmt: skip
        elif self.path.startswith(f"{BASE}/pns/rw-kursus/"):
            mine = STATE.courses.get(f"orang-{nip}")
            self.answer(200, {"code": 1, "data": mine} if mine else {"code": 0, "data": "Data tidak ditemukan"})
        else:
            self.answer(404, {"message": "No matching resource"})

    def do_POST(self) -> None:
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/_next":
            for kind, modes in payload.items():
                STATE.next[kind] += modes
            self.answer(200, {})
            return
        STATE.calls.append(f"POST {self.path.removeprefix(BASE)}")
        mode = STATE.mode("save")
        if not self.admitted(mode):
            return
        trouble = wrong(payload)
        if self.path != f"{BASE}/kursus/save" or trouble or mode == "refuse":
            self.answer(400 if trouble else 200, {"success": False, "message": trouble or "jenisKursus tidak dikenal"})
            return
        numbers = [course["noSertipikat"] for course in STATE.courses.get(payload["pnsOrangId"], [])]
        if payload["nomorSertipikat"] in numbers and not payload["id"]:
            self.answer(200, {"success": False, "message": "Nomor sertipikat sudah ada"})
            return
        made = keep(payload)
        if mode == "save_twice":
            keep(payload)
        if mode == "hang_after_saving":
            time.sleep(HANGS)
        elif mode == "error_after_saving":
            self.answer(500, {"message": "Internal Server Error"})
            return
        elif mode == "html_after_saving":
            self.send(200, b"<html><body>Bad gateway, token gateway-token-of-today</body></html>", "text/html")
            return
        elif mode == "no_id":
            self.answer(200, {"success": True, "message": "ok"})
            return
        elif mode == "cut_after_saving":
            self.close_connection = True
            return
        self.answer(200, {"success": True, "message": "ok", "mapData": {"rwKursusId": made}})

    def admitted(self, mode: str) -> bool:
        """Both tokens, each in its header; else what the API manager or the register says."""
        if self.headers["Authorization"] != f"Bearer {GATEWAY}" or mode == "expired":
            self.answer(401, {"fault": {"code": 900901, "message": "Invalid Credentials", "description": GATEWAY}})
        elif self.headers["Auth"] != f"bearer {SSO}":
            self.answer(200, {"error": True, "message": "invalid or expired jwt"})
        elif mode == "throttled":
            self.answer(429, {"fault": {"code": 900800, "message": "Message throttled out"}})
        elif mode == "error":
            self.answer(503, {"message": "Service Unavailable"})
        elif mode == "html":
            self.send(200, b"<html>pemeliharaan</html>", "text/html")
        elif mode == "elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            return True
        return False

    def answer(self, status: int, body: dict[str, Any]) -> None:
        self.send(status, json.dumps(body).encode(), "application/json")

    def send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
