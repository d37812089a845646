"""What the store says when the database is missing, busy, full or wrongly addressed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from service.records import Event
from service.store import Store, migrate, open_store
from service.store.errors import BadAddress, StorageFull, StoreBusy, StoreError, StoreUnavailable, translate_errors
from service.store.events import Events
from service.store.queries import database_address, storage_folder
from service.store.store import for_writing, open_engine
from support import postgres
from support.said import advice
from support.sample_rows import NOW, register


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("postgres://cmb:rahasia@db/cmb", "postgresql+psycopg://cmb:rahasia@db/cmb"),
        ("postgresql://cmb@db/cmb", "postgresql+psycopg://cmb@db/cmb"),
        ("sqlite:///berkas.sqlite3", "sqlite+pysqlite:///berkas.sqlite3"),
    ],
)
def test_usual_addresses_are_understood(told: str, meant: str) -> None:
    assert database_address(told).render_as_string(hide_password=False) == meant


@pytest.mark.parametrize("url", ["", "mysql://cmb:rahasia@db/cmb", "sqlite://", "sqlite:///:memory:", "rahasia"])
def test_other_addresses_are_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(BadAddress) as caught:
        migrate(url)
    assert "rahasia" not in str(caught.value)
    assert advice(caught.value)


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("/var/dokumen", Path("/var/dokumen")),
        ("file:///var/dokumen%20kita", Path("/var/dokumen kita")),
        ("s3://ember/awalan", None),
    ],
)
def test_storage_addresses_are_folders_or_elsewhere(url: str, folder: Path | None) -> None:
    assert storage_folder(url) == folder


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store(database_url=f"postgresql://cmb:rahasia@/cmb?host={tmp_path}", storage_url=str(tmp_path))
    assert "rahasia" not in str(caught.value)


def test_a_database_that_does_not_exist_is_told(postgres_server: postgres.Server, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="nowhere"):
        open_store(database_url=postgres_server.url("nowhere"), storage_url=str(tmp_path))


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    file.write_bytes(b"not a database, but somebody's letter" * 100)
    with pytest.raises(StoreUnavailable):
        open_store(database_url=f"sqlite:///{file}", storage_url=str(tmp_path))
    assert file.read_bytes() == b"not a database, but somebody's letter" * 100


def test_a_folder_for_the_database_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        migrate(f"sqlite:///{tmp_path / 'file' / 'deep' / 'store.sqlite3'}")


def test_a_full_database_is_told_and_keeps_nothing_of_the_transaction(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    migrate(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as there are; stays with the connection
    large = "INSERT INTO trust_roots VALUES ('aa', 'signing', 'x', zeroblob(1000000), '2026-04-08')"
    with pytest.raises(StorageFull), translate_errors(), for_writing(engine).begin() as connection:
        connection.exec_driver_sql(large)
    engine.dispose()
    with open_store(database_url=url, storage_url=str(tmp_path)) as store, store.reading() as tx:
        assert tx.trust.all() == ()


def test_a_database_held_by_another_is_told_as_busy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    migrate(url)
    holder = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # stays with the pooled connection
    with pytest.raises(StoreBusy), translate_errors(), for_writing(engine).begin():
        pass
    holder.close()
    engine.dispose()


def test_reading_goes_on_while_somebody_writes_and_sees_the_state_before(store: Store) -> None:
    with store.transaction() as writing:
        writing.events.append(Event(at=NOW, actor="a", action="b", subject="c"))
        with store.reading() as tx:
            assert tx.events.list() == []
    with store.reading() as tx:
        assert len(tx.events.list()) == 1


def test_a_reading_transaction_cannot_write_and_leaves_a_connection_that_can(store: Store) -> None:
    event = Event(at=NOW, actor="a", action="b", subject="c")
    with store.reading() as tx, pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        Events(tx._connection).append(event)
    with store.transaction() as tx:
        tx.events.append(event)
    with store.reading() as tx:
        assert tx.events.list() == [event]


def test_one_reading_sees_one_state_to_its_end(store: Store) -> None:
    with store.reading() as tx:
        assert tx.employees.all() == []
        register(store)
        assert tx.employees.all() == []
    with store.reading() as tx:
        assert len(tx.employees.all()) == 2


def test_every_trouble_has_a_sentence_and_a_way_out() -> None:
    error = StoreError("card_unknown", card="K")
    assert (error.code, dict(error.params), str(error)) == ("card_unknown", {"card": "K"}, "card_unknown (card='K')")
