"""Every value comes back from both databases as it was put in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from service.records import ActivityFacts, Status
from service.store import Store, migrate, open_store
from service.store.store import for_writing, open_engine
from service.store.types import Exact, Instant, Words
from support import postgres
from support.sample_rows import NOW, facts

VALUES = Table(
    "values_of_every_type",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", Words),
    Column("instant", Instant),
    Column("exact", Exact),
)
STORABLE = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STORABLE, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def engines(
    postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine]]:
    folder: Path = tmp_path_factory.mktemp("values")
    both = open_engine(f"sqlite:///{folder / 'values.sqlite3'}"), open_engine(postgres_server.create("values"))
    for engine in both:
        with for_writing(engine).begin() as connection:
            VALUES.create(connection)
    yield both
    for engine in both:
        engine.dispose()


@pytest.fixture(scope="module")
def stores(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder: Path = tmp_path_factory.mktemp("stores")
    urls = f"sqlite:///{folder / 'store.sqlite3'}", postgres_server.create("values_store", template="blueprint")
    migrate(urls[0])
    with (
        open_store(database_url=urls[0], storage_url=str(folder)) as one,
        open_store(database_url=urls[1], storage_url=str(folder)) as other,
    ):
        yield one, other


def through(engine: Engine, column: str, value: object) -> object:
    with for_writing(engine).begin() as connection:
        connection.execute(VALUES.delete())
        connection.execute(insert(VALUES).values({column: value}))
        found = connection.execute(select(VALUES.c[column])).scalar_one()
        assert connection.execute(select(VALUES.c.id).where(VALUES.c[column] == value)).all()
    return found


@settings(max_examples=40, deadline=None)
@given(words=STORABLE)
def test_words_come_back_as_they_were(engines: tuple[Engine, Engine], words: str) -> None:
    assert [through(engine, "words", words) for engine in engines] == [words, words]


@pytest.mark.parametrize("unstorable", ["a\x00b", "berkas\udcff.pdf"])
def test_what_no_database_can_keep_is_replaced_visibly(engines: tuple[Engine, Engine], unstorable: str) -> None:
    kept = {through(engine, "words", unstorable) for engine in engines}
    assert kept == {unstorable.replace("\x00", "\ufffd").replace("\udcff", "\ufffd")}


@settings(max_examples=40, deadline=None)
@given(moment=st.datetimes(dt.datetime(1900, 1, 3), dt.datetime(9000, 1, 1), timezones=ZONES))  # noqa: DTZ001 - hypothesis adds the zone
def test_moments_come_back_in_utc(engines: tuple[Engine, Engine], moment: dt.datetime) -> None:
    for engine in engines:
        kept = through(engine, "instant", moment)
        assert isinstance(kept, dt.datetime)
        assert kept == moment
        assert kept.tzinfo is dt.UTC


def test_a_moment_without_a_zone_is_not_kept(engines: tuple[Engine, Engine]) -> None:
    for engine in engines:
        with pytest.raises(StatementError, match="time zone"):
            through(engine, "instant", NOW.replace(tzinfo=None))


@settings(max_examples=40, deadline=None)
@given(amount=st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_decimals_come_back_digit_for_digit(engines: tuple[Engine, Engine], amount: Decimal) -> None:
    for engine in engines:
        assert str(through(engine, "exact", amount + 0)) == str(amount + 0)


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_what_is_no_amount_is_not_kept(engines: tuple[Engine, Engine], amount: str) -> None:
    for engine in engines:
        with pytest.raises(StatementError, match="not an amount"):
            through(engine, "exact", Decimal(amount))


@settings(max_examples=25, deadline=None)
@given(answer=st.dictionaries(STORABLE, JSON, max_size=4))
def test_answers_come_back_word_for_word(stores: tuple[Store, Store], answer: dict[str, object]) -> None:
    for store in stores:
        with store.transaction() as tx:
            kept, _ = tx.submissions.receive(f"{uuid4()}", "a.pdf", NOW, f"K-{uuid4()}")
            kept = tx.submissions.complete(kept.id, Status.REFUSED, None, answer)
        assert kept.answer == answer
        assert list(kept.answer) == list(answer)


@settings(max_examples=25, deadline=None)
@given(
    told=st.builds(
        ActivityFacts,
        employee_nip=st.just(facts().employee_nip),
        kind=STORABLE,
        scope=STORABLE,
        date=st.dates(),
        begins=st.times(),
        ends=st.times(),
        minutes=st.integers(-(2**31), 2**31 - 1),
        title=STORABLE,
        source=st.none() | STORABLE,
        pembimbing_name=st.none() | STORABLE,
        serial=STORABLE,
    ),
)
def test_facts_come_back_as_they_were(stores: tuple[Store, Store], told: ActivityFacts) -> None:
    for store in stores:
        with store.transaction() as tx:
            kept, _ = tx.submissions.receive(f"{uuid4()}", "a.pdf", NOW, f"K-{uuid4()}")
            tx.submissions.complete(kept.id, Status.VERIFIED, told, {})
        with store.reading() as tx:
            again = tx.submissions.get(kept.id)
        assert again is not None
        assert again.facts == told
