"""`cmb serve` and `cmb worker` as processes over one home: started, stopped, and killed as by a power cut."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

CMB = Path(sys.executable).with_name("cmb")
PATIENCE = 120.0  # seconds for a start on a busy machine
# A killed worker's batch is taken over this soon (seconds), so that a test need not wait longer.
_LEASE = "4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """Both programs; what they say is in `home / "told"`."""

    home: Path
    environ: Mapping[str, str]
    port: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Both, until the door answers."""
        with (self.home / "told").open("ab") as told:
            for words in (("worker", "--lease", _LEASE), ("serve", "--port", str(self.port))):
                command = [CMB, "--home", self.home, *words]
                self.running.append(subprocess.Popen(command, env=self.environ, stdout=told, stderr=told))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if requests.get(self.url, timeout=PATIENCE).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.2)
        raise AssertionError((self.home / "told").read_text(errors="replace")[-3000:])

    @contextmanager
    def worker_held(self) -> Iterator[None]:
        """The worker does nothing meanwhile, as on a machine that is too busy."""
        worker = self.running[0]
        worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            worker.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Both at once and without a word."""
        for each in self.running:
            each.kill()
        self.stop()

    def stop(self) -> None:
        """As a service manager does it."""
        for each in self.running:
            each.terminate()
        for each in self.running:
            try:
                each.wait(timeout=20)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()
        self.running.clear()


@contextmanager
def running_programs(home: Path, environ: Mapping[str, str], port: int) -> Iterator[Programs]:
    """Both over a prepared home, for as long as the block lasts."""
    programs = Programs(home=home, environ=environ, port=port)
    try:
        programs.start()
        yield programs
    finally:
        programs.stop()


def free_port() -> int:
    with socket.socket() as heard:
        heard.bind(("127.0.0.1", 0))
        return int(heard.getsockname()[1])
