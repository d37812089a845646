"""The schema: from nothing, from the version before, never by accident."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

import service.store.migrations
from service.records import Event, Verification
from service.store import migrate, open_store
from service.store.errors import NotPrepared
from service.store.migrations import HEAD
from service.store.schema import EMPLOYEES, EVENTS, METADATA, SUBMISSIONS
from service.store.store import for_writing, open_engine
from support.said import advice
from support.sample_rows import NOW, entry, migrates, side_by_side

FOLDER = Path(service.store.migrations.__file__).parent


def test_the_newest_revision_is_the_one_the_store_asks_for() -> None:
    assert ScriptDirectory(str(FOLDER)).get_heads() == [HEAD]


def test_from_nothing_the_schema_is_the_tables_of_the_code(empty_url: str) -> None:
    migrate(empty_url)
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


@pytest.mark.parametrize("before", [revision.revision for revision in ScriptDirectory(str(FOLDER)).walk_revisions()])
def test_from_every_earlier_version_the_rows_are_kept(empty_url: str, tmp_path: Path, before: str) -> None:
    migrate(empty_url, to=before)
    person = entry("197503152000031002")
    columns = {name: getattr(person, name) for name in EMPLOYEES.c.keys()} | {"roles": ["pegawai"]}  # noqa: SIM118 - columns, not names, when iterated
    answer = {"verdict": "failed", "reasons": [{"code": "flattened"}]}
    sent = {"id": "K-1", "digest": "ab" * 32, "file_name": "a.pdf", "received_at": NOW, "status": "refused"}
    happened = {"at": NOW, "actor": "a", "action": "b", "subject": "c", "detail": {"n": 1}}
    engine = open_engine(empty_url)
    with for_writing(engine).begin() as connection:
        connection.execute(insert(EMPLOYEES).values(columns))
        connection.execute(insert(EVENTS).values(happened))
        connection.execute(insert(SUBMISSIONS).values(sent | {"decision": "pending", "answer": answer}))
    engine.dispose()
    migrate(empty_url)
    with open_store(database_url=empty_url, storage_url=str(tmp_path / "d")) as store, store.reading() as tx:
        assert tx.employees.all() == [person]
        held = tx.employees.as_of(person.nip, NOW.date())
        assert (held.name if held else None) == (person.name if before < "0005" else None)
        assert tx.events.list() == [Event(at=NOW, actor="a", action="b", subject="c", detail={"n": 1})]
        judged = Verification(submission_id="K-1", at=NOW, policy="cmb-verify-0", verdict="failed", answer=answer)
        assert tx.verifications.of("K-1") == ([judged] if before < "0003" else [])


def test_migrating_again_changes_nothing(database_url: str, tmp_path: Path) -> None:
    with open_store(database_url=database_url, storage_url=str(tmp_path / "d")) as store, store.transaction() as tx:
        tx.employees.upsert([entry("197503152000031002")])
    migrate(database_url)
    with open_store(database_url=database_url, storage_url=str(tmp_path / "d")) as store, store.reading() as tx:
        assert len(tx.employees.all()) == 1


def test_several_may_migrate_at_the_same_time(empty_url: str, tmp_path: Path) -> None:
    side_by_side((empty_url, ""), migrates, times=4)
    with open_store(database_url=empty_url, storage_url=str(tmp_path / "d")) as store, store.reading() as tx:
        assert tx.employees.all() == []


def test_an_unprepared_database_is_not_opened_and_stays_as_it_was(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(NotPrepared) as caught:
        open_store(database_url=empty_url, storage_url=str(tmp_path / "d"))
    assert "cmb init" in advice(caught.value)
    assert not (tmp_path / "empty.sqlite3").exists()


def set_revision(database_url: str, revision: str) -> None:
    engine = open_engine(database_url)
    with for_writing(engine).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


@pytest.mark.parametrize(("revision", "hint"), [("0001", "cmb init"), ("9999", "lebih baru")])
def test_a_database_of_another_version_is_not_opened(empty_url: str, tmp_path: Path, revision: str, hint: str) -> None:
    migrate(empty_url)
    set_revision(empty_url, revision)
    with pytest.raises(NotPrepared) as caught:
        open_store(database_url=empty_url, storage_url=str(tmp_path / "d"))
    assert hint in advice(caught.value)


def test_a_database_of_a_later_version_is_not_migrated(empty_url: str) -> None:
    migrate(empty_url)
    set_revision(empty_url, "9999")
    with pytest.raises(NotPrepared, match="store_newer"):
        migrate(empty_url)


def test_a_migration_is_whole_or_not_at_all(empty_url: str, tmp_path: Path) -> None:
    migrate(empty_url, to="0001")
    engine = open_engine(empty_url)
    with for_writing(engine).begin() as connection:
        connection.exec_driver_sql("DROP TABLE events")  # what the next revision builds on is gone
    with pytest.raises(DBAPIError, match="events"):
        migrate(empty_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0001"
        assert connection.execute(select(EMPLOYEES)).all() == []
    engine.dispose()
    assert not (tmp_path / "d").exists()
