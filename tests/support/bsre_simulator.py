"""A process that behaves as the BSrE Esign Client Service is known to: run it with a file that says who is who.

The file (JSON): `versions`, `now` (else the clock's), `user`, `password`, `tsa` (a PKCS#12 file) with `key_passphrase`,
and `people`, by NIK: `key` (PKCS#12), `key_passphrase`, `passphrase`, `status`. It prints its port. `POST /_mood` sets
what the next sign call comes to and, after a semicolon each, the downloads that follow it; `GET /_asked` tells what was
asked for, `GET /_totp` the one-time codes (a person's telephone), `GET /_signed` the newest signed file (the provider's
own history).
"""

from __future__ import annotations

import base64
import datetime as dt
import email.parser
import email.policy
import io
import json
import secrets
import sys
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from signing.keys import KeyHolder
from signing.keys.pkcs12 import open_pkcs12
from support.bsre_moods import Answer, spoilt
from support.bsre_signing import sign_as_the_gateway

NOT_REGISTERED = {"error": "User tidak terdaftar", "status_code": 2011}


def _height(pdf: bytes, page: int) -> float:
    """Of the page the stamp goes on; of A4 for what cannot be read, which is refused later."""
    try:
        return float(PdfReader(io.BytesIO(pdf)).pages[page - 1].mediabox.height)
    except (PyPdfError, IndexError):
        return 841.89


@dataclass
class World:
    """Who is who, what was asked, and the mood of the next sign call."""

    told: dict[str, Any]
    mood: str = ""
    asked: list[str] = field(default_factory=list)
    totp: dict[str, tuple[str, int]] = field(default_factory=dict)
    copies: dict[str, bytes] = field(default_factory=dict)
    newest: bytes = b""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def holder(self, nik: str) -> KeyHolder:
        person = self.told["people"][nik]
        return open_pkcs12(Path(person["key"]).read_bytes(), person["key_passphrase"].encode())

    def tsa(self) -> KeyHolder:
        return open_pkcs12(Path(self.told["tsa"]).read_bytes(), self.told["key_passphrase"].encode())

    def refusal(self, nik: str, passphrase: str | None, totp: str | None) -> dict[str, Any] | None:
        person = self.told["people"].get(nik)
        if person is None:
            return NOT_REGISTERED
        if person["status"] != "ISSUE":
            return {"error": "Sertifikat tidak aktif atau belum ada", "status_code": 2021}
        if totp is not None:
            code, left = self.totp.get(nik, ("", 0))
            if code != totp or left < 1:
                return {"error": "TOTP tidak sesuai atau kedaluwarsa", "status_code": 2032}
            self.totp[nik] = (code, left - 1)
        elif passphrase != person["passphrase"]:
            return {"error": "Passphrase anda salah", "status_code": 2031}
        return None


