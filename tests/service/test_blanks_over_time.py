"""Blanks say what held on the activity's day, and are not made for who was not there."""

from __future__ import annotations

import datetime as dt
import io
import re
import secrets
from dataclasses import replace

import pytest
from pypdf import PdfReader

from service.blanks import Request, prepare
from service.errors import BadInput
from service.store import StaffUpdate
from support.office import CAHYA, DIAH, EKO, HERI, NOW, Office, person, press
from support.staff_changes import ACTIVITY, AFTER, tell
from support.web_client import WebOffice, readable


def test_a_blank_for_a_day_says_what_held_then(office: Office) -> None:
    tell(office, unit="Biro Lain", grade="III/c", supervisor_nip=HERI)

    def fields(day: dt.date | None) -> tuple[str, ...]:
        request = Request(kind="coaching", scope="nasional", meeting=1, employee_nip=CAHYA, day=day)
        made = prepare(
            request, store=office.store, blank_context=press(), now=NOW, randomness=secrets.token_bytes, actor="uji"
        )
        told = PdfReader(io.BytesIO(made.content)).get_form_text_fields()
        return tuple(told[name] for name in ("unit_kerja", "pangkat_gol", "nip_atasan", "nip_pembimbing"))

    then = ("Biro Sumber Daya Manusia", "Penata Muda Tingkat I, III/b", DIAH, DIAH)
    assert [text.replace(" ", "") for text in fields(ACTIVITY)] == [text.replace(" ", "") for text in then]
    assert fields(None)[0] == "Biro Lain"
    assert fields(None)[2].replace(" ", "") == HERI


def test_no_blank_is_made_for_who_left_or_has_not_come_or_whose_supervisor_left(office: Office) -> None:
    tell(office, departure="pensiun")
    with pytest.raises(BadInput, match="blank_after_employment"):
        office.blank("coaching")
    newcomer = person("199901012025061001", "Baru Contoh")
    with office.store.transaction() as tx:
        tx.employees.record([StaffUpdate(entry=newcomer, since=AFTER)], day=AFTER)
    request = Request(kind="coaching", scope="nasional", meeting=1, employee_nip=newcomer.nip, day=ACTIVITY)
    with pytest.raises(BadInput, match="blank_before_employment"):
        prepare(
            request, store=office.store, blank_context=press(), now=NOW, randomness=secrets.token_bytes, actor="uji"
        )
    tell(office, nip=DIAH, departure="pensiun", since=AFTER)
    with pytest.raises(BadInput, match="blank_supervisor_left"):
        office.blank("coaching", employee=EKO)


def test_a_pppk_employee_gets_a_blank_and_keeps_a_grade_without_pangkat(office: Office) -> None:
    contract = replace(person("199205172022212003", "Sri Lestari Contohningrum"), grade="IX")
    with office.store.transaction() as tx:
        tx.employees.upsert([contract])
    told = PdfReader(io.BytesIO(office.blank("coaching", employee=contract.nip).content)).get_form_text_fields()
    assert told["pangkat_gol"] == "IX"


def test_a_draft_begun_in_the_browser_for_a_day_says_what_held_then(web: WebOffice) -> None:
    tell(web.office, unit="Biro Lain", supervisor_nip=HERI)
    visit, chosen = web.visit(CAHYA), {"kind": "coaching", "scope": "nasional", "meeting": "1"}
    assert "Tanggal kegiatan tidak terbaca" in readable(
        visit.post("/kegiatan/baru", day="4 Maret", expect=422, **chosen)
    )

    def begun(day: str) -> tuple[str, str, str]:
        page = visit.post("/kegiatan/baru", day=day, **chosen)
        found = re.search(r'data-save="/formulir/([^/]+)/draf"', page)
        assert found
        with web.office.store.reading() as tx:
            entry, kept = tx.blanks.find(found[1]), tx.circulations.get(found[1])
        assert entry is not None
        assert kept is not None
        told = PdfReader(io.BytesIO(web.office.store.document(entry.digest))).get_form_text_fields()
        return told["unit_kerja"], entry.supervisor_nip, kept.answers.get("tanggal", "")

    assert begun(ACTIVITY.isoformat()) == ("Biro Sumber Daya Manusia", DIAH, "4 Maret 2025")
    assert begun("") == ("Biro Lain", HERI, "")


def test_who_has_left_still_reports_what_was_before(web: WebOffice) -> None:
    tell(web.office, departure="pensiun")
    visit, chosen = web.visit(CAHYA), {"kind": "coaching", "scope": "nasional", "meeting": "1"}
    assert "sebutkan tanggal kegiatannya" in readable(visit.post("/kegiatan/baru", expect=422, **chosen))
    assert ACTIVITY.isoformat() in visit.post("/kegiatan/baru", day=ACTIVITY.isoformat(), **chosen)
