"""A walk over all pages of the application, found in its URL map, for every role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from support.furnished_office import Furnished

# Endpoints that answer with something else than a page, and why; all others are walked.
NO_PAGES: Mapping[str, str] = {
    "health.alive": "for machines",
    "health.ready": "for machines",
    "health.metrics": "for machines",
    "static": "files of the pages",
    "oidc.start": "leads to the agency's sign-in",
    "oidc.back": "leads back from it",
    "oidc.leave": "there only with the agency's sign-in; tests of its own open it",
    "messages.opened": "leads to what the message is about",
    "api.openapi": "for programs",
    "biro.progress": "a stream of events, shown in the page of the batch",
    "pegawai.own_file": "a table for programs",
    "public.document": "a sealed PDF",
    "pegawai.certificate_file": "a sealed PDF",
    "biro.certificate_file": "a sealed PDF",
    "pegawai.submission_file": "a form",
    "pegawai.form_file": "a form",
    "pegawai.blank_file": "a form",
    "signing.file": "a form",
    "pegawai.attachment": "what somebody attached",
    "biro.learning_evidence": "what somebody attached",
    "pegawai.learning_evidence": "what somebody attached",
    "unit.card": "a paper",
    "unit.card_to_sign": "a paper",
    "unit.assignment_file": "a paper",
    "unit.recap_file": "a paper",
    "unit.evaluation_file": "a paper",
    "biro.report_file": "a paper",
    "reports.report": "a paper, also as HTML; tests of its own look at it",
    "biro.table": "a table",
    "biro.siasn_file": "a table",
    "tables.template": "a table",
    "tables.taken": "a table",
}
# Further queries of some endpoints.
QUERIES: Mapping[str, tuple[str, ...]] = {
    "public.check": ("?nomor=abc",),
    "biro.queue": ("?macam=tinjau",),
    "biro.batch": ("?hasil=refused",),
    "biro.certificates": ("?tahun=2025",),
    "unit.recap": ("?triwulan=2026-Q3",),
    "unit.overview": ("?keadaan=tercapai",),
    "pegawai.activities": ("?tahun=2025",),
    "pegawai.guides": ("?cari=Heri",),
    "admin.people": ("?cari=Cahya",),
    "admin.trail": ("?dari=kapan",),
    "signing.delegations": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitedPage:
    """A page as one visitor gets it."""

    endpoint: str
    address: str
    role: str
    text: str


def endpoints(furnished: Furnished) -> set[str]:
    """Return all endpoints with GET, but for the API."""
    rules = furnished.web.app.url_map.iter_rules()
    readable = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    return {endpoint for endpoint in readable if not endpoint.startswith("api.") or endpoint == "api.openapi"}


def addresses(furnished: Furnished) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of every page for every value of its arguments; KeyError for one without values."""
    with furnished.web.app.test_request_context():
        for rule in sorted(furnished.web.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if rule.endpoint not in endpoints(furnished) - NO_PAGES.keys() or "GET" not in (rule.methods or ()):
                continue
            names = sorted(rule.arguments)
            for values in product(*(furnished.things[name] for name in names)):
                arguments = dict(zip(names, values, strict=True))
                path = furnished.web.app.url_for(rule.endpoint, **arguments)
                yield from ((rule.endpoint, f"{path}{query}") for query in ("", *QUERIES.get(rule.endpoint, ())))
    yield "nowhere", "/tidak-ada"


def walk(furnished: Furnished) -> Iterator[VisitedPage]:
    """Yield every page for every role that may see it, and one refusal per role."""
    refused: set[str] = set()
    for endpoint, address in addresses(furnished):
        for role, visit in furnished.visits.items():
            answer = visit.client.get(address)
            is_refused = answer.status_code not in {200, 422} and endpoint != "nowhere"
            if answer.mimetype != "text/html" or (is_refused and role in refused):
                continue
            if is_refused:
                refused.add(role)
            yield VisitedPage(
                endpoint="refused" if is_refused else endpoint,
                address=address,
                role=role,
                text=answer.get_data(as_text=True),
            )
