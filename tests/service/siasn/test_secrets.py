"""A token the register repeats is not kept, however the answer spells it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from service.siasn.client import SiasnClient
from service.siasn.settings import read_access

TOKEN = "opaque/token+of-today"


@pytest.mark.parametrize("spelled", [TOKEN, TOKEN.replace("/", r"\/"), TOKEN.replace("+", r"\u002b")])
def test_a_token_in_a_json_answer_is_not_kept(spelled: str, tmp_path: Path) -> None:
    body = f'{{"success": true, "message": "token {spelled}"}}'.encode()

    class Repeats(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests are silent."""

    with HTTPServer(("127.0.0.1", 0), Repeats) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        environ = {"CMB_SIASN_URL": url, "CMB_SIASN_TOKEN": TOKEN, "CMB_SIASN_SSO_TOKEN": "the-other"}
        with SiasnClient(read_access(tmp_path, environ)) as register:
            reply = register.save({})
    assert reply.is_json
    assert reply.body == {"success": True, "message": "token •••"}
