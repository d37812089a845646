"""Requests that the OpenAPI document allows and forbids, made by Schemathesis: answers conform to the document."""

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
from schemathesis.specs.openapi import checks

from service.jobs.requests import request_batch
from service.store import migrate, open_store
from service.web.api import OPERATIONS
from support.api_client import BASE, Program, give_roles, program
from support.office import CAHYA, HERI, NOW, open_office, plain_settings
from support.web_client import open_web_office

_EXAMPLES = 12
_CALLS = {operation.id: (operation.method, operation.path) for operation in OPERATIONS}
_CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
schemathesis.openapi.media_type("application/pdf", st.binary(max_size=200).map(lambda tail: b"%PDF-1.7\n" + tail))


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedApi:
    """The document for Schemathesis, a program of Biro SDM, and path parameters of existing objects."""

    schema: Any
    program: Program
    existing: Mapping[str, Mapping[str, object]]

    def call(
        self, operation_id: str, mode: GenerationMode, *extra_checks: Any, path: Mapping[str, object] | None = None
    ) -> set[int]:
        """Call the operation a bounded number of times; return the statuses."""
        method, where = _CALLS[operation_id]
        operation = self.schema[where][method]
        statuses: set[int] = set()
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
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=[*_CHECKS, *extra_checks])

        once()
        return statuses


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentedApi]:
    """One office for all calls; calls see what earlier ones changed."""
    home = tmp_path_factory.mktemp("api")
    url, documents = f"sqlite:///{home / 'store.sqlite3'}", str(home / "documents")
    migrate(url)
    office_settings = replace(plain_settings(str(home)), database_url=url, storage_url=documents)
    with open_store(database_url=url, storage_url=documents) as store:
        office = open_office(store, office_settings)
        with open_web_office(office) as web:
            give_roles(web, HERI, "biro_sdm")
            submission, issued = office.approved("coaching"), office.issue()
            batch = request_batch(
                "issue",
                "Uji",
                {"year": 2025},
                store=store,
                now=NOW,
                actor=HERI,
                randomness=web.account_context.randomness,
            )
            calls = program(web, HERI)
            webhook = calls.post(
                "/webhooks", {"url": "https://a.example.go.id/", "events": ["certificate.issued"]}, expect=201
            )
            yield DocumentedApi(
                schema=schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", web.app, config=SchemathesisConfig()),
                program=calls,
                existing=path_parameters(submission.id, issued.certificate.number, batch.id, webhook["id"]),
            )


def path_parameters(submission: str, number: str, batch: str, webhook: str) -> dict[str, dict[str, object]]:
    """Return path parameters by operation, so that the objects are found."""
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
def test_what_the_document_allows_is_answered_as_it_says(documented: DocumentedApi, operation_id: str) -> None:
    statuses = documented.call(operation_id, GenerationMode.POSITIVE, path=documented.existing.get(operation_id))
    assert not statuses & {401, 415}


@pytest.mark.parametrize("operation_id", sorted(_CALLS))
def test_what_it_forbids_is_refused_as_it_says(documented: DocumentedApi, operation_id: str) -> None:
    statuses = documented.call(operation_id, GenerationMode.NEGATIVE, checks.negative_data_rejection)
    assert statuses
