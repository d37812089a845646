"""For the operations team: the service says whether it lives and is ready, and what it does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.store.errors import StoreUnavailable
from service.web.access_log import HEADER
from support.office import NOW
from support.web_client import WebOffice


def figures(web: WebOffice) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = web.app.test_client().get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def seen(web: WebOffice, before: dt.timedelta) -> None:
    with web.office.store.transaction() as tx:
        tx.operations.worker_lives("satu", started_at=NOW - before, now=NOW - before)


def ready(web: WebOffice) -> tuple[int, dict[str, Any]]:
    answer = web.app.test_client().get("/readyz")
    return answer.status_code, answer.json["checks"]


def test_a_living_service_says_so(web: WebOffice) -> None:
    answer = web.app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "ok\n")


@pytest.mark.parametrize(
    ("before", "status", "worker"),
    [(None, 503, "never_seen"), (dt.timedelta(seconds=10), 200, "ok"), (dt.timedelta(minutes=2), 503, "silent")],
)
def test_ready_means_that_store_storage_and_a_worker_are_there(
    web: WebOffice, before: dt.timedelta | None, status: int, worker: str
) -> None:
    if before is not None:
        seen(web, before)
    assert ready(web) == (status, {"database": "ok", "storage": "ok", "worker": worker})


def test_a_service_without_its_store_lives_and_is_not_ready(web: WebOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("database_away")

    seen(web, dt.timedelta(0))
    monkeypatch.setattr(type(web.office.store), "reading", away)
    monkeypatch.setattr(type(web.office.store), "require_current", away)
    assert web.app.test_client().get("/healthz").status_code == 200
    assert ready(web) == (503, {"database": "database_away", "storage": "ok", "worker": "database_away"})
    assert figures(web)["cmb_store_up", ()] == 0


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_the_public_behind_a_proxy_gets_none_of_it(web: WebOffice, path: str, header: str) -> None:
    assert web.app.test_client().get(path, headers={header: "203.0.113.7"}).status_code == 404


def test_requests_are_counted_by_the_pattern_of_their_address(web: WebOffice) -> None:
    web.app.test_client().get("/periksa/CMB-2026-000123-K7Q2M9XD")
    counted = figures(web)
    labels = (("address", "/periksa/<number>"), ("method", "GET"), ("status", "200"))
    assert counted["cmb_http_requests_total", labels] >= 1
    assert not any("CMB-2026" in value for _, pairs in counted for _, value in pairs)


def test_verdicts_and_what_waits_are_counted_whoever_judged(web: WebOffice) -> None:
    before = figures(web)
    web.office.submit(web.office.signed("mentoring"))
    after = figures(web)
    verified = ("cmb_verdicts_total", (("answer", "verified"),))
    assert after[verified] - before.get(verified, 0) == 1
    assert after["cmb_undecided", ()] - before["cmb_undecided", ()] == 1
    assert after["cmb_undecided_since_timestamp_seconds", ()] <= NOW.timestamp()


def test_an_answer_names_its_request_and_keeps_the_number_of_a_proxy(web: WebOffice) -> None:
    client = web.app.test_client()
    assert client.get("/", headers={HEADER: "proxy-7"}).headers[HEADER] == "proxy-7"
    for odd in ("", "x" * 65, "a b", "ü"):
        assert len(client.get("/", headers={HEADER: odd}).headers[HEADER]) == 16
