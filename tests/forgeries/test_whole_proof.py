"""No forgery passes: every lie anybody thought of, told of a whole form, before the whole proof."""

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
    """One office for all lies: a proof keeps nothing, and who is enrolled twice stays who they are."""
    home = tmp_path_factory.mktemp("kantor")
    url = f"sqlite:///{home / 'store.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(home / "documents")) as store:
        yield ground_of(open_office(store, plain_settings(str(home))))


def proof(ground: Ground, told: Attempt) -> Answer:
    with ground.office.store.reading() as tx:
        return prove(told.content, "formulir.pdf", tx=tx, moment=told.moment)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_no_forgery_passes(lie: Lie, ground: Ground) -> None:
    told = lie.tell(ground)
    answer = proof(ground, told)
    assert answer.verdict is not Verdict.PASSED
    assert answer.reasons
    if lie.by_signature:
        report = inspect(told.content, trust=told.moment.trust)
        passed = [each.indication is Indication.TOTAL_PASSED for each in report.signatures if each.kind == "signature"]
        # A rolled-back file shows fewer signatures; whatever it shows, they do not all stand for all that was signed.
        assert not report.readable or not passed or not all(passed)


def test_the_table_has_at_least_sixty_lies_of_every_kind_and_none_twice() -> None:
    assert len(LIES) >= 60
    assert len({lie.name for lie in LIES}) == len(LIES)
    counted = Counter(lie.kind for lie in LIES)
    assert len(counted) == 13
    assert min(counted.values()) >= 9, counted


def test_a_form_everybody_signed_passes(ground: Ground) -> None:
    """What every lie starts from, made in the same ways: the lie is what is refused, not its making."""
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
    """Only our form does not want a certification; the signatures are fine until somebody lies."""
    for level in (2, 3):
        report = inspect(certified(ground.filled, level), trust=ground.office.moment.trust)
        assert [each.indication for each in report.signatures] == [Indication.TOTAL_PASSED] * 3