class Service(BaseHTTPRequestHandler):
    """The interface, both versions."""

    world: World

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self, body: bytes) -> None:
        world, path = self.world, self.path
        if path.startswith("/_"):
            self._answer(self._control(body))
            return
        world.asked.append(f"{self.command} {path.rsplit('/', 1)[0] if path[-1].isdigit() else path}")
        told = f"{world.told['user']}:{world.told['password']}".encode()
        if self.headers.get("Authorization") != f"Basic {base64.b64encode(told).decode()}":
            self._answer(Answer(401, b'{"status":401,"error":"Unauthorized"}'))
            return
        version = "v2" if path.startswith("/api/v2/") else "v1"
        if version not in world.told["versions"]:
            self._answer(Answer(404, json.dumps({"status": 404, "error": "Not Found", "path": path}).encode()))
            return
        self._answer(self._new(json.loads(body or b"{}")) if version == "v2" else self._old(body))

    def _control(self, body: bytes) -> Answer:
        world = self.world
        if self.path == "/_mood":
            world.mood = body.decode()
        told = {"/_asked": world.asked, "/_totp": [code for code, _ in world.totp.values()]}.get(self.path, [])
        told = [base64.b64encode(world.newest).decode()] if self.path == "/_signed" else told
        return Answer(200, json.dumps(told).encode())

    def _new(self, told: dict[str, Any]) -> Answer:
        world, nik = self.world, str(told.get("nik", ""))
        if self.path == "/api/v2/user/check/status":
            person = world.told["people"].get(nik)
            return Answer(200, json.dumps({"status": person["status"]} if person else NOT_REGISTERED).encode())
        if self.path == "/api/v2/sign/get/totp":
            if nik not in world.told["people"]:
                return Answer(200, json.dumps(NOT_REGISTERED).encode())
            world.totp[nik] = (f"{secrets.randbelow(10**6):06}", int(told["data"]))
            return Answer(200, b'{"message":"TOTP dikirim"}')
        if self.path.startswith("/api/v2/user/certificate/chain/"):
            return self._chain(self.path.rsplit("/", 1)[1])
        refused = world.refusal(nik, told.get("passphrase"), told.get("totp"))
        if refused is not None:
            return Answer(200 if refused is NOT_REGISTERED else 400, json.dumps(refused).encode())
        wish = told["signatureProperties"][0]
        box = None
        if wish["tampilan"] == "VISIBLE":
            top = _height(base64.b64decode(told["file"][0]), wish["page"]) - wish["originY"]
            box = (wish["originX"], top - wish["height"], wish["originX"] + wish["width"], top)
        signed = self._sign(
            base64.b64decode(told["file"][0]), nik, wish, box, base64.b64decode(wish.get("imageBase64", ""))
        )
        if isinstance(signed, Answer):
            return signed
        answer = Answer(200, json.dumps({"time": 1, "file": [base64.b64encode(signed).decode()]}).encode())
        return spoilt(answer, self._mood())

    def _old(self, body: bytes) -> Answer:
        world = self.world
        if self.path.startswith("/api/user/status/"):
            person = world.told["people"].get(self.path.rsplit("/", 1)[1])
            return Answer(200, json.dumps({"status": person["status"]} if person else NOT_REGISTERED).encode())
        if self.path.startswith("/api/sign/download/"):
            return self._copy(self.path.rsplit("/", 1)[1])
        fields, files = self._form(body)
        refused = world.refusal(fields.get("nik", ""), fields.get("passphrase"), None)
        if refused is not None:
            words = f"Proses signing gagal : {refused['error']} {refused['status_code']}"
            return Answer(200 if refused is NOT_REGISTERED else 400, words.encode())
        box = None
        if fields["tampilan"] == "visible":
            left, bottom, width, height = (float(fields[each]) for each in ("xAxis", "yAxis", "width", "height"))
            box = (left, bottom, left + width, bottom + height)
        signed = self._sign(files["file"], fields["nik"], fields, box, files.get("imageTTD", b""))
        if isinstance(signed, Answer):
            return signed
        number = secrets.token_hex(8)
        world.copies[number] = signed
        return spoilt(Answer(200, signed, {"id_dokumen": number}), self._mood())

    def _copy(self, number: str) -> Answer:
        """Given out once, whatever becomes of the answer."""
        mood = self._mood() if self.world.mood.startswith("copy ") else ""
        if mood == "copy away":
            return Answer(503, b"<html>Service Unavailable</html>")
        kept = self.world.copies.pop(number, None)
        if kept is None:
            return Answer(404, b'{"error":"File tidak ditemukan","status_code":4044}')
        return replace(Answer(200, kept), lost=mood == "copy lost")

    def _sign(self, pdf: bytes, nik: str, wish: dict[str, Any], box: Any, image: bytes) -> bytes | Answer:
        world = self.world
        others = [each for each in world.told["people"] if each != nik]
        who = others[0] if world.mood == "another person" else nik
        try:
            world.newest = sign_as_the_gateway(
                pdf,
                world.holder(who),
                world.tsa(),
                at=dt.datetime.fromisoformat(now) if (now := world.told.get("now")) else dt.datetime.now(dt.UTC),
                page=int(wish.get("page", 1)),
                box=box,
                image=image,
                reason=wish.get("reason", ""),
            )
        except Exception:  # noqa: BLE001 - the real one answers 500 whatever it was
            return Answer(500, b'{"status":500,"error":"Internal Server Error","path":"/api/sign/pdf"}')
        return world.newest

    def _chain(self, nik: str) -> Answer:
        if nik not in self.world.told["people"]:
            return Answer(200, json.dumps(NOT_REGISTERED).encode())
        holder = self.world.holder(nik)
        told = [{"certificate": base64.b64encode(each).decode()} for each in (holder.certificate, *holder.chain)]
        return Answer(200, json.dumps({"chain": told}).encode())

    def _form(self, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        fields, files = {}, {}
        for part in message.iter_parts():  # type: ignore[attr-defined] # a message of this policy has it
            name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            if part.get_filename():
                files[name] = content
            else:
                fields[name] = content.decode()
        return fields, files

    def _mood(self) -> str:
        with self.world.lock:
            mood, _, self.world.mood = self.world.mood.partition("; ")
        return mood

    def _answer(self, answer: Answer) -> None:
        answer.give(self)


def main() -> None:
    Service.world = World(told=json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        print(server.server_port, flush=True)  # noqa: T201 - whoever started it reads the port here
        server.serve_forever()


if __name__ == "__main__":
    main()
