"""A worker for tests: its own store, a fixed clock, and a log that is a list."""

from __future__ import annotations

import datetime as dt
import io
import secrets
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from service.config import Settings
from service.jobs.requests import add_file, mark_ready, request_batch
from service.jobs.worker import Worker, run_once
from service.records import TrustRoot
from service.store import Store
from service.store.jobs import Batch, Item
from support.office import NOW, Office, keys, open_office, plain_settings

FILES = Mapping[str, bytes]


@dataclass(slots=True)
class WorkerOffice:
    """An office with a worker, and what the worker logged."""

    office: Office
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def store(self) -> Store:
        return self.office.store

    def log(self, event: str, /, **facts: Any) -> None:
        self.said.append((event, facts))

    def worker(self, **changed: Any) -> Worker:
        arguments: dict[str, Any] = {
            "name": "w1",
            "store": self.store,
            "settings": self.office.settings,
            "clock": lambda: NOW,
            "log": self.log,
            "stopping": self.stopping,
            "jobs": 2,
        }
        return Worker(**arguments | changed)

    def run(self, **changed: Any) -> None:
        run_once(self.worker(**changed), ())

    def request_batch(self, kind: str, asked: Mapping[str, Any], *, complete: bool = True) -> str:
        return request_batch(
            kind,
            "Uji",
            asked,
            store=self.store,
            now=NOW,
            actor="biro",
            randomness=secrets.token_bytes,
            complete=complete,
        ).id

    def submit(self, files: FILES) -> str:
        """Request a batch, add the files, and mark it ready."""
        batch_id = self.request_batch("submit", {}, complete=False)
        for name, content in files.items():
            add_file(batch_id, name, io.BytesIO(content), store=self.store, now=NOW)
        assert mark_ready(batch_id, store=self.store)
        return batch_id

    def batch(self, batch_id: str) -> Batch:
        with self.store.reading() as tx:
            found = tx.batches.get(batch_id)
        assert found is not None
        return found

    def items(self, batch_id: str) -> list[Item]:
        with self.store.reading() as tx:
            return list(tx.batches.all_items(batch_id))

    def outcomes(self, batch_id: str) -> dict[str, str | None]:
        return {item.name: item.outcome for item in self.items(batch_id)}


def open_worker_office(store: Store, database_url: str, folder: Path) -> WorkerOffice:
    """Open an office whose children find its store, roots and seal."""
    opened = open_office(store, settings_of(database_url, folder))
    root = keys().authority
    with store.transaction() as tx:
        tx.trust.add(TrustRoot(fingerprint="ab" * 32, use="signing", subject="CN=Akar Uji", der=root.der, added_at=NOW))
    (folder / "segel.p12").write_bytes(keys().seal.pkcs12(b"rahasia"))
    (folder / "sandi").write_text("rahasia\n")
    return WorkerOffice(opened)


def settings_of(database_url: str, folder: Path) -> Settings:
    return replace(
        plain_settings(str(folder)),
        database_url=database_url,
        storage_url=str(folder / "documents"),
        seal_key=folder / "segel.p12",
        seal_passphrase_file=folder / "sandi",
    )


def zipped(files: FILES) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)
