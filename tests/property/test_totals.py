"""One truth: card, recap, evaluation, report, certificate and export of any office say the same JP."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.certificates.issue import certificate_content
from service.config import Official
from service.law import KINDS, assess
from service.monitoring.cards import card_of
from service.monitoring.evaluation import evaluate
from service.monitoring.periodic import periodic, span_of
from service.monitoring.recaps import Quarter, recap_of
from service.records import ActivityFacts, Certificate, CertificateState, Decision, Status
from service.siasn.courses import courses_of
from service.siasn.settings import Codes
from service.store import Store, Transaction, WriteTransaction, migrate, open_store
from service.store.learning import OtherLearning
from service.year import accumulate, activity_of
from support.monitored_office import BIRO, CAHYA, DIAH, GITA, INDRA, KANREG, NAMESAKE, PEOPLE, settle_in
from support.sample_rows import NOW, facts

YEAR = 2025
TODAY = dt.date(2026, 1, 15)
ZONE = ZoneInfo("Asia/Jakarta")
OFFICIAL = Official(place="Jakarta", name="Contoh Pejabat", nip=DIAH, position="Kepala Biro SDM")
NIPS = (CAHYA, DIAH, GITA, INDRA, NAMESAKE)

ACTIVITY = st.builds(
    facts,
    employee_nip=st.sampled_from(NIPS),
    kind=st.sampled_from(KINDS),
    scope=st.sampled_from(["nasional", "internasional"]),
    date=st.one_of(
        st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)),
        st.dates(dt.date(YEAR, 3, 27), dt.date(YEAR, 4, 2)),
        st.sampled_from([dt.date(YEAR - 1, 12, 31), dt.date(YEAR + 1, 1, 1), dt.date(YEAR, 12, 31)]),
    ),
    begins=st.sampled_from([dt.time(8), dt.time(9, 30)]),
    minutes=st.sampled_from([30, 45, 60, 90, 200]),
    title=st.sampled_from(["Menyusun naskah", "Pola karier"]),
    source=st.just("Buku"),
)
DECISIONS = st.sampled_from([*["approved"] * 4, "rejected", "pending"])
MOVES = st.lists(st.tuples(st.sampled_from(NIPS), st.dates(dt.date(YEAR, 2, 1), dt.date(YEAR, 11, 30))), max_size=2)
# Known from paper: of whom, of what, when, before or after the others were approved, and what Biro SDM said.
PAST = st.tuples(ACTIVITY, DECISIONS, st.booleans())
OFFICES = st.tuples(
    st.lists(st.tuples(ACTIVITY, DECISIONS), max_size=40),
    MOVES,
    st.lists(PAST, max_size=12, unique_by=lambda told: told[0].date),
)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("totals") / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    with open_store(database_url=f"sqlite:///{path}", storage_url=str(path.parent / "d")) as store:
        settle_in(store)
    return path


def fill(
    store: Store,
    told: list[tuple[ActivityFacts, str]],
    moves: list[tuple[str, dt.date]],
    past: list[tuple[ActivityFacts, str, bool]],
) -> None:
    entries = {each.nip: each for each in PEOPLE}
    remember(store, [(each, decision) for each, decision, before in past if before])
    with store.transaction() as tx:
        for place, (each, decision) in enumerate(told):
            name = f"K-{place}"
            tx.submissions.receive(f"{place:064x}", "a.pdf", NOW, name)
            tx.submissions.complete(name, Status.VERIFIED, each, {"verdict": "passed", "reasons": []})
            if decision != "pending":
                assert tx.submissions.decide(name, Decision(decision), NOW, "biro", None)
        for nip, day in moves:
            other = KANREG if entries[nip].unit == BIRO else BIRO
            entry = type(entries[nip])(
                **{name: getattr(entries[nip], name) for name in entries[nip].__slots__} | {"unit": other}
            )
            tx.employees.upsert([entry], day=day)
        # Other learning is nobody's CMB.
        tx.other_learning.add(
            OtherLearning(
                id="L-1", nip=CAHYA, kind="pelatihan", title="A", organiser="B", starts=dt.date(YEAR, 5, 1),
                ends=dt.date(YEAR, 5, 2), jp=Decimal("7.5"), entered_at=NOW, entered_by="uji",
                decision=Decision.APPROVED,
            )
        )  # fmt: skip
    remember(store, [(each, decision) for each, decision, before in past if not before])


def remember(store: Store, past: list[tuple[ActivityFacts, str]]) -> None:
    """Bring in what is known from paper, as the job does."""
    with store.transaction() as tx:
        for each, decision in past:
            learning = OtherLearning(
                id=f"L-{each.date}", nip=each.employee_nip, kind="cmb_terdahulu", title="A", organiser="B",
                starts=each.date, ends=each.date, jp=Decimal(0), entered_at=NOW, entered_by="uji",
            )  # fmt: skip
            tx.other_learning.add(learning)
            tx.past_activities.add(learning.id, activity_of(each))
            if decision != "pending":
                tx.other_learning.decide(learning.id, Decision(decision), NOW, "biro", None)
            tx.past_activities.refresh(each.employee_nip, each.date)


def together(
    nip: str, told: Sequence[tuple[ActivityFacts, str]], past: Sequence[tuple[ActivityFacts, str, bool]]
) -> Decimal:
    """What the law gives for everything that was approved of a person, on paper or not."""
    mine = [each for each, decision in (*told, *(pair[:2] for pair in past)) if decision == "approved"]
    return assess([activity_of(each) for each in mine if each.employee_nip == nip and each.date.year == YEAR]).total


def certify(tx: WriteTransaction, nip: str) -> None:
    """The certificate as it is intended and kept, without its paper."""
    told = accumulate(nip, YEAR, tx)
    person = tx.employees.get(nip)
    assert person is not None

    def build(sequence: int) -> Certificate:
        number = f"CMB-{YEAR}-{sequence:06}"
        content = certificate_content(
            told, person, number=number, official=OFFICIAL, check_url="https://a.example", issued_on=TODAY
        )
        return Certificate(
            number=number,
            nip=nip,
            year=YEAR,
            sequence=sequence,
            jp=content.total_jp,
            state=CertificateState.INTENDED,
            content=content.to_json(),
            basis=told.basis,
            digest=None,
            intended_at=NOW,
        )

    reserved = tx.certificates.reserve(nip, YEAR, build)
    tx.certificates.keep_issued(reserved.number, f"{nip:>064}", NOW)


def recapped(tx: Transaction, quarter: int) -> dict[str, Decimal]:
    """By NIP, over both units."""
    found: dict[str, Decimal] = {}
    for unit in (BIRO, KANREG):
        for row in recap_of(unit, Quarter(year=YEAR, number=quarter), tx, today=TODAY).rows:
            assert row.nip not in found
            found[row.nip] = row.total
    return found


@settings(deadline=None, max_examples=25)
@given(OFFICES)
def test_every_paper_of_an_office_says_the_same_totals(
    empty_file: Path,
    office: tuple[list[tuple[ActivityFacts, str]], list[tuple[str, dt.date]], list[tuple[ActivityFacts, str, bool]]],
) -> None:
    copy = shutil.copy(empty_file, empty_file.with_name("copy.sqlite3"))
    with open_store(database_url=f"sqlite:///{copy}", storage_url=str(empty_file.parent / "d")) as store:
        fill(store, *office)
        with store.reading() as tx:
            law = {each.nip: accumulate(each.nip, YEAR, tx).assessment.total for each in PEOPLE}
            assert {nip: card_of(nip, YEAR, tx).total for nip in law} == law
            assert recapped(tx, 4) == law
            evaluation = evaluate(YEAR, 3, tx, today=TODAY)
            assert {each.nip: each.jp for each in evaluation.people} == law
            course = {CAHYA: Decimal("7.5")}
            assert {each.nip: each.with_other - course.get(each.nip, 0) for each in evaluation.people} == {
                nip: together(nip, office[0], office[2]) for nip in law
            }
            report = periodic(span_of((YEAR, 1), (YEAR, 12)), tx, zone=ZONE)
            assert report.whole.jp == evaluation.total == sum(law.values())
            assert sum((each.jp for each in report.months), Decimal(0)) == report.whole.jp
            assert {each.unit: each.jp for each in report.units} == {
                unit: sum((each.jp for each in people), Decimal(0)) for unit, people in evaluation.units.items()
            }
            for quarter, month in ((1, 3), (2, 6), (3, 9)):
                until = periodic(span_of((YEAR, 1), (YEAR, month)), tx, zone=ZONE)
                assert sum(recapped(tx, quarter).values()) == until.whole.jp
            for period in (1, 2):
                until = periodic(span_of((YEAR, 1), (YEAR, 4 * period)), tx, zone=ZONE)
                assert evaluate(YEAR, period, tx, today=TODAY).total == until.whole.jp
        with store.transaction() as tx:
            for nip, total in law.items():
                if total:
                    certify(tx, nip)
        codes = Codes(fixed={}, organiser="BKN", course="CMB")
        exported = {each.nip: (each.jp, each.hours) for each in courses_of(YEAR, store, codes)}
        assert exported == {
            nip: (total, int(total.to_integral_value(ROUND_FLOOR))) for nip, total in law.items() if total
        }
