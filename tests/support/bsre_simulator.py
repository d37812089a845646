"""A process that simulates the BSrE Esign Client Service; run it with a settings file. It prints its port.

The file (JSON): `versions`, `now` (default: the clock), `user`, `password`, `tsa` (a PKCS#12 file) with
`key_passphrase`, and `people`, by NIK: `key` (PKCS#12), `key_passphrase`, `passphrase`, `status`.

`POST /_mood` sets the outcome of the next sign call and, after semicolons, of the downloads after it. `GET /_asked`
lists the requests, `GET /_totp` the one-time codes (a person's telephone), `GET /_signed` the newest signed file (the
provider's own history).
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
from support.bsre_moods import Answer, spoiled
from support.bsre_signing import sign_as_the_gateway

NOT_REGISTERED = {"error": "User tidak terdaftar", "status_code": 2011}


def _height(pdf: bytes, page: int) -> float:
    """Return the height of the stamp's page; of A4 for a file that cannot be read, which is refused later."""
    try:
        return float(PdfReader(io.BytesIO(pdf)).pages[page - 1].mediabox.height)
    except (PyPdfError, IndexError):
        return 841.89


@dataclass
class World:
    """The simulator's state: its settings, the requests so far, and the mood of the next sign call."""

    settings: dict[str, Any]
    mood: str = ""
    asked: list[str] = field(default_factory=list)
    totp: dict[str, tuple[str, int]] = field(default_factory=dict)
    copies: dict[str, bytes] = field(default_factory=dict)
    newest: bytes = b""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def holder(self, nik: str) -> KeyHolder:
        person = self.settings["people"][nik]
        return open_pkcs12(Path(person["key"]).read_bytes(), person["key_passphrase"].encode())

    def tsa(self) -> KeyHolder:
        return open_pkcs12(Path(self.settings["tsa"]).read_bytes(), self.settings["key_passphrase"].encode())

    def refusal(self, nik: str, passphrase: str | None, totp: str | None) -> dict[str, Any] | None:
        person = self.settings["people"].get(nik)
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
        credentials = f"{world.settings['user']}:{world.settings['password']}".encode()
        if self.headers.get("Authorization") != f"Basic {base64.b64encode(credentials).decode()}":
            self._answer(Answer(401, b'{"status":401,"error":"Unauthorized"}'))
            return
        version = "v2" if path.startswith("/api/v2/") else "v1"
        if version not in world.settings["versions"]:
            self._answer(Answer(404, json.dumps({"status": 404, "error": "Not Found", "path": path}).encode()))
            return
        self._answer(self._v2(json.loads(body or b"{}")) if version == "v2" else self._v1(body))

    def _control(self, body: bytes) -> Answer:
        world = self.world
        if self.path == "/_mood":
            world.mood = body.decode()
        items = {"/_asked": world.asked, "/_totp": [code for code, _ in world.totp.values()]}.get(self.path, [])
        items = [base64.b64encode(world.newest).decode()] if self.path == "/_signed" else items
        return Answer(200, json.dumps(items).encode())

    def _v2(self, payload: dict[str, Any]) -> Answer:
        world, nik = self.world, str(payload.get("nik", ""))
        if self.path == "/api/v2/user/check/status":
            person = world.settings["people"].get(nik)
            return Answer(200, json.dumps({"status": person["status"]} if person else NOT_REGISTERED).encode())
        if self.path == "/api/v2/sign/get/totp":
            if nik not in world.settings["people"]:
                return Answer(200, json.dumps(NOT_REGISTERED).encode())
            world.totp[nik] = (f"{secrets.randbelow(10**6):06}", int(payload["data"]))
            return Answer(200, b'{"message":"TOTP dikirim"}')
        if self.path.startswith("/api/v2/user/certificate/chain/"):
            return self._chain(self.path.rsplit("/", 1)[1])
        refused = world.refusal(nik, payload.get("passphrase"), payload.get("totp"))
        if refused is not None:
            return Answer(200 if refused is NOT_REGISTERED else 400, json.dumps(refused).encode())
        properties = payload["signatureProperties"][0]
        pdf = base64.b64decode(payload["file"][0])
        box = None
        if properties["tampilan"] == "VISIBLE":
            left, top = properties["originX"], _height(pdf, properties["page"]) - properties["originY"]
            box = (left, top - properties["height"], left + properties["width"], top)
        signed = self._sign(pdf, nik, properties, box, base64.b64decode(properties.get("imageBase64", "")))
        if isinstance(signed, Answer):
            return signed
        answer = Answer(200, json.dumps({"time": 1, "file": [base64.b64encode(signed).decode()]}).encode())
        return spoiled(answer, self._mood())

    def _v1(self, body: bytes) -> Answer:
        world = self.world
        if self.path.startswith("/api/user/status/"):
            person = world.settings["people"].get(self.path.rsplit("/", 1)[1])
            return Answer(200, json.dumps({"status": person["status"]} if person else NOT_REGISTERED).encode())
        if self.path.startswith("/api/sign/download/"):
            return self._copy(self.path.rsplit("/", 1)[1])
        fields, files = self._form(body)
        refused = world.refusal(fields.get("nik", ""), fields.get("passphrase"), None)
        if refused is not None:
            message = f"Proses signing gagal : {refused['error']} {refused['status_code']}"
            return Answer(200 if refused is NOT_REGISTERED else 400, message.encode())
        box = None
        if fields["tampilan"] == "visible":
            left, bottom, width, height = (float(fields[key]) for key in ("xAxis", "yAxis", "width", "height"))
            box = (left, bottom, left + width, bottom + height)
        signed = self._sign(files["file"], fields["nik"], fields, box, files.get("imageTTD", b""))
        if isinstance(signed, Answer):
            return signed
        number = secrets.token_hex(8)
        world.copies[number] = signed
        return spoiled(Answer(200, signed, {"id_dokumen": number}), self._mood())

    def _copy(self, number: str) -> Answer:
        """Give a copy out once, also when the answer is lost."""
        mood = self._mood() if self.world.mood.startswith("copy ") else ""
        if mood == "copy away":
            return Answer(503, b"<html>Service Unavailable</html>")
        copy = self.world.copies.pop(number, None)
        if copy is None:
            return Answer(404, b'{"error":"File tidak ditemukan","status_code":4044}')
        return replace(Answer(200, copy), lost=mood == "copy lost")

    def _sign(self, pdf: bytes, nik: str, properties: dict[str, Any], box: Any, image: bytes) -> bytes | Answer:
        world = self.world
        others = [person for person in world.settings["people"] if person != nik]
        signer = others[0] if world.mood == "another person" else nik
        try:
            world.newest = sign_as_the_gateway(
                pdf,
                world.holder(signer),
                world.tsa(),
                at=dt.datetime.fromisoformat(now) if (now := world.settings.get("now")) else dt.datetime.now(dt.UTC),
                page=int(properties.get("page", 1)),
                box=box,
                image=image,
                reason=properties.get("reason", ""),
            )
        except Exception:  # noqa: BLE001 - the real service answers 500 for any error
            return Answer(500, b'{"status":500,"error":"Internal Server Error","path":"/api/sign/pdf"}')
        return world.newest

    def _chain(self, nik: str) -> Answer:
        if nik not in self.world.settings["people"]:
            return Answer(200, json.dumps(NOT_REGISTERED).encode())
        holder = self.world.holder(nik)
        chain = [{"certificate": base64.b64encode(der).decode()} for der in (holder.certificate, *holder.chain)]
        return Answer(200, json.dumps({"chain": chain}).encode())

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
    Service.world = World(settings=json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        print(server.server_port, flush=True)  # noqa: T201 - the parent process reads the port here
        server.serve_forever()


if __name__ == "__main__":
    main()
