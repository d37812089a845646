"""Calls to the gateway that were kept before cards could be signed through it stay as they were."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert

from service.store import migrate, open_store
from service.store.gateway_calls import CallOutcome, GatewayCall
from service.store.queries import columns_of
from service.store.schema import BLANKS, EMPLOYEES, GATEWAY_CALLS
from service.store.store import for_writing, open_engine
from support.sample_rows import EMPLOYEE, NOW, SUPERVISOR, blank, entry


def test_calls_for_forms_are_kept_when_cards_come(empty_url: str, tmp_path: Path) -> None:
    migrate(empty_url, to="0007")
    form, people = blank(), (entry(EMPLOYEE), entry(SUPERVISOR))
    call = GatewayCall(
        id="G-1",
        serial=form.serial,
        role="pegawai",
        nip=EMPLOYEE,
        digest_before="ab" * 32,
        started_at=NOW,
        outcome=CallOutcome.UNKNOWN,
        document_id="7",
        message="terputus",
    )
    told = columns_of(call)
    del told["card_id"]
    engine = open_engine(empty_url)
    with for_writing(engine).begin() as connection:
        for person in people:
            columns = {name: getattr(person, name) for name in EMPLOYEES.c.keys()}  # noqa: SIM118 - columns, not names
            connection.execute(insert(EMPLOYEES).values(columns | {"roles": ["pegawai"]}))
        connection.execute(insert(BLANKS).values(columns_of(form)))
        connection.execute(insert(GATEWAY_CALLS).values(told))
    engine.dispose()
    migrate(empty_url)
    with open_store(database_url=empty_url, storage_url=str(tmp_path / "d")) as store, store.reading() as tx:
        assert tx.gateway_calls.unknown() == [call]
