"""What an office of 7,000 people and 300,000 activities answers at once: recap, evaluation, report, with query plans.

`python bench/bench_monitoring.py [ACTIVITIES] [EMPLOYEES]`. The office is written straight into SQLite and into a
throwaway PostgreSQL, with what the law says of its months; that one month assessed anew says the same is checked. The
best of several rounds, because other work shares the machine. Processor time is this process (with SQLite: all there
is); of PostgreSQL's own, the server process that answered is asked for beside it.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import whole_house
from sqlalchemy import event, text

from service.monitoring.evaluation import evaluate
from service.monitoring.recaps import Quarter, recap_of
from service.monitoring.report import periodic, span_of
from service.store import Store, Transaction, migrate, open_store
from service.store.store import for_writing, open_engine
from support import postgres

YEAR, UNITS, ROUNDS = 2026, 70, 7
ZONE = ZoneInfo("Asia/Jakarta")
DAY = dt.date(YEAR, 9, 10)
Asked = Callable[[Transaction], Any]
ASKED: dict[str, Asked] = {
    "recap, sums of everybody": lambda tx: tx.totals.sums((YEAR, 1), (YEAR, 9)),
    "recap of one unit": lambda tx: recap_of("Unit Contoh 003", Quarter(year=YEAR, number=3), tx, today=DAY),
    "evaluation, everybody": lambda tx: evaluate(YEAR, 2, tx, today=DAY),
    "evaluation of one unit": lambda tx: evaluate(YEAR, 2, tx, today=DAY, unit="Unit Contoh 003"),
    "evaluation on a month's last day": lambda tx: evaluate(YEAR, 3, tx, today=dt.date(YEAR, 11, 30)),
    "everybody of the year": lambda tx: sum(1 for _ in tx.employees.of_year(YEAR)),
    "dashboard, months of the year": lambda tx: tx.totals.months((YEAR, 1), (YEAR, 12)),
    "report, half a year": lambda tx: periodic(span_of((YEAR, 1), (YEAR, 6)), tx, zone=ZONE),
}


def fill(url: str, storage: str, *, employees: int, activities: int) -> None:
    begin = time.perf_counter()
    migrate(url)
    whole_house.fill(url, storage, employees=employees, activities=activities, units=UNITS, year=YEAR)
    whole_house.fill_months(url, employees=employees, activities=activities, units=UNITS, year=YEAR)
    print(f"  written in {time.perf_counter() - begin:.1f} s")
    begin = time.perf_counter()
    with open_store(database_url=url, storage_url=storage) as store, store.transaction() as tx:
        assert tx.assessed_months.rebuild(YEAR, 6) == 0, "months were written that the law does not say"
    took = time.perf_counter() - begin
    print(f"  a month of everybody assessed anew in {took:.1f} s, {took / employees * 1000:.2f} ms each")
    engine = open_engine(url)
    with for_writing(engine).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if url.startswith("sqlite") else "VACUUM ANALYZE"))
    engine.dispose()


def measure(store: Store, ask: Asked, server: Callable[[], float]) -> tuple[float, float, float]:
    """The least time on the clock, of this process, and of the server's in that same round."""
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu, theirs = time.perf_counter(), time.process_time(), server()
        with store.reading() as tx:
            ask(tx)
        walls.append(time.perf_counter() - wall)
        cpus.append((time.process_time() - cpu, server() - theirs))
    ours, theirs = min(cpus, key=sum)
    return min(walls), ours, theirs


@contextmanager
def serving(url: str, store: Store) -> Iterator[Callable[[], float]]:
    """How long the process has worked that answers this store; nothing for SQLite, which works in ours."""
    if url.startswith("sqlite"):
        yield lambda: 0.0
        return
    with store.reading() as tx:
        process = tx.employees._connection.scalar(text("SELECT pg_backend_pid()"))  # noqa: SLF001 - the store's own
    status, ticks = Path(f"/proc/{process}/stat"), os.sysconf("SC_CLK_TCK")
    yield lambda: sum(map(int, status.read_text().rpartition(")")[2].split()[11:13])) / ticks


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
    with open_store(database_url=url, storage_url=storage) as store, serving(url, store) as server:
        for name, ask in ASKED.items():
            wall, ours, theirs = (1000 * seconds for seconds in measure(store, ask, server))
            print(f"  {name:34} {wall:7.0f} ms  processor {ours:6.0f} + {theirs:3.0f} ms")
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
