"""No forgery in the table passes the whole proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from forgeries.drawings import honestly_redrawn
from forgeries.impostors import Attempt, attempt, signed_by
from forgeries.readers import FREE, by_hand
from forgeries.table import LIES, Ground, Lie, ground_of
from service.store import migrate, open_store
from service.verification.prove import prove
from service.verification.reasons import Verdict
from service.verification.result import Answer
from signing.report import Indication
from signing.validation.inspect import inspect
from support.filled_forms import tampered
from support.office import open_office, plain_settings
from support.unusually_signed_forms import all_signed, certified


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One office for all forgeries: a proof stores nothing, and enrolling somebody twice changes nobody else."""
    home = tmp_path_factory.mktemp("kantor")
    url = f"sqlite:///{home / 'store.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(home / "documents")) as store:
        yield ground_of(open_office(store, plain_settings(str(home))))


def proof(ground: Ground, forgery: Attempt) -> Answer:
    with ground.office.store.reading() as tx:
        return prove(forgery.content, "formulir.pdf", tx=tx, moment=forgery.moment)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_no_forgery_passes(lie: Lie, ground: Ground) -> None:
    forgery = lie.tell(ground)
    answer = proof(ground, forgery)
    assert answer.verdict is not Verdict.PASSED
    assert answer.reasons
    if lie.by_signature:
        report = inspect(forgery.content, trust=forgery.moment.trust)
        passed = [
            signature.indication is Indication.TOTAL_PASSED
            for signature in report.signatures
            if signature.kind == "signature"
        ]
        # A rolled-back file shows fewer signatures; those it shows must not all pass.
        assert not report.readable or not passed or not all(passed)


def test_the_table_has_at_least_sixty_lies_of_every_kind_and_none_twice() -> None:
    assert len(LIES) >= 60
    assert len({lie.name for lie in LIES}) == len(LIES)
    counted = Counter(lie.kind for lie in LIES)
    assert len(counted) == 13
    assert min(counted.values()) >= 9, counted


def test_a_form_everybody_signed_passes(ground: Ground) -> None:
    """The honest form made in the same ways passes: forgeries are refused for the lie, not for how they are made."""
    filled = ground.filled
    for content in (
        ground.signed,
        all_signed(filled),
        signed_by(tampered(filled, lambda _, __: None)),
        signed_by(tampered(filled, honestly_redrawn)),
        by_hand(ground.signed, [(FREE, b"null")]),
        by_hand(ground.signed, [(FREE, b"undefined")]),
    ):
        assert proof(ground, attempt(ground.office, content)).reasons == ()


def test_signatures_on_a_certified_form_are_sound(ground: Ground) -> None:
    """Only our form forbids a certification; the signatures themselves are sound."""
    for level in (2, 3):
        report = inspect(certified(ground.filled, level), trust=ground.office.moment.trust)
        assert [signature.indication for signature in report.signatures] == [Indication.TOTAL_PASSED] * 3
