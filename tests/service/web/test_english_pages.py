"""No page shows an Indonesian sentence to a reader of English, whatever their role."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from support.furnished_office import FARAH, Furnished
from support.office import CAHYA, DIAH
from support.page_walk import NO_PAGES, addresses, endpoints, walk

# Indonesian words that no English sentence has.
INDONESIAN = re.compile(
    r"\b(?:yang|dan|atau|dari|untuk|dengan|pada|tidak|belum|sudah|oleh|ini|itu|akan|dapat|anda|kami|bila|agar|lagi"
    r"|adalah|ialah|bukan|hanya|setiap|semua|masih|sedang|harus|sejak|sampai|seperti|tanpa|sebelum|sesudah|nama"
    r"|nomor|tanggal|waktu|hari|bulan|tahun|berkas|kolom|baris|formulir|sertifikat|tangan|kunci|pegawai|atasan"
    r"|kegiatan|jenis|isi|perlu|pilih|periksa|tulis|lihat|buat|penanda|layanan|surel|akun|peran|kosong|menit"
    r"|karena|coba|kirim|unduh|unggah|tempat|masuk|alamat|halaman|selesai|mulai|menunggu|mandiri|pelatihan|cabut)\b",
    re.IGNORECASE,
)
# Texts that are not translated: addresses, file names, columns of tables, names of the circular.
NAMES = re.compile(
    r"https?://\S+|column \w+|nip, nama, jabatan, gol, unit_kerja, atasan_nip, email, peran"
    r"|Coaching, Mentoring, dan Belajar Mandiri|formulir\.pdf"
)
TEXT_ATTRIBUTES = {"aria-label", "placeholder", "title", "alt", "data-label"}
VOID_ELEMENTS = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "circle"}


class PageTexts(HTMLParser):
    """Collects the visible texts of a page and those for screen readers, but for quoted ones."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        quoted = (
            attributes.get("lang") == "id"
            or attributes.get("translate") == "no"
            or (self._quoted and "lang" not in attributes)
        )
        if not quoted:
            self.texts += [value for name, value in attrs if name in TEXT_ATTRIBUTES and value]
        if tag not in VOID_ELEMENTS:
            self._open.append((tag, quoted))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Ignore self-closing tags of drawings."""

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _quoted in self._open]:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._quoted and self._tag not in {"script", "style", "code", "textarea"}:
            self.texts.append(" ".join(data.split()))

    @property
    def _tag(self) -> str:
        return self._open[-1][0] if self._open else ""

    @property
    def _quoted(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def left_over(page: str) -> list[str]:
    collector = PageTexts()
    collector.feed(page)
    return [text for text in collector.texts if INDONESIAN.search(NAMES.sub("", text))]


@pytest.fixture(scope="module")
def english(furnished: Furnished) -> Furnished:
    for visit in furnished.visits.values():
        visit.answer("/bahasa", at="/", language="en", onwards="/")
    return furnished


def test_every_address_is_walked_or_is_no_page_for_a_reason(furnished: Furnished) -> None:
    walked = {endpoint for endpoint, _address in addresses(furnished)} - {"nowhere"}
    assert walked | NO_PAGES.keys() == endpoints(furnished)
    assert not walked & NO_PAGES.keys()


def test_no_page_says_anything_in_indonesian_to_who_reads_english(english: Furnished) -> None:
    found: dict[str, set[str]] = {}
    seen = set()
    for page in walk(english):
        seen.add(page.endpoint)
        assert '<html lang="en">' in page.text or "<html" not in page.text, page.address
        for text in left_over(page.text):
            found.setdefault(text, set()).add(f"{page.role} at {page.address}")
    assert not [f"{text} ({min(places)})" for text, places in found.items()]
    assert seen >= endpoints(english) - NO_PAGES.keys()


def rubbish() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"rubbish"), "a.pdf"


def refused(english: Furnished) -> Iterator[tuple[str, str, str]]:
    """Yield role, path and page of requests that are refused."""
    drafts, numbers = english.things["serial"], english.things["submission_id"]
    head = english.visits["pimpinan"].client
    waiting = next(serial for serial in drafts if head.get(f"/tanda-tangan/{serial}").status == "200 OK")
    acts: list[tuple[str, str, str | None, dict[str, object]]] = [
        ("tamu", "/masuk", None, {"login": CAHYA, "password": "salah"}),
        ("pegawai", "/sandi", None, {"old": "salah", "new": "pendek"}),
        ("pegawai", "/kegiatan/baru", None, {"kind": "mentoring", "scope": "nasional", "meeting": "1"}),
        ("pegawai", "/kegiatan/baru", None, {"kind": "mentoring", "scope": "nasional", "pembimbing": CAHYA}),
        ("pegawai", "/unggah", None, {"files": rubbish()}),
        ("pegawai", "/data-saya/token", None, {"name": "", "days": "9999"}),
        ("pegawai", f"/formulir/{drafts[1]}", None, {"then": "sign", "revision": "1", "tanggal": "2030-01-01"}),
        ("pegawai", f"/formulir/{drafts[0]}/lampiran", f"/formulir/{drafts[0]}", {"files": rubbish()}),
        ("pimpinan", "/delegasi", None, {"to": DIAH, "kind": "plh", "starts": "2026-01-01", "ends": "2025-01-01"}),
        ("pimpinan", f"/unit/penugasan/{CAHYA}", None, {"kind": "pelatihan", "due": "2020-01-01"}),
        ("pimpinan", f"/tanda-tangan/{waiting}/kunci", f"/tanda-tangan/{waiting}", {"revision": "1", "key": rubbish()}),
        ("pengelola", f"/unit/kartu/{CAHYA}/2026/tanda-tangan", None, {"key": rubbish(), "passphrase": "salah"}),
        ("biro_sdm", "/biro/antrean/sahkan", "/biro/antrean", {"id": numbers[1], "macam": "lulus"}),
        ("biro_sdm", "/biro/antrean/tolak", "/biro/antrean", {"id": numbers[0], "macam": "lulus"}),
        ("admin", f"/admin/pengguna/{FARAH}/peran", f"/admin/pengguna/{FARAH}", {"peran": "pegawai"}),
    ]
    tables = {
        "/biro/pegawai": b"nip,nama,jabatan,gol,unit_kerja,atasan_nip,email\n123,,Analis,IV/z,Biro,9,a@b",
        "/biro/pembelajaran": b"nip,jenis,judul,penyelenggara,mulai,selesai,jp\n123,x,,,2026-13-01,,99999",
        "/biro/pengesahan": b"kiriman,keputusan,alasan\nK-1,barangkali,\n",
    }
    acts += [("biro_sdm", path, None, {"file": (io.BytesIO(sent), "a.csv")}) for path, sent in tables.items()]
    for role, path, at, fields in acts:
        yield role, path, english.visits[role].answer(path, at=at, **fields).get_data(as_text=True)


def test_what_is_refused_says_why_in_english(english: Furnished) -> None:
    found = [(role, path, left_over(page)) for role, path, page in refused(english)]
    assert not [row for row in found if row[2]]
    assert all('class="notice' in page or 'class="error"' in page for _role, _place, page in refused(english))
