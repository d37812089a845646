"""The admin's pages: accounts, roles, self-check and event log; no personal documents."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from service.accounts.accounts import open_account
from service.errors import NotGranted
from service.people.roles import set_roles
from service.records import Event
from service.web.app import create_app
from support.office import CAHYA, DIAH, HERI, NOW, Office
from support.web_client import PASSWORD, WebOffice, readable

PAGES = ("/admin", "/admin/pengguna", f"/admin/pengguna/{CAHYA}", "/admin/pemeriksaan", "/admin/jejak")
ACTS = (f"/admin/pengguna/{CAHYA}/sandi", f"/admin/pengguna/{CAHYA}/akun", f"/admin/pengguna/{CAHYA}/peran")
NEWCOMER = "199901012025061001"


@pytest.fixture
def admin(web: WebOffice) -> WebOffice:
    """The application of an office whose only admin is Diah."""
    with web.office.store.transaction() as tx:
        tx.employees.set_roles(DIAH, ("pegawai", "admin"))
        cahya = tx.employees.get(CAHYA)
        assert cahya is not None
        tx.employees.upsert([replace(cahya, nip=NEWCOMER, name="Baru Contoh")])
    return web


@pytest.mark.parametrize("role", ["pegawai", "pengelola", "pimpinan", "biro_sdm"])
def test_no_other_role_opens_an_admins_page_or_does_an_admins_act(web: WebOffice, role: str) -> None:
    with web.office.store.transaction() as tx:
        tx.employees.set_roles(HERI, (role,))
    visit = web.visit(HERI)
    for page in PAGES:
        assert "bukan untuk Anda" in readable(visit.get(page, expect=403))
    for act in ACTS:
        visit.post(act, at="/periksa", expect=403)


def test_strangers_are_asked_to_sign_in_first(web: WebOffice) -> None:
    for page in PAGES:
        web.visit().get(page, expect=401)


def test_every_admin_page_opens_for_an_admin_and_says_which_office_it_is(admin: WebOffice) -> None:
    visit = admin.visit(DIAH)
    for page in PAGES:
        visit.get(page)
    assert "layanan sungguhan" in readable(visit.get("/admin"))
    assert 'href="/admin"' in visit.get("/")


def test_an_account_is_opened_and_its_first_password_said_once(admin: WebOffice) -> None:
    visit = admin.visit(DIAH)
    path = f"/admin/pengguna/{NEWCOMER}"
    assert "Belum ada akun" in readable(visit.get(path))
    page = visit.post(f"{path}/sandi", at=path)
    password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", readable(page))
    assert password is not None
    assert password.group() not in visit.get(path)
    assert "harus diganti" in readable(admin.visit().sign_in(NEWCOMER, password.group()))


def test_a_forgotten_password_is_replaced(admin: WebOffice) -> None:
    path = f"/admin/pengguna/{CAHYA}"
    page = readable(admin.visit(DIAH).post(f"{path}/sandi", at=path))
    password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", page)
    assert password is not None
    admin.visit().sign_in(CAHYA, PASSWORD, expect=401)
    assert "harus diganti" in readable(admin.visit().sign_in(CAHYA, password.group()))


def test_a_closed_account_is_out_at_once_and_may_be_opened_again(admin: WebOffice) -> None:
    visit, theirs = admin.visit(DIAH), admin.visit(CAHYA)
    path = f"/admin/pengguna/{CAHYA}"
    assert "Ditutup" in readable(visit.post(f"{path}/akun", at=path))
    assert "Cahya Lestari" not in theirs.get("/")
    admin.visit().sign_in(CAHYA, expect=401)
    assert "Terbuka" in readable(visit.post(f"{path}/akun", at=path, active="1"))
    assert "Cahya Lestari" in admin.visit(CAHYA).get("/")


def test_roles_are_given_and_the_change_is_written_down(admin: WebOffice) -> None:
    visit = admin.visit(DIAH)
    path = f"/admin/pengguna/{HERI}"
    visit.post(f"{path}/peran", at=path, peran="biro_sdm")
    with admin.office.store.reading() as tx:
        person = tx.employees.get(HERI)
        event = tx.events.list(HERI)[0]
    assert person is not None
    assert person.roles == ("pegawai", "biro_sdm")
    assert (event.actor, event.action) == (DIAH, "employee.roles_set")
    assert event.detail == {"before": ["pegawai"], "after": ["pegawai", "biro_sdm"]}


def test_the_last_admin_stays_admin(admin: WebOffice) -> None:
    visit = admin.visit(DIAH)
    path = f"/admin/pengguna/{DIAH}"
    assert "admin terakhir" in readable(visit.post(f"{path}/peran", at=path, peran="pimpinan", expect=409))
    assert "admin terakhir" in readable(visit.post(f"{path}/akun", at=path, expect=409))
    with pytest.raises(NotGranted):
        set_roles(DIAH, (), account_context=admin.account_context, actor="uji")
    set_roles(HERI, ("admin",), account_context=admin.account_context, actor=DIAH)
    assert "menunggu persetujuan admin kedua" in readable(visit.post(f"{path}/peran", at=path, peran="pimpinan"))
    admin.visit(HERI).post(f"{path}/peran/putuskan", at="/admin/pengguna", decision="confirm")
    visit.get("/admin", expect=403)


def test_people_are_found_by_name_nip_and_role_page_by_page(admin: WebOffice) -> None:
    visit = admin.visit(DIAH)
    found = readable(visit.get("/admin/pengguna?cari=cahya"))
    assert "Cahya Lestari" in found
    assert "Heri" not in found
    assert "Heri" in readable(visit.get("/admin/pengguna?cari=19790315 200501"))
    assert "Cahya" not in readable(visit.get("/admin/pengguna?peran=admin"))
    assert "Tidak ada yang cocok" in readable(visit.get("/admin/pengguna?cari=%25"))
    with admin.office.store.transaction() as tx:
        cahya = tx.employees.get(CAHYA)
        assert cahya is not None
        tx.employees.upsert([replace(cahya, nip=f"{199001012015031000 + n}", name=f"Orang {n:03}") for n in range(60)])
    assert "Orang 059" not in visit.get("/admin/pengguna?cari=orang")
    assert "Orang 059" in visit.get("/admin/pengguna?cari=orang&mulai=50")


def test_the_trail_is_searched_by_who_what_and_when(admin: WebOffice, office: Office) -> None:
    open_account(NEWCOMER, account_context=admin.account_context, actor=DIAH)
    with office.store.transaction() as tx:
        tx.events.append(Event(at=NOW, actor="cmb:contoh", action="trust.added", subject="ab<script>"))
    visit = admin.visit(DIAH)
    text = readable(visit.get(f"/admin/jejak?pelaku={DIAH}&tindakan=account."))
    assert "account.opened" in text
    assert "trust.added" not in text
    assert "trust.added" in readable(visit.get("/admin/jejak?dari=2026-11-24&sampai=2026-11-24&tindakan=trust"))
    assert "Tidak ada jejak" in readable(visit.get("/admin/jejak?sampai=2026-11-23"))
    assert "ab<script>" not in visit.get("/admin/jejak?tindakan=trust")
    assert "Tulis tanggalnya" in readable(visit.get("/admin/jejak?dari=kemarin", expect=422))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("pengguna?mulai=99999999999999999999&cari=%00", 404),
        ("pengguna?mulai=-1&peran=raja", 200),
        ("jejak?sebelum=99999999999999999999", 404),
        ("jejak?sebelum=x&subjek=%00%ff", 404),
    ],
)
def test_addresses_made_by_hand_are_answered_too(admin: WebOffice, query: str, status: int) -> None:
    admin.visit(DIAH).get(f"/admin/{query}", expect=status)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_beyond_all_calendars_are_told_at_their_field(admin: WebOffice, day: str) -> None:
    assert "Tulis tanggalnya" in readable(admin.visit(DIAH).get(f"/admin/jejak?sampai={day}", expect=422))


def test_the_trail_goes_on_page_by_page(admin: WebOffice, office: Office) -> None:
    with office.store.transaction() as tx:
        for number in range(60):
            tx.events.append(Event(at=NOW, actor="uji", action="uji.langkah", subject=f"S-{number:03}"))
    visit = admin.visit(DIAH)
    page = visit.get("/admin/jejak?tindakan=uji")
    assert "S-059" in page
    assert "S-009" not in page
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None
    assert "S-009" in visit.get(older.group(1).replace("&amp;", "&"))


def test_somebody_walking_through_the_register_is_shown_to_the_admin(admin: WebOffice) -> None:
    visit = admin.visit(DIAH)
    assert "mencoba-coba" not in readable(visit.get("/admin"))
    for number in range(20):
        visit.get(f"/periksa/CMB-2025-{number:06d}-AAAAAAAA")
    assert "mencoba-coba" in readable(visit.get("/admin"))


def test_the_health_page_says_of_each_thing_how_it_is(admin: WebOffice) -> None:
    text = readable(admin.visit(DIAH).get("/admin/pemeriksaan"))
    for word in ("Basis data", "Dokumen", "Sertifikat akar", "Penanda waktu", "Jam", "Ruang penyimpanan"):
        assert word in text


def test_an_admin_sees_no_personal_paper(admin: WebOffice, office: Office) -> None:
    office.approved("coaching")
    number = office.issue().certificate.number
    with office.store.transaction() as tx:
        tx.employees.set_roles(DIAH, ("pegawai",))
        tx.employees.set_roles(HERI, ("pegawai", "admin"))
    admin.visit(HERI).get(f"/sertifikat/{number}.pdf", expect=404)


def test_the_sample_office_says_so_on_every_page(admin: WebOffice) -> None:
    services = admin.app.extensions["cmb"]
    sample = create_app(
        replace(services, settings=replace(services.settings, sample=True)), secure=False, limited=False
    ).test_client()
    assert "Kantor contoh" in sample.get("/").get_data(as_text=True)
    assert "Akun kantor contoh" in sample.get("/masuk").get_data(as_text=True)
    assert "Akun kantor contoh" not in admin.visit().get("/masuk")
