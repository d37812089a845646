"""What was signed is read again wherever it could differ; where it is not, reading it again would say the same."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from forgeries.impostors import attempt
from forgeries.table import LIES, Ground, Lie, ground_of
from parsers.parse import examine
from service.store import migrate, open_store
from service.verification.reasons import Reason
from service.verification.revisions import compare_revisions
from signing.validation.inspect import inspect
from support.office import open_office, plain_settings


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    home = tmp_path_factory.mktemp("kantor")
    url = f"sqlite:///{home / 'store.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(home / "documents")) as store:
        yield ground_of(open_office(store, plain_settings(str(home))))


def both_ways(ground: Ground, content: bytes) -> tuple[tuple[Reason, ...], tuple[Reason, ...]] | None:
    """The answer as given, and with every signed revision read again; None for a file that holds no form."""
    told, examined = attempt(ground.office, content), examine(content)
    report, reading = inspect(content, trust=told.moment.trust), examined.reading
    if reading.form is None:
        return None
    given, again = (
        compare_revisions(content, report.signatures, form=reading.form, answers=reading.answers, sources=sources)
        for sources in (examined.sources, None)
    )
    return given, again


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_no_lie_is_told_otherwise_by_reading_less(lie: Lie, ground: Ground) -> None:
    ways = both_ways(ground, lie.tell(ground).content)
    assert ways is None or ways[0] == ways[1]


def test_an_honest_form_is_not_read_again(ground: Ground) -> None:
    with patch("service.verification.revisions.raw_answers") as read:
        assert both_ways(ground, ground.signed) is not None
    # Twice for the two earlier signatures, where it was not told what the answers rest on.
    assert read.call_count == 2


def test_what_answers_rest_on_are_fields_and_the_form_and_no_signature(ground: Ground) -> None:
    sources, report = examine(ground.signed).sources, inspect(ground.signed, trust=ground.office.moment.trust)
    assert sources
    first, second, third = (signature.written_later for signature in report.signatures)
    assert first
    assert second
    assert first > second
    assert third == frozenset()
    assert not first & sources
