"""A ZIP file of many members through the worker: how fast, and what memory it takes with its size.

`python bench/bench_works.py [MEMBERS]`: the larger archive has MEMBERS members (20000 by default; that takes some
minutes). One in a hundred is a whole form without signatures, the others are a few bytes that are no PDF: what is
measured is the laying out, the unpacking, the keeping and the writing of results, not the reading of forms.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
import zipfile
from pathlib import Path

from service.bootstrap import utc_now
from service.config import FILE_NAME, Settings, read_settings
from service.jobs.requests import add_file, mark_ready, request_batch
from service.store import migrate, open_store
from support.filled_forms import filled
from support.measured import Measured, measured

CMB = Path(sys.executable).with_name("cmb")
FEW = 500


def packed(path: Path, count: int) -> None:
    form = filled()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            tail = f"\n%{number:06}".encode()
            archive.writestr(f"unit/{number:06}.pdf", (form if number % 100 == 0 else b"bukan PDF") + tail)


def asked(settings: Settings, archive: Path) -> str:
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        batch = request_batch(
            "submit", "Uji", {}, store=store, now=utc_now(), actor="uji", randomness=secrets.token_bytes, complete=False
        )
        with archive.open("rb") as file:
            add_file(batch.id, archive.name, file, store=store, now=utc_now())
        mark_ready(batch.id, store=store)
    return batch.id


def worked(settings: Settings) -> Measured:
    ran = measured(CMB, "--home", settings.home, "worker", "--once")
    if ran.code:
        raise SystemExit(ran.err)
    return ran


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    for count in (FEW, many):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            (home / FILE_NAME).touch()
            settings = read_settings(home, {})
            migrate(settings.database_url)
            packed(home / "unit.zip", count)
            batch_id = asked(settings, home / "unit.zip")
            ran = worked(settings)
            storage = {"database_url": settings.database_url, "storage_url": settings.storage_url}
            with open_store(**storage) as store, store.reading() as tx:
                progress = tx.batches.progress(batch_id, utc_now())
            print(
                f"{count:6} members: {ran.seconds:6.1f} s, {count / ran.seconds:5.1f} a second, {ran.cpu:.0f} s of "
                f"processor; most memory of the worker {ran.first:.0f} MiB, of any reader {ran.mebibytes:.0f} MiB; "
                f"{progress.done} done, {dict(progress.outcomes)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
