"""The evaluation every four months: who is where, what can still be reached, on paper and as tables."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from forms.render import Renderer
from service.errors import BadInput, NotGranted
from service.law import KINDS, assess
from service.law.outlook import outlook
from service.monitoring.evaluation import EvaluatedPerson, Evaluation, Mark, evaluate
from service.monitoring.evaluation_document import evaluation_document, people_table, units_table
from service.monitoring.filing import evaluation_to_sign
from service.monitoring.workbook import workbook
from service.records import Decision, Status
from service.store import StaffUpdate, Store, migrate, open_store
from service.year import activity_of
from support.command import Run, objects
from support.monitored_office import BIRO, CAHYA, DIAH, GITA, INDRA, KANREG, approve, employee, register_people
from support.office import plain_settings
from support.sample_rows import NOW, facts

YEAR = 2025


def evaluated(store: Store, period: int, day: str, *, unit: str | None = None) -> Evaluation:
    with store.reading() as tx:
        return evaluate(YEAR, period, tx, today=dt.date.fromisoformat(day), unit=unit)


def person_of(evaluation: Evaluation, nip: str = CAHYA) -> EvaluatedPerson:
    return next(person for person in evaluation.people if person.nip == nip)


def wait_for(store: Store, kind: str, day: str, number: int) -> None:
    """One activity that passed and awaits Biro SDM."""
    activity = facts(employee_nip=CAHYA, kind=kind, date=dt.date.fromisoformat(day), scope="internasional")
    with store.transaction() as tx:
        tx.submissions.receive(f"w{number}", "formulir.pdf", NOW, f"W-{number}")
        tx.submissions.complete(f"W-{number}", Status.VERIFIED, activity, {"verdict": "passed"})


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    migrate(url)
    with open_store(database_url=url, storage_url=str(tmp_path / "documents")) as opened:
        register_people(opened)
        yield opened


def test_who_has_the_pro_rata_target_reached_it_and_the_others_are_behind(staffed: Store) -> None:
    for day in ("2025-01-10", "2025-02-10", "2025-03-10", "2025-04-30"):
        approve(staffed, "coaching", day)
    approve(staffed, "coaching", "2025-05-01", nip=GITA)
    evaluation = evaluated(staffed, 1, "2025-05-02")
    assert (person_of(evaluation).jp, person_of(evaluation).mark) == (Decimal(8), Mark.REACHED)
    assert (person_of(evaluation, GITA).jp, person_of(evaluation, GITA).year_jp, person_of(evaluation, GITA).mark) == (
        0,
        2,
        Mark.BEHIND,
    )
    assert person_of(evaluation, GITA).short == Decimal("6.67")
    assert evaluation.distribution == (6, 0, 0, 1, 0, 0, 0)


def test_in_december_who_has_too_little_cannot_reach_20_any_more(staffed: Store) -> None:
    for month in (1, 2):
        approve(staffed, "coaching", f"{YEAR}-0{month}-03")
    evaluation = evaluated(staffed, 3, "2025-12-01")
    assert (person_of(evaluation).most, person_of(evaluation).most_national) == (Decimal("20.8"), Decimal(16))
    assert (person_of(evaluation).mark, person_of(evaluation).only_international) == (Mark.BEHIND, True)
    assert person_of(evaluation, GITA).mark is Mark.OUT_OF_REACH
    assert person_of(evaluation, GITA).suggestion.rest == Decimal("3.2")
    assert CAHYA not in {person.nip for person in evaluation.lost}


def test_what_awaits_a_decision_is_counted_in_before_anybody_is_called_lost(staffed: Store) -> None:
    approve(staffed, "coaching", "2025-01-03")
    assert person_of(evaluated(staffed, 3, "2025-12-01")).mark is Mark.OUT_OF_REACH
    wait_for(staffed, "mentoring", "2025-02-03", 1)
    person = person_of(evaluated(staffed, 3, "2025-12-01"))
    assert (person.mark, person.waiting, person.most) == (Mark.BEHIND, 1, Decimal("22.8"))
    over = person_of(evaluated(staffed, 3, "2026-01-10"))
    assert (over.most, over.mark) == (Decimal(6), Mark.OUT_OF_REACH)


def test_who_joined_in_the_year_is_measured_from_then_and_who_left_is_not_at_all(staffed: Store) -> None:
    came, went = dt.date(2025, 6, 10), dt.date(2025, 7, 1)
    newcomer = employee("200001012025061001", "Baru Contoh")
    leaver = employee(INDRA, "Drs. Indra Contohputra", KANREG)
    with staffed.transaction() as tx:
        tx.employees.record([StaffUpdate(entry=newcomer, since=came)], day=came)
        tx.employees.record([StaffUpdate(entry=leaver, since=went, departure="pensiun")], day=went)
    evaluation = evaluated(staffed, 2, "2025-09-01")
    assert (person_of(evaluation, newcomer.nip).came, person_of(evaluation, newcomer.nip).target) == (
        came,
        Decimal("5.00"),
    )
    assert INDRA not in {person.nip for person in evaluation.people}
    earlier = {person.nip for person in evaluated(staffed, 1, "2025-09-01").people}
    assert INDRA in earlier
    assert newcomer.nip not in earlier


def test_other_learning_and_assignments_stand_beside_and_never_inside(staffed: Store) -> None:
    person = person_of(evaluated(staffed, 1, "2025-05-02"))
    assert (person.jp, person.other_jp, person.with_other, person.assigned) == (0, 0, 0, 0)


def test_a_unit_without_people_and_a_period_to_come_are_refused(staffed: Store) -> None:
    with pytest.raises(BadInput, match="Unit kerja"):
        evaluated(staffed, 1, "2025-05-02", unit="Biro Entah")
    with staffed.reading() as tx, pytest.raises(BadInput, match="mendahului"):
        evaluate(YEAR, 1, tx, today=dt.date(YEAR, 5, 2), day=dt.date(YEAR - 1, 12, 31))
    with pytest.raises(NotGranted, match="belum dimulai"):
        evaluated(staffed, 3, "2025-05-02")


ACTIVITY = st.builds(
    facts,
    employee_nip=st.sampled_from([CAHYA, DIAH]),
    kind=st.sampled_from(KINDS),
    scope=st.sampled_from(["nasional", "internasional"]),
    date=st.one_of(
        st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)),
        st.dates(dt.date(YEAR, 11, 27), dt.date(YEAR, 12, 1)),
        st.dates(dt.date(YEAR, 12, 29), dt.date(YEAR, 12, 31)),
    ),
    begins=st.sampled_from([dt.time(8), dt.time(9, 30)]),
    minutes=st.sampled_from([45, 90]),
)
TODAY = st.one_of(
    st.dates(dt.date(YEAR, 9, 1), dt.date(YEAR, 12, 31)),
    st.sampled_from([dt.date(YEAR, 11, 30), dt.date(YEAR, 12, 30), dt.date(YEAR, 12, 31)]),
)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evaluation") / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    with open_store(database_url=f"sqlite:///{path}", storage_url=str(path.parent / "d")) as store:
        register_people(store)
    return path


@settings(deadline=None, max_examples=30)
@given(st.lists(ACTIVITY, max_size=16), TODAY)
def test_in_one_pass_everybody_gets_what_the_law_says_of_them_alperson_of(
    empty_file: Path, activities_of_people: list, today: dt.date
) -> None:

    copy = shutil.copy(empty_file, empty_file.with_name("copy.sqlite3"))
    with open_store(database_url=f"sqlite:///{copy}", storage_url=str(empty_file.parent / "d")) as store:
        with store.transaction() as tx:
            for place, activity in enumerate(activities_of_people):
                name = f"K-{place}"
                tx.submissions.receive(f"{place:064x}", "a.pdf", NOW, name)
                tx.submissions.complete(name, Status.VERIFIED, activity, {"verdict": "passed"})
                assert tx.submissions.decide(name, Decision.APPROVED, NOW, "biro", None)
        evaluation = evaluated(store, 3, today.isoformat())
        with store.reading() as tx:
            for nip in (CAHYA, DIAH, GITA):
                activities = [
                    activity_of(submission.facts)
                    for submission in tx.submissions.approved(nip, YEAR)
                    if submission.facts
                ]
                alone, person = outlook(activities, today), person_of(evaluation, nip)
                assert person.year_jp == person.jp == assess(activities).total
                assert person.most >= alone.most
                assert person.most_national >= alone.most_national
                assert (person.reachable, person.only_international) == (alone.reachable, alone.only_international)
                assert dict(person.left) == {room.kind: room.left for room in alone.rooms}
                if today.day < 30:
                    assert (person.most, person.most_national) == (alone.most, alone.most_national)


def test_the_paper_says_it_all_and_its_chart_has_words(staffed: Store) -> None:
    approve(staffed, "coaching", "2025-01-10")
    evaluation = evaluated(staffed, 1, "2025-05-02", unit=BIRO)
    content = Renderer().dossier(evaluation_document(evaluation, made="Dibuat 2 Mei 2025 pukul 09.00 WIB."))
    reader = PdfReader(io.BytesIO(content))
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert "Masa 1 (Januari–April) tahun 2025" in text
    assert "0 dari 4 pegawai (0 %) mencapai target masa ini, yaitu 6,67 JP." in text
    assert "Coaching 3 kali, mentoring 3 kali, dan belajar mandiri 3 kali sampai Juni." in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert [text for text in alternatives(content) if "Diagram batang" in text and "0 JP: 3 orang" in text]
    assert not [image for page in reader.pages for image in page.images]


def test_the_filed_paper_of_a_unit_is_signed_by_its_head(staffed: Store) -> None:
    evaluation, configured = evaluated(staffed, 1, "2025-05-02", unit=BIRO), plain_settings("/tidak/ada")
    with staffed.reading() as tx:
        paper = evaluation_to_sign(evaluation, tx, settings=configured, now=NOW)
        whole = evaluation_to_sign(evaluated(staffed, 1, "2025-05-02"), tx, settings=configured, now=NOW)
    assert paper.signing is not None
    assert (paper.signing.position, paper.signing.name) == ("Kepala Biro SDM", "Dr. Diah Contohwati, M.Si.")
    assert whole.signing is None


def alternatives(content: bytes) -> list[str]:
    """What is read aloud in place of pictures."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [str(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item]


def test_the_workbook_has_numbers_and_sums_that_are_formulas(staffed: Store) -> None:
    approve(staffed, "belajar_mandiri", "2025-01-10", minutes=90, scope="internasional")
    evaluation = evaluated(staffed, 1, "2025-05-02")
    book = load_workbook(io.BytesIO(workbook([people_table(evaluation), units_table(evaluation)])))
    people, units = book.worksheets
    assert 2.4 in [cell.value for cell in people["F"]]
    assert units["B4"].value == "=SUM(B2:B3)"


def test_the_command_tells_it_as_json_and_writes_paper(cmb: Run, tmp_path: Path) -> None:
    target = tmp_path / "evaluasi.pdf"
    answer = objects(cmb("evaluate", "--year", 2025, "--period", 2, "--json", "-o", target))[0]
    assert (answer["year"], answer["period"], answer["target"], len(answer["people"])) == (2025, 2, "13.33", 12)
    assert answer["people"][0]["state"] == "tertinggal"
    assert target.read_bytes().startswith(b"%PDF")
    cmb("evaluate", "--year", 2025, "--period", 2, "-o", tmp_path / "evaluasi.txt", expect=2)
