"""Numbers and letters out of range in addresses and forms: refused with words, never a defect."""

from __future__ import annotations

import re

import pytest

from support import clone
from support.furnished_office import Furnished
from support.office import CAHYA

TOO_LARGE = ("2147483648", "9223372036854775808", "18446744073709551616", "-9223372036854775809", "9" * 30, "0" * 5000)
# Shapes that some readers take for numbers; whatever is made of them, it is an answer.
ODD = ("", "-1", "0", "1.5", "1e9", "abc", "٣", "²", "0x10", " 7 ", "+7", "1_0", "--1", "NaN")
# Who reads which number in which page.
QUERIES = [
    ("pegawai", "/pesan", "sebelum"),
    ("pegawai", "/kalender", "tahun"),
    ("pegawai", "/kegiatan", "tahun"),
    ("pegawai", "/kiriman/{submission_id}/laporan.json", "ke"),
    ("admin", "/admin/jejak", "sebelum"),
    ("admin", "/admin/pengguna", "mulai"),
    ("pengelola", "/unit/rekapitulasi.xlsx", "versi"),
    ("pengelola", "/unit/evaluasi.xlsx", "masa"),
    ("biro_sdm", "/biro/siasn", "mulai"),
    ("biro_sdm", "/biro/pembelajaran", "mulai"),
    ("biro_sdm", "/biro/periksa/{batch_id}", "sesudah"),
]
FORMS = [
    ("biro_sdm", "/biro/sertifikat/terbitkan", "year"),
    ("biro_sdm", "/biro/sertifikat/perbarui", "year"),
    ("biro_sdm", "/biro/siasn/kirim", "year"),
    ("pegawai", "/data-saya/token", "days"),
    ("pegawai", "/kegiatan/baru", "meeting"),
    ("pegawai", "/formulir/{serial}/tarik", "revision"),
]
YEARS = ("0", "1999", "3000", "9999", "10000", "9" * 20, "0" * 5000, "-2026", "٢٠٢٦")


def place(furnished: Furnished, path: str) -> str:
    return path.format(**{name: values[0] for name, values in furnished.things.items()})


@pytest.mark.parametrize(("role", "path", "name"), QUERIES)
def test_a_number_in_an_address_is_no_defect_whatever_its_size(
    furnished: Furnished, role: str, path: str, name: str
) -> None:
    client, path = furnished.visits[role].client, place(furnished, path)
    assert client.get(path).status_code == 200
    for value in TOO_LARGE[:-1]:
        assert client.get(path, query_string={name: value}).status_code == 404, value
    odd = ODD[::4] if path.endswith((".json", ".xlsx")) else ODD  # papers take their time
    for value in (*odd, TOO_LARGE[-1], "1\0"):
        assert client.get(path, query_string={name: value}).status_code in {200, 404, 422}, value[:20]


@pytest.mark.parametrize(("role", "path", "name"), FORMS)
def test_a_number_in_a_form_is_no_defect_whatever_its_size(
    furnished: Furnished, role: str, path: str, name: str
) -> None:
    visit, path = furnished.visits[role], place(furnished, path)
    for value in (*TOO_LARGE, "²", "٣", "2026\0"):
        answer = visit.answer(path, at="/data-saya/token", **{name: value})
        assert answer.status_code in ({404, 422} if value in TOO_LARGE[:-1] else {404, 409, 422}), value[:20]


def test_every_number_read_from_an_address_is_tried_here() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (clone.ROOT / "service/web").rglob("*.py"))
    assert set(re.findall(r'args\.get\(\s*"(\w+)"[^)]*type=number_in_address', sources)) == {
        name for _role, _path, name in QUERIES
    }
    assert not re.search(r"type=int\b", sources)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_that_the_service_does_not_know_is_no_page(furnished: Furnished, year: str) -> None:
    for role, path in (
        ("pengelola", f"/unit/kartu/{CAHYA}/{year}/tanda-tangan"),
        ("pengelola", f"/unit/kartu/{CAHYA}/{year}/untuk-ditandatangani.pdf"),
        ("pengelola", f"/unit/kartu/{CAHYA}.pdf?tahun={year}"),
        ("biro_sdm", f"/biro/siasn/{year}.jsonl"),
    ):
        answer = furnished.visits[role].client.get(path)
        # In a query, what is no number stands for none, and today's year is shown.
        is_number = year.isascii() and len(year) < 1000
        assert answer.status_code == (404 if is_number or "?" not in path else 200), path[:80]


@pytest.mark.parametrize("number", ["2147483648", "9" * 20, "0" * 5000, "-1"])
def test_a_message_of_a_number_out_of_range_is_no_page(furnished: Furnished, number: str) -> None:
    assert furnished.visits["pegawai"].client.get(f"/pesan/{number}").status_code == 404


@pytest.mark.parametrize("revision", ["9" * 5000, "9223372036854775808", "²", "٣"])
@pytest.mark.parametrize("path", ["/tanda-tangan/beberapa/tanda-tangani", "/tanda-tangan/bsre"])
def test_a_chosen_document_of_a_revision_out_of_range_is_told(furnished: Furnished, path: str, revision: str) -> None:
    serial = furnished.things["serial"][0]
    answer = furnished.visits["pimpinan"].answer(path, at="/delegasi", document=f"{serial}:{revision}")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("admin", "/admin/pengguna?cari=%00"),
        ("admin", "/admin/jejak?subjek=a%00"),
        ("admin", "/admin/jejak?%00=a"),
        ("pegawai", "/kegiatan/pembimbing?cari=He%00ri"),
        ("pegawai", "/kiriman/K-%00"),
        ("tamu", "/periksa/CMB%00"),
        ("tamu", "/periksa?nomor=%00"),
    ],
)
def test_an_address_with_a_nul_is_no_page(furnished: Furnished, role: str, path: str) -> None:
    assert furnished.visits[role].client.get(path).status_code == 404


def test_a_form_with_a_nul_names_its_field(furnished: Furnished) -> None:
    answer = furnished.visits["pegawai"].answer("/data-saya/token", name="Program\0", days="30")
    assert answer.status_code == 422
    assert "Isian name" in answer.get_data(as_text=True)
