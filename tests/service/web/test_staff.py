"""Import of the staff register: preview, roles, and events."""

from __future__ import annotations

import io

import pytest

from support.office import CAHYA, DIAH, HERI
from support.web_client import Visit, WebOffice, readable


def test_a_staff_table_shows_its_changes_before_they_are_kept(biro: Visit) -> None:
    head = "nip,nama,jabatan,gol,unit_kerja,atasan_nip,email,peran"
    row = f"{CAHYA},Cahya Lestari,Analis Ahli Muda,III/c,Biro Sumber Daya Manusia,{DIAH},c@contoh.go.id,"
    table = f"{head}\n{row}\n".encode()
    page = biro.post("/biro/pegawai", file=(io.BytesIO(table), "pegawai.csv"))
    assert "0 baru, 1 berubah" in readable(page)
    assert "III/b → III/c" in readable(page)
    digest = page.split('name="digest" value="')[1].split('"')[0]
    saved = biro.post("/biro/pegawai/simpan", at="/biro/pegawai", digest=digest, name="pegawai.csv", since="")
    assert "1 diperbarui" in readable(saved)
    wrong = f"{head}\n123,,,,,,,\n456,,,,,,,\n".encode()
    refused = readable(biro.post("/biro/pegawai", file=(io.BytesIO(wrong), "pegawai.csv"), expect=422))
    assert "Baris 2" in refused
    assert "Baris 3" in refused
    assert biro.client.get("/tabel/isian/employees.xlsx").data.startswith(b"PK")


@pytest.mark.parametrize("roles", ["biro_sdm admin", "pegawai"])
def test_no_staff_table_says_who_is_admin_or_at_the_bureau(roles: str, web: WebOffice, biro: Visit) -> None:
    head = "nip,nama,jabatan,gol,unit_kerja,atasan_nip,email,peran"
    row = f"{HERI},Heri Wijaya,Analis Ahli Muda,III/c,Biro Sumber Daya Manusia,,,{roles}"
    table = f"{head}\n{row}\n".encode()
    refused = biro.post("/biro/pegawai", file=(io.BytesIO(table), "pegawai.csv"), expect=422)
    assert "mengubah peran admin atau Biro SDM: Heri Wijaya" in readable(refused)
    digest = web.office.store.keep_document(table)
    biro.post("/biro/pegawai/simpan", at="/biro/pegawai", digest=digest, name="pegawai.csv", since="", expect=422)
    with web.office.store.reading() as tx:
        entry = tx.employees.get(HERI)
    assert entry is not None
    assert entry.roles == ("pegawai", "biro_sdm")


def test_a_staff_table_shows_whose_roles_change_and_each_change_is_written_down(web: WebOffice, biro: Visit) -> None:
    new = "199203152018012003"
    rows = (
        "nip,nama,jabatan,gol,unit_kerja,atasan_nip,email,peran",
        f"{CAHYA},Cahya Lestari,Analis,III/b,Biro Sumber Daya Manusia,{DIAH},,pegawai pengelola",
        f"{new},Éva Contoh,Analis,III/b,Biro Uji,,,pimpinan",
        "199203152018011004,Budi Contoh,Analis,III/b,Biro Uji,,,pegawai",
    )
    table = "\n".join(rows).encode()
    page = readable(biro.post("/biro/pegawai", file=(io.BytesIO(table), "pegawai.csv")))
    assert "Peran: Pegawai → Pegawai, Pengelola kepegawaian" in page
    assert "Peran: – → Pimpinan unit" in page
    digest = web.office.store.keep_document(table)
    biro.post("/biro/pegawai/simpan", at="/biro/pegawai", digest=digest, name="pegawai.csv", since="")
    with web.office.store.reading() as tx:
        events = [event for event in tx.events.list() if event.action == "employee.roles_set"]
    assert {(event.actor, event.subject, tuple(event.detail["after"])) for event in events} == {
        (HERI, CAHYA, ("pegawai", "pengelola")),
        (HERI, new, ("pimpinan",)),
    }


def test_a_unit_that_looks_like_an_existing_one_is_asked_about_on_the_page(web: WebOffice, biro: Visit) -> None:
    new = "199203152018012003"
    head = "nip,nama,jabatan,gol,unit_kerja,atasan_nip,email,peran"
    table = f"{head}\n{new},E\u0301va Contoh,Analis,III/b,BIRO SUMBER DAYA MANUSIA,,,\n".encode()
    page = biro.post("/biro/pegawai", file=(io.BytesIO(table), "pegawai.csv"))
    assert "mirip dengan “Biro Sumber Daya Manusia”" in readable(page)
    assert "disimpan sebagai “\u00c9va Contoh”" in readable(page)
    digest = web.office.store.keep_document(table)
    sent = {"at": "/biro/pegawai", "digest": digest, "name": "pegawai.csv", "since": ""}
    refused = readable(biro.post("/biro/pegawai/simpan", **sent, expect=422))
    assert "memang unit lain" in refused
    with web.office.store.reading() as tx:
        assert tx.employees.get(new) is None
    biro.post("/biro/pegawai/simpan", **sent, new_units="1")
    with web.office.store.reading() as tx:
        entry = tx.employees.get(new)
    assert entry is not None
    assert entry.unit == "BIRO SUMBER DAYA MANUSIA"
