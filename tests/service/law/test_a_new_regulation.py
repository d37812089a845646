"""A regulation of 2027 with other numbers, added as docs/adding.md says: every place shows them, and 2026 stays."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.jobs.reminders import remind
from service.law import Activity, assess, jp_text, target_of
from service.law import regulations as law
from service.law.numbers import Regulation
from service.law.outlook import outlook, pro_rata, suggest
from service.law.regulations import numbers_on
from service.monitoring.cards import card_of
from service.monitoring.evaluation import evaluate, evaluation_json, steps_of
from service.monitoring.evaluation_document import evaluation_document
from service.monitoring.recaps import quarter_of, recap_of
from service.monitoring.report import periodic, span_of
from service.monitoring.report_document import report_document
from service.store import Store
from service.year import employee_year
from support import web_client
from support.monitored_office import BIRO, CAHYA, DIAH, approve, register_people
from support.web_client import WebOffice, readable

ADDING = (Path(__file__).parents[3] / "docs" / "adding.md").read_text(encoding="utf-8")
YEARS = (2026, 2027)
ZONE = ZoneInfo("Asia/Jakarta")


def block_of(name: str) -> str:
    """Return the file of that name as docs/adding.md has it."""
    (body,) = re.findall(rf"^```\w+ \S*{re.escape(name)}\n(.*?)^```", ADDING, re.MULTILINE | re.DOTALL)
    return str(body)


@pytest.fixture(autouse=True)
def regulation(monkeypatch: pytest.MonkeyPatch) -> Regulation:
    """The one module and the one line of the recipe."""
    names: dict[str, object] = {}
    exec(compile(block_of("contoh_2_2027.py"), "contoh_2_2027.py", "exec"), names)  # noqa: S102 - our own example
    (found,) = [value for value in names.values() if isinstance(value, Regulation)]
    monkeypatch.setattr(law, "REGULATIONS", (*law.REGULATIONS, found))
    return found


@pytest.fixture
def staffed(store: Store) -> Store:
    """Three coachings in March of both years, and a fourth."""
    register_people(store)
    for year in YEARS:
        for day in ("03-02", "03-03", "03-04", "03-05"):
            approve(store, "coaching", f"{year}-{day}")
    return store


def test_its_cases_come_out_as_they_say() -> None:
    for case in tomllib.loads(block_of("contoh_2_2027.toml"))["case"]:
        found = assess([Activity(**activity) for activity in case["activities"]])
        assert [jp_text(item.jp) for item in found.items] == case["jp"]
        assert jp_text(found.total) == case["total"]


def test_a_finding_has_the_number_of_its_day_and_cites_its_source() -> None:
    coachings = [Activity(kind="coaching", date=dt.date(year, 3, day)) for year in YEARS for day in (2, 3, 4, 5)]
    last = {item.activity.date.year: item.findings[-1] for item in assess(coachings).items}
    assert "2 kali dalam satu bulan" in last[2026].because
    assert "3 kali dalam satu bulan" in last[2027].because
    assert last[2026].cites[0].instrument == "SE Kepala BKN Nomor 3 Tahun 2022"
    assert last[2027].cites[0].instrument == "Peraturan Contoh Nomor 2 Tahun 2027"
    assert target_of(2027).citation.article == "Pasal 3"


def test_what_it_does_not_state_stays_as_it_was() -> None:
    before, after = numbers_on(dt.date(2026, 12, 31)), numbers_on(dt.date(2027, 1, 1))
    assert (before.a_day, before.addition, before.meetings) == (after.a_day, after.addition, after.meetings)
    assert before.times | {"coaching": 3} == after.times
    assert numbers_on(dt.date(1990, 1, 1)) is numbers_on(dt.date(2022, 2, 1))


def test_numbers_that_change_within_a_month_are_refused() -> None:
    with pytest.raises(ValueError, match="with a month"):
        Regulation(holds_from=dt.date(2027, 1, 15))


@pytest.mark.parametrize(("year", "target", "times", "most"), [(2026, 20, 2, 196), (2027, 24, 3, 220)])
def test_the_outlook_and_the_ways_to_the_target_are_those_of_the_year(
    year: int, target: int, times: int, most: int
) -> None:
    first = dt.date(year, 1, 1)
    possible = outlook([], first)
    assert possible.target == target
    assert [room.allowed for room in possible.rooms] == [times, 2, 2]
    # Twelve months: coachings of 2 JP, two international mentorings of 4 JP, two days of 2.4 JP.
    assert possible.most == 12 * (times * 2 + 8 + Decimal("4.8"))
    (coaching, *_) = suggest(Decimal(target), first, numbers_on(first).times).ways
    assert coaching.kind == "coaching"
    assert suggest(Decimal(10), first, numbers_on(first).times).ways[0].times == 2
    assert pro_rata(year, 3) == target
    assert most < possible.most


@pytest.mark.parametrize(("year", "target", "total", "steps"), [(2026, "20", "4", "16"), (2027, "24", "6", "19.2")])
def test_year_card_recap_evaluation_and_report_of_a_year_have_its_numbers(
    staffed: Store, year: int, target: str, total: str, steps: str
) -> None:
    ends = dt.date(year, 4, 30)
    with staffed.reading() as tx:
        mine = employee_year(CAHYA, year, today=ends, tx=tx)
        card = card_of(CAHYA, year, tx)
        evaluation = evaluate(year, 1, tx, today=ends)
        recap = recap_of(BIRO, quarter_of(dt.date(year, 3, 1)), tx, today=ends)
        report = periodic(span_of((year, 1), (year, 4)), tx, zone=ZONE)
    assert (jp_text(mine.target), jp_text(mine.total)) == (target, total)
    assert mine.kinds[0].allowed == int(total) // 2
    assert jp_text(card.total) == total
    assert jp_text(recap.target) == target
    assert jp_text(steps_of(year)[-2]) == steps
    person = next(person for person in evaluation.people if person.nip == CAHYA)
    assert (jp_text(person.year_target), jp_text(person.jp)) == (target, total)
    assert person.target == pro_rata(year, 1)
    assert evaluation_json(evaluation)["target"] == jp_text(pro_rata(year, 1))
    assert jp_text(report.target) == target


@pytest.mark.parametrize(("year", "mine", "other"), [(2026, "20 JP", "24 JP"), (2027, "24 JP", "20 JP")])
def test_papers_of_a_year_print_its_target_and_no_other(staffed: Store, year: int, mine: str, other: str) -> None:
    with staffed.reading() as tx:
        evaluation = evaluate(year, 1, tx, today=dt.date(year, 4, 30))
        report = periodic(span_of((year, 1), (year, 4)), tx, zone=ZONE)
    for paper in (evaluation_document(evaluation, made=""), report_document(report, made="")):
        text = repr(paper)
        assert re.search(rf"\b{mine}", text)
        assert not re.search(rf"\b{other}", text)


@pytest.mark.parametrize(("year", "behind"), [(2026, False), (2027, True)])
def test_the_reminder_of_a_year_measures_by_its_target(store: Store, year: int, behind: bool) -> None:
    """Seven JP until April are enough for a third of 20 and not of 24."""
    register_people(store)
    for kind, day in (("coaching", "01-05"), ("coaching", "02-02"), ("mentoring", "03-02")):
        approve(store, kind, f"{year}-{day}")
    approve(store, "belajar_mandiri", f"{year}-04-06", minutes=45)
    sent = remind(
        store=store, now=dt.datetime(year, 5, 4, 3, tzinfo=dt.UTC), zone=ZONE, actor="cmb:worker", preview=True
    )
    assert (CAHYA in {reminder.nip for reminder in sent if reminder.kind == "behind"}) is behind


@pytest.mark.parametrize(("year", "target", "times"), [(2026, 20, 2), (2027, 24, 3)])
def test_the_pages_of_a_year_show_its_numbers(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch, year: int, target: int, times: int
) -> None:
    monkeypatch.setattr(web_client, "NOW", dt.datetime(year, 11, 24, 3, tzinfo=dt.UTC))
    home = readable(web.visit(CAHYA).get("/beranda"))
    assert f"0 dari {target} JP" in home
    assert f"masih {times} dari {times} kali" in home
    assert f"menuju {target} JP setahun" in readable(web.visit().get("/"))
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(DIAH)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", "biro_sdm"))])
    rules = readable(web.visit(DIAH).get("/biro/kebijakan"))
    assert f"Coaching dihitung paling tinggi {times} kali" in rules


def test_numbers_that_change_in_the_middle_of_a_year_bound_each_month_by_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch, regulation: Regulation
) -> None:
    monkeypatch.setattr(law, "REGULATIONS", (law.REGULATIONS[0], replace(regulation, holds_from=dt.date(2027, 7, 1))))
    register_people(store)
    approve(store, "coaching", "2027-03-02")
    approve(store, "coaching", "2027-09-02")
    day = dt.date(2027, 4, 15)
    with store.reading() as tx:
        evaluation = evaluate(2027, 1, tx, today=day)
        mine = [Activity(kind="coaching", date=dt.date(2027, month, 2)) for month in (3, 9)]
    people = {person.nip: person for person in evaluation.people}
    for nip, activities in ((CAHYA, mine), (DIAH, [])):
        assert people[nip].most == outlook(activities, day).most
        assert people[nip].most_national >= outlook(activities, day).most_national
    assert people[DIAH].most_national == outlook([], day).most_national
