"""One three-signature form through the whole proof, and many of them: milliseconds a file, and flat memory."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from office import Office, open_office, plain_settings

from service.store import migrate, open_store
from signing.verify import inspect

MANY = 40


def best(job: Callable[[], object], runs: int = 10) -> float:
    """The best of some runs, in milliseconds: the others shared the machine."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        job()
        times.append(time.perf_counter() - begin)
    return min(times) * 1000


def resident() -> float:
    """The most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(office: Office) -> None:
    signed = office.signed("mentoring")
    whole = best(lambda: office.prove(signed))
    facts = best(lambda: inspect(signed, trust=office.moment.trust))
    print(f"three signatures, {len(signed) // 1024} KiB")
    print(f"  inspect      {facts:7.1f} ms")
    print(f"  whole proof  {whole:7.1f} ms   ({whole / facts:.1f} x inspect)")
    before = resident()
    for _ in range(MANY):
        office.prove(signed)
    print(f"  resident     {before:7.0f} MiB, after {MANY} more files {resident():.0f} MiB")
    office.approved("coaching")
    begin = time.perf_counter()
    office.issue()
    first = (time.perf_counter() - begin) * 1000
    times = []
    for day in ("6 Mei 2025", "3 Juni 2025", "1 Juli 2025", "5 Agustus 2025"):
        office.approved("coaching", tanggal=day)
        begin = time.perf_counter()
        office.issue()
        times.append((time.perf_counter() - begin) * 1000)
    print(f"issue one certificate  {min(times):7.1f} ms   (the first of a process {first:.0f} ms)")


with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{Path(folder) / 'store.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(Path(folder) / "documents")) as store:
        run(open_office(store, plain_settings(folder)))
