"""All the OpenAPI document allows and forbids, asked by Schemathesis: no defect, and answers as they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks as told

from service.jobs.requests import request_batch
from service.store import migrate, open_store
from service.web.api import OPERATIONS
from support.api_client import BASE, Program, give, program
from support.office import CAHYA, HERI, NOW, open_office, plain_settings
from support.web_client import open_web_door

_EXAMPLES = 12
_CALLS = {each.id: (each.method, each.path) for each in OPERATIONS}
_CHECKS = [
    schemathesis.checks.not_a_server_error,
    told.status_code_conformance,
    told.content_type_conformance,
    told.response_headers_conformance,
    told.response_schema_conformance,
]
schemathesis.openapi.media_type("application/pdf", st.binary(max_size=200).map(lambda tail: b"%PDF-1.7\n" + tail))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The document as Schemathesis reads it, a program of Biro SDM's, and names of things that are there."""

    schema: Any
    program: Program
    there: Mapping[str, Mapping[str, object]]

    def ask(
        self, operation_id: str, mode: GenerationMode, *checks: Any, path: Mapping[str, object] | None = None
    ) -> set[int]:
        """Ask the call a bounded number of times; the statuses that came."""
        method, where = _CALLS[operation_id]
        operation = self.schema[where][method]
        came: set[int] = set()
        headers = {"Authorization": f"Bearer {self.program.token}"}

        @settings(
            max_examples=_EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=path))
        def once(case: Case) -> None:
            answer = case.call(headers=headers)
            came.add(answer.status_code)
            case.validate_response(answer, checks=[*_CHECKS, *checks])

        once()
        return came


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """One office for all calls: what one call leaves is what the next one finds."""
    home = tmp_path_factory.mktemp("api")
    url, documents = f"sqlite:///{home / 'store.sqlite3'}", str(home / "documents")
    migrate(url)
    house = replace(plain_settings(str(home)), database_url=url, storage_url=documents)
    with open_store(database_url=url, storage_url=documents) as store:
        office = open_office(store, house)
        with open_web_door(office) as web:
            give(web, HERI, "biro_sdm")
            submission, issued = office.approved("coaching"), office.issue()
            batch = request_batch(
                "issue", "Uji", {"year": 2025}, store=store, now=NOW, actor=HERI, randomness=web.gate.randomness
            )
            calls = program(web, HERI)
            hook = calls.post(
                "/webhooks", {"url": "https://a.example.go.id/", "events": ["certificate.issued"]}, expect=201
            )
            yield Asking(
                schema=schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", web.app, config=SchemathesisConfig()),
                program=calls,
                there=there_are(submission.id, issued.certificate.number, batch.id, hook["id"]),
            )


def there_are(submission: str, number: str, batch: str, webhook: str) -> dict[str, dict[str, object]]:
    """What stands in the path of which call, so that it is found."""
    return {
        "getSubmission": {"id": submission},
        "getSubmissionFile": {"id": submission},
        "getJp": {"nip": CAHYA, "year": 2025},
        "getCertificate": {"number": number},
        "getCertificateFile": {"number": number},
        "revokeCertificate": {"number": number},
        "checkNumber": {"number": number},
        "getBatch": {"id": batch},
        "listBatchItems": {"id": batch},
        "cancelBatch": {"id": batch},
        "endWebhook": {"id": webhook},
        "listDeliveries": {"id": webhook},
    }


@pytest.mark.parametrize("operation_id", sorted(_CALLS))
def test_what_the_document_allows_is_answered_as_it_says(asking: Asking, operation_id: str) -> None:
    came = asking.ask(operation_id, GenerationMode.POSITIVE, path=asking.there.get(operation_id))
    assert not came & {401, 415}


@pytest.mark.parametrize("operation_id", sorted(_CALLS))
def test_what_it_forbids_is_refused_as_it_says(asking: Asking, operation_id: str) -> None:
    came = asking.ask(operation_id, GenerationMode.NEGATIVE, told.negative_data_rejection)
    assert came
