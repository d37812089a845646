"""`cmb recount` puts the months' sums right and says how many were wrong."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from service.store import open_store
from service.store.store import for_writing, open_engine
from support.command import command, objects
from support.monitored_office import CAHYA, approve, register_people


def test_sums_written_past_the_service_are_put_right_and_then_nothing_is_left_to_do(tmp_path: Path) -> None:
    home = tmp_path / "home"
    cmb = command(home)
    cmb("init")
    url = f"sqlite:///{home / 'cmb.sqlite3'}"
    with open_store(database_url=url, storage_url=(home / "documents").as_uri()) as store:
        register_people(store)
        approve(store, "coaching", "2025-04-07")
        approve(store, "coaching", "2026-04-07")
    engine = open_engine(url)
    with for_writing(engine).begin() as connection:
        connection.execute(text("UPDATE assessed_months SET coaching_jp = 0 WHERE year = 2026"))
    engine.dispose()
    years = objects(cmb("recount", "--json"))
    assert years == [{"year": 2025, "corrected": 0}, {"year": 2026, "corrected": 1}]
    assert objects(cmb("recount", "--year", 2026, "--json")) == [{"year": 2026, "corrected": 0}]
    people = objects(cmb("evaluate", "--year", 2026, "--period", 1, "--json"))[0]["people"]
    assert next(person["jp"] for person in people if person["nip"] == CAHYA) == "2"
