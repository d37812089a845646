"""Figures for the operations team, in the format of Prometheus: of this process, and of the whole installation."""

from __future__ import annotations

import datetime as dt
from collections import Counter as Counts
from collections.abc import Iterator, Mapping
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from service.bootstrap import open_key
from service.config import Settings
from service.store import Store
from service.store.errors import StoreError
from service.store.operations import Queue
from signing.certificates import read_certificate
from signing.revocation.crl import read_list

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """What is counted in this process, and what is read from the store when somebody asks."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "cmb_http_requests", "Answered requests.", ("method", "address", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "cmb_http_request_seconds", "Time until the answer was ready.", ("address",), registry=self._registry
        )
        self._registry.register(StoreFigures(store, settings))

    def count(self, method: str, address: str, status: int, seconds: float) -> None:
        """Count one answered request; `address` is the pattern of its address."""
        self._requests.labels(method, address, status).inc()
        self._seconds.labels(address).observe(seconds)

    def written(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self._registry)


class StoreFigures(Collector):
    """Figures of the whole installation, read from the store: whatever process did the work, they are the same."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lock = Lock()
        self._answers: Counts[str] = Counts()
        self._reasons: Counts[str] = Counts()
        self._seal: tuple[int, dt.datetime] | None = None
        with store.reading() as tx:
            self._last = tx.operations.last_event()

    def describe(self) -> list[Metric]:
        """Name nothing beforehand: describing must not ask the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the figures; without the store there are only those that need none."""
        try:
            figures = list(self._of_store())
        except StoreError:
            figures = [GaugeMetricFamily("cmb_store_up", "Whether the store answers.", value=0)]
        yield from figures
        yield from self._ends()

    def _of_store(self) -> Iterator[Metric]:
        with self._lock, self._store.reading() as tx:
            found = tx.operations.judgements(self._last)
            self._last = found.last
            self._answers.update(found.answers)
            self._reasons.update(found.reasons)
            undecided, unjudged = tx.operations.undecided(), tx.operations.unjudged()
            batches, seen = tx.operations.batches(), tx.operations.worker_seen()
        yield GaugeMetricFamily("cmb_store_up", "Whether the store answers.", value=1)
        yield _counter("cmb_verdicts", "Judged files since this process began, by answer.", "answer", self._answers)
        yield _counter("cmb_verdict_reasons", "Reasons found since this process began.", "reason", self._reasons)
        yield from _queue("cmb_undecided", "Submissions that wait for Biro SDM", undecided)
        yield from _queue("cmb_unjudged", "Submissions that are received and not judged", unjudged)
        jobs = GaugeMetricFamily("cmb_jobs", "Batches of long work by state.", labels=("state",))
        for state, count in batches.items():
            jobs.add_metric([state], count)
        yield jobs
        if seen is not None:
            yield _moment("cmb_worker_seen_timestamp_seconds", "When a worker last said that it lives.", seen)

    def _ends(self) -> Iterator[Metric]:
        """Say when the seal and the stored revocation lists end."""
        until = self._seal_end()
        if until is not None:
            yield _moment("cmb_seal_ends_timestamp_seconds", "When the certificate of the seal ends.", until)
        lists = GaugeMetricFamily(
            "cmb_crl_next_update_timestamp_seconds", "When a stored revocation list is due again.", labels=("file",)
        )
        for path in sorted(self._settings.crl_folder.glob("*.crl")):
            read = read_list(path.read_bytes())
            if read is not None:
                lists.add_metric([path.name], read.until.timestamp())
        yield lists

    def _seal_end(self) -> dt.datetime | None:
        """Return when the seal's certificate ends; its key is opened, slowly by design, when its file is another."""
        path = self._settings.seal_key
        if path is None or not path.exists():
            return None
        written = path.stat().st_mtime_ns
        if self._seal is None or self._seal[0] != written:
            holder = open_key(path, self._settings.seal_passphrase_file)
            self._seal = written, read_certificate(holder.certificate).not_after
        return self._seal[1]


def _counter(name: str, text: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=(label,))
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


def _queue(name: str, text: str, queue: Queue) -> Iterator[Metric]:
    yield GaugeMetricFamily(name, f"{text}.", value=queue.waiting)
    if queue.since is not None:
        yield _moment(f"{name}_since_timestamp_seconds", f"{text}: since when the oldest does.", queue.since)


def _moment(name: str, text: str, moment: dt.datetime) -> Metric:
    return GaugeMetricFamily(name, text, value=moment.timestamp())
