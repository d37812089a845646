"""`cmb serve` and `cmb worker` as processes over one home: started, stopped, or killed."""

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
    """Both programs; their output is in `home / "output"`."""

    home: Path
    environ: Mapping[str, str]
    port: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start both, and wait until the web service answers."""
        with (self.home / "output").open("ab") as output:
            for words in (("worker", "--lease", _LEASE), ("serve", "--port", str(self.port))):
                command = [CMB, "--home", self.home, *words]
                self.running.append(subprocess.Popen(command, env=self.environ, stdout=output, stderr=output))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if requests.get(self.url, timeout=PATIENCE).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.2)
        raise AssertionError((self.home / "output").read_text(errors="replace")[-3000:])

    @contextmanager
    def worker_held(self) -> Iterator[None]:
        """Pause the worker, as a machine that is too busy does."""
        worker = self.running[0]
        worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            worker.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill both at once, without a signal they could handle."""
        for program in self.running:
            program.kill()
        self.stop()

    def stop(self) -> None:
        """Stop both as a service manager does."""
        for program in self.running:
            program.terminate()
        for program in self.running:
            try:
                program.wait(timeout=20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        self.running.clear()


@contextmanager
def running_programs(home: Path, environ: Mapping[str, str], port: int) -> Iterator[Programs]:
    """Run both over a prepared home while the block lasts."""
    programs = Programs(home=home, environ=environ, port=port)
    try:
        programs.start()
        yield programs
    finally:
        programs.stop()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
