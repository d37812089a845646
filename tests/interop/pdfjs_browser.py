"""Fill a form with pdf.js in a headless Chromium; a small server hands the page its files and takes the result."""

from __future__ import annotations

import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from interop.tools import INTEROP, command, node_modules

_PATIENCE = 120  # seconds
_KINDS = {".html": "text/html", ".mjs": "text/javascript", ".json": "application/json", ".pdf": "application/pdf"}


def fill_in_browser(blank: bytes, answers: bytes) -> bytes:
    """Return the saved form. `answers`: a JSON object of field names and texts."""
    build = node_modules() / "node_modules" / "pdfjs-dist" / "build"
    files = {"/": (INTEROP / "fill.html").read_bytes(), "/blank.pdf": blank, "/answers.json": answers}
    files |= {f"/{name}": (build / name).read_bytes() for name in ("pdf.mjs", "pdf.worker.mjs")}
    received: dict[str, bytes] = {}
    done = threading.Event()

    class FileServer(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Keep the test output clean."""

        def do_GET(self) -> None:
            content = files.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", _KINDS.get(Path(self.path).suffix, "text/html"))
            self.end_headers()
            self.wfile.write(content or b"")

        def do_POST(self) -> None:
            received[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            done.set()

    chromium = command("chromium")
    with ThreadingHTTPServer(("127.0.0.1", 0), FileServer) as server, TemporaryDirectory() as profile:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Chromium refuses to build its sandbox for root, as build servers often are; it sees nothing but our page.
        no_sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        arguments = [chromium, "--headless", "--disable-gpu", *no_sandbox, f"--user-data-dir={profile}"]
        with subprocess.Popen(
            [*arguments, f"http://127.0.0.1:{server.server_port}/"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as browser:
            try:
                assert done.wait(_PATIENCE), "Chromium gave no answer"
            finally:
                browser.terminate()
        server.shutdown()
    assert "/error" not in received, received["/error"].decode()
    return received["/filled.pdf"]
