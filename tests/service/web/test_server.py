"""The visitor's address behind a reverse proxy: headers of the trusted proxy count, others do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from service.config import read_settings
from support import clone

# A server process that prints its port and echoes its visitor's address, scheme and forwarding header.
PROGRAM = """
import sys
from pathlib import Path
import waitress
from service.config import read_settings
from service.web.server import waitress_options

def echo(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    parts = environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ.get("HTTP_X_FORWARDED_FOR", "-")
    return [" ".join(parts).encode()]

settings = read_settings(Path("nowhere"), {"CMB_TRUSTED_PROXY": sys.argv[1]})
server = waitress.create_server(echo, host="127.0.0.1", port=0, **waitress_options(settings))
print(server.effective_port, flush=True)
server.run()
"""


def seen_by_application(proxy: str) -> str:
    """Return what the application sees of a visitor who sends forwarding headers."""
    arguments = [sys.executable, "-c", PROGRAM, proxy]
    with subprocess.Popen(arguments, cwd=clone.ROOT, stdout=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout is not None
            port = int(service.stdout.readline())
            headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
            return requests.get(f"http://127.0.0.1:{port}/", headers=headers, timeout=30).text
        finally:
            service.terminate()


@pytest.mark.parametrize("proxy", ["", "192.0.2.1"])
def test_nobody_chooses_an_address_for_himself(proxy: str) -> None:
    assert seen_by_application(proxy).startswith("127.0.0.1 http ")


def test_the_trusted_proxys_word_counts() -> None:
    assert seen_by_application("127.0.0.1").startswith("203.0.113.7 https ")


def test_the_proxy_is_named_in_the_settings(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}).trusted_proxy is None
    assert read_settings(tmp_path, {"CMB_TRUSTED_PROXY": "10.0.0.5"}).trusted_proxy == "10.0.0.5"
