"""Making signatures: what is refused before anything is signed, slots, stamps and time stamps."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pikepdf
import pytest

from forms.catalog import form_font
from signing.demo_authority import IssuedKey
from signing.errors import CannotSign, TimestampUnavailable
from signing.fields import SlotPlace, reserve
from signing.report import Indication, TimeSource
from signing.stamp import Stamp, draw
from signing.timestamps import HttpTimestamper, answer_timestamp_request
from support.pki import CURVE, DAY, NOW, Office, only_signature, open_office, sign_own, sign_slot
from support.said import advice, said
from support.small_forms import FIELDS, SLOTS, blank
from support.stamped_forms import stamp_of


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


def refused(pdf: bytes, slot: str, person: IssuedKey, at: dt.datetime = NOW) -> str:
    with pytest.raises(CannotSign) as caught:
        sign_slot(pdf, slot, person, at=at)
    assert str(caught.value)
    assert advice(caught.value)
    return caught.value.code.removeprefix("cannot_sign.")


def test_an_ended_certificate_does_not_sign(office: Office) -> None:
    assert refused(blank(), "ttd_pegawai", office.people[0], NOW + 1000 * DAY) == "expired"


def test_a_certificate_of_tomorrow_does_not_sign_today(office: Office) -> None:
    assert refused(blank(), "ttd_pegawai", office.people[0], NOW - 100 * DAY) == "not_yet_valid"


def test_a_certificate_for_encryption_does_not_sign(office: Office) -> None:
    person = office.authority.person("Cahya", curve=CURVE, key_usage=frozenset({"key_encipherment"}))
    assert refused(blank(), "ttd_pegawai", person) == "key_usage"


def test_a_field_is_signed_once(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    assert refused(signed, "ttd_pegawai", office.people[1]) == "already_signed"


def test_a_field_that_is_not_there_is_not_signed(office: Office) -> None:
    assert refused(blank(), "ttd_siapa", office.people[0]) == "unknown_field"
    assert refused(blank(), FIELDS[0], office.people[0]) == "unknown_field"
    assert refused(blank(slots=()), "ttd_pegawai", office.people[0]) == "unknown_field"


def test_an_own_field_needs_a_free_name_and_a_page(office: Office) -> None:
    taken = SlotPlace(name="ttd_pegawai", page=0, box=(0, 0, 9, 9), locks=(), label="x")
    beyond = SlotPlace(name="sig", page=7, box=(0, 0, 9, 9), locks=(), label="x")
    for place, code in ((taken, "field_taken"), (beyond, "no_page")):
        with pytest.raises(CannotSign) as caught:
            sign_own(blank(), place, office.people[0])
        assert caught.value.code == f"cannot_sign.{code}"


@pytest.mark.parametrize("content", [b"", b"bukan pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_not_signed(content: bytes, office: Office) -> None:
    assert refused(content, "ttd_pegawai", office.people[0]) == "broken_pdf"


def test_a_document_with_a_password_is_not_signed(office: Office) -> None:
    with pikepdf.open(io.BytesIO(blank())) as document:
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(user="rahasia", owner="rahasia"))
    assert refused(out.getvalue(), "ttd_pegawai", office.people[0]) == "encrypted"


def test_a_document_without_any_form_takes_an_own_signature(office: Office) -> None:
    plain = pikepdf.new()
    plain.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    plain.save(out)
    signed = sign_own(out.getvalue(), None, office.people[0])
    assert only_signature(office.inspect(signed)).indication is Indication.TOTAL_PASSED


def test_slots_are_empty_fields_with_locks_tooltips_and_a_place_in_the_structure() -> None:
    with pikepdf.open(io.BytesIO(blank())) as document:
        fields = {str(field.T): field for field in document.Root.AcroForm.Fields.as_list()}
        tree = document.Root.StructTreeRoot.ParentTree.Nums.as_list()
        parents = dict(zip((int(key) for key in tree[::2]), tree[1::2], strict=True))
        for slot in SLOTS:
            field = fields[slot.name]
            assert (str(field.FT), "/V" in field, int(field.F)) == ("/Sig", False, 4)
            assert str(field.TU) == slot.label
            assert [str(name) for name in field.Lock.Fields.as_list()] == list(slot.locks)
            assert str(field.Lock.Action) == "/Include"
            element = parents[int(field.StructParent)]
            assert str(element.S) == "/Form"
            assert element.K.Obj.objgen == field.objgen
        assert int(document.Root.AcroForm.SigFlags) == 1


def test_reserving_twice_gives_the_same_bytes() -> None:
    assert blank() == blank()


@pytest.mark.parametrize("place", [("nama_kegiatan", 0), ("ttd_baru", 3), ("ttd_baru", -1)])
def test_a_slot_that_has_no_place_is_refused(place: tuple[str, int]) -> None:
    slot = SlotPlace(name=place[0], page=place[1], box=(0, 0, 10, 10), locks=(), label="x")
    with pytest.raises(ValueError, match="cannot be placed"):
        reserve(blank(), [slot])


def test_a_long_name_fits_its_stamp() -> None:
    long = "Prof. Dr. Ir. Raden Mas Haryo Suryokusumo Contohwinata Adiningrat, S.T., M.Eng., Ph.D."
    for name in ("Al", long, "Contohwinataadiningratsuryokusumoharyoraden" * 2):
        drawing = draw(stamp_of(name), 176, 68)
        for line in drawing.content.split(b"\n"):
            if b" Tf " not in line:
                continue
            words = line.split()
            size, left = float(words[1]), float(words[7])
            glyphs = words[-2].strip(b"<>")
            numbers = [int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4)]
            width = sum(drawing.face.advance(number) for number in numbers) * size / drawing.face.units
            assert left + width <= 176
            assert 0 < float(words[8]) < 68


def test_a_stamp_without_a_code_uses_the_whole_box() -> None:
    stamp = Stamp(name="Cahya", lines=("NIP 1",), qr_text=None, font=form_font())
    assert b" re\nf" not in draw(stamp, 176, 68).content


def test_the_same_stamp_is_drawn_the_same_way() -> None:
    assert draw(stamp_of("Cahya"), 176, 68) == draw(stamp_of("Cahya"), 176, 68)


def test_the_words_of_a_stamp_can_be_searched(tmp_path: Path, office: Office) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(sign_slot(blank(), "ttd_pegawai", office.people[0], stamp=stamp_of("Cahya Lestari")))
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "Ditandatangani secara elektronik oleh:" in text
    assert "8 April 2026 09.12 WIB" in text


def test_a_font_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="font"):
        draw(Stamp(name="x", lines=(), qr_text=None, font=b"OTTO" + bytes(40)), 176, 68)


class _Authority(BaseHTTPRequestHandler):
    """The tiny time-stamp authority, over HTTP; its path says how it misbehaves."""

    tsa: ClassVar[IssuedKey]

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/rusak":
            self.send_error(500)
            return
        body = answer_timestamp_request(request, self.tsa.holder(), NOW)
        if self.path == "/lain":
            body = answer_timestamp_request(_other_request(), self.tsa.holder(), NOW)
        if self.path == "/sampah":
            body = b"<html>"
        if self.path == "/tolak":
            body = answer_timestamp_request(b"bukan permintaan", self.tsa.holder(), NOW)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's word
        """Say nothing."""


def _other_request() -> bytes:
    from signing.timestamps import timestamp_request

    return timestamp_request(bytes(32), "sha256", nonce=7)


@pytest.fixture(scope="module")
def address(office: Office) -> Iterator[str]:
    handler = type("Authority", (_Authority,), {"tsa": office.tsa})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_time_stamp_is_fetched_over_http(address: str, office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=HttpTimestamper(url=address))
    report = only_signature(office.inspect(signed))
    assert (report.indication, report.profile) == (Indication.TOTAL_PASSED, "PAdES-B-T")
    assert (report.signed_at, report.time_source) == (NOW, TimeSource.TIMESTAMP)


@pytest.mark.parametrize("path", ["/rusak", "/lain", "/sampah", "/tolak"])
def test_an_authority_that_answers_wrongly_signs_nothing(path: str, address: str, office: Office) -> None:
    with pytest.raises(TimestampUnavailable) as caught:
        sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=HttpTimestamper(url=address + path))
    assert "belum ditandatangani" in said(caught.value)


def test_a_time_stamp_that_does_not_fit_signs_nothing(office: Office) -> None:
    class Verbose:
        anchors = ()

        def stamp(self, digest: bytes, algorithm: str) -> bytes:
            del digest, algorithm
            return b"\x30\x83\x01\x00\x00" + bytes(0x10000)

    with pytest.raises(CannotSign) as caught:
        sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=Verbose())
    assert caught.value.code == "cannot_sign.no_room"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "file:///etc/passwd", "tidak ada"])
def test_an_authority_out_of_reach_signs_nothing(url: str, office: Office) -> None:
    with pytest.raises(TimestampUnavailable):
        sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=HttpTimestamper(url=url, timeout=2))
