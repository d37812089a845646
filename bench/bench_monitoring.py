"""What an office of 7,000 people and 300,000 activities answers at once: recap, evaluation, report, with query plans.

`python bench/bench_monitoring.py [ACTIVITIES] [EMPLOYEES]`. The office is written straight into SQLite and into a
throwaway PostgreSQL; its months are then rebuilt, which is also what an approval does, a month at a time. The best of
several rounds, because other work shares the machine; processor seconds are this process alone (with SQLite: all).
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import postgres
import whole_house
from sqlalchemy import event, text

from service.monitoring.evaluation import evaluate
from service.monitoring.periodic import periodic
from service.monitoring.quarter import Quarter
from service.monitoring.recap import recap_of
from service.monitoring.span import span_of
from service.store import Store, Transaction, migrate, open_store
from service.store.engine import for_writing, open_engine

YEAR, UNITS, ROUNDS = 2026, 70, 7
ZONE = ZoneInfo("Asia/Jakarta")
DAY = dt.date(YEAR, 9, 10)
Asked = Callable[[Transaction], Any]
ASKED: dict[str, Asked] = {
    "recap, sums of everybody": lambda tx: tx.standings.sums((YEAR, 1), (YEAR, 9)),
    "recap of one unit": lambda tx: recap_of("Unit Contoh 003", Quarter(year=YEAR, number=3), tx, today=DAY),
    "evaluation, everybody": lambda tx: evaluate(YEAR, 2, tx, today=DAY),
    "evaluation of one unit": lambda tx: evaluate(YEAR, 2, tx, today=DAY, unit="Unit Contoh 003"),
    "evaluation on a month's last day": lambda tx: evaluate(YEAR, 3, tx, today=dt.date(YEAR, 11, 30)),
    "dashboard, months of the year": lambda tx: tx.standings.months((YEAR, 1), (YEAR, 12)),
    "report, half a year": lambda tx: periodic(span_of((YEAR, 1), (YEAR, 6)), tx, zone=ZONE),
}


def fill(url: str, storage: str, *, employees: int, activities: int) -> None:
    migrate(url)
    whole_house.fill(url, storage, employees=employees, activities=activities, units=UNITS, year=YEAR)
    begin, months = time.perf_counter(), 0
    with open_store(database_url=url, storage_url=storage) as store:
        for month in range(1, 13):
            with store.transaction() as tx:
                months += tx.assessed_months.rebuild(YEAR, month)
    took = time.perf_counter() - begin
    print(f"  {months} months rebuilt in {took:.1f} s, {took / months * 1000:.2f} ms each")
    engine = open_engine(url)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE" if url.startswith("sqlite") else "VACUUM ANALYZE"))
    engine.dispose()


def measure(store: Store, ask: Asked) -> tuple[float, float]:
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        with store.reading() as tx:
            ask(tx)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus)


def plans(url: str, storage: str, ask: Asked) -> list[str]:
    """The plan of every statement that is asked, as the database tells it."""
    said: list[tuple[str, Any]] = []
    engine = open_engine(url)
    with open_store(database_url=url, storage_url=storage) as store:

        def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
            said.append((statement, parameters))

        event.listen(store._engine, "before_cursor_execute", note)  # noqa: SLF001 - looks into the engine on purpose
        with store.reading() as tx:
            ask(tx)
    explain = "EXPLAIN QUERY PLAN" if url.startswith("sqlite") else "EXPLAIN"
    found = []
    with for_writing(engine).connect() as connection:
        for statement, parameters in said:
            if statement.lstrip().upper().startswith("SELECT"):
                rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
                found.append("\n".join(f"      {row[-1]}" for row in rows[:6]))
    engine.dispose()
    return list(dict.fromkeys(found))


def main(url: str, storage: str, *, employees: int, activities: int) -> None:
    fill(url, storage, employees=employees, activities=activities)
    with open_store(database_url=url, storage_url=storage) as store:
        for name, ask in ASKED.items():
            wall, cpu = measure(store, ask)
            print(f"  {name:34} {wall * 1000:7.0f} ms  processor {cpu * 1000:6.0f} ms")
    for name in ("recap, sums of everybody", "evaluation, everybody"):
        print(f"  plans of: {name}")
        print("\n      --\n".join(plans(url, storage, ASKED[name])))


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    staff = int(sys.argv[2]) if len(sys.argv) > 2 else 7_000
    with tempfile.TemporaryDirectory() as folder:
        print(f"SQLite, {staff} employees, {many} activities, best of {ROUNDS}")
        main(f"sqlite:///{Path(folder) / 's.sqlite3'}", f"{folder}/d", employees=staff, activities=many)
        with postgres.running_server() as server:
            print(f"PostgreSQL, {staff} employees, {many} activities, best of {ROUNDS}")
            main(server.create("bench"), f"{folder}/d", employees=staff, activities=many)
