"""Genuine or not: filling, reserving and signing leave the form what it is; any other touch makes it another page."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pikepdf import Array, Dictionary, Name, String
from pikepdf.form import DefaultAppearanceStreamGenerator
from pikepdf.form import Form as Filler
from pypdf import PdfReader, PdfWriter

from forms.catalog import LAMPIRAN_I_V1, blank_bytes
from forms.errors import NotThisForm
from forms.fill import fill
from forms.genuine import genuine, static_digest
from signing.demo_authority import open_authority
from signing.sign import sign
from support.filled_forms import filled, prefilled_blank, tampered
from support.forms_with_slots import with_slots
from support.hand_made_forms import answers, saved

NOW = dt.datetime(2026, 4, 8, 3, 0, tzinfo=dt.UTC)
EMPLOYEE_ANSWERS = {
    name: value
    for name, value in answers().items()
    if not LAMPIRAN_I_V1.field(name).prefilled and value
}  # fmt: skip


def signed() -> bytes:
    person = open_authority("Akar Contoh", now=NOW, curve=ec.SECP256R1()).person("Pegawai Contoh")
    pdf = fill(LAMPIRAN_I_V1, with_slots(), EMPLOYEE_ANSWERS)
    for slot in LAMPIRAN_I_V1.slots:
        pdf = sign(pdf, holder=person.holder(), at=NOW, field=slot.name)
    return pdf


def by_pypdf(*, incremental: bool) -> bytes:
    source = BytesIO(with_slots())
    writer = PdfWriter(source, incremental=True) if incremental else PdfWriter(clone_from=PdfReader(source))
    writer.update_page_form_field_values(writer.pages[0], EMPLOYEE_ANSWERS, auto_regenerate=False)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def by_pikepdf() -> bytes:
    with pikepdf.open(BytesIO(with_slots())) as pdf:
        fields = Filler(pdf, DefaultAppearanceStreamGenerator)
        for name, value in EMPLOYEE_ANSWERS.items():
            fields[name].value = value
        return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


HONEST: dict[str, Callable[[], bytes]] = {
    "prefilled": prefilled_blank,
    "filled here": filled,
    "saved again by pikepdf": lambda: tampered(filled(), lambda *_: None),
    "with places to sign": with_slots,
    "filled by pypdf": lambda: by_pypdf(incremental=False),
    "filled by pypdf in a later revision": lambda: by_pypdf(incremental=True),
    "filled by pikepdf": by_pikepdf,
    "signed three times": signed,
}


@pytest.mark.parametrize("make", HONEST.values(), ids=HONEST.keys())
def test_an_honest_form_stays_genuine_when(make: Callable[[], bytes]) -> None:
    pdf = make()
    assert static_digest(pdf) == LAMPIRAN_I_V1.static_digest
    assert genuine(pdf, LAMPIRAN_I_V1)


def test_the_published_blank_has_the_right_page_but_no_serial_so_it_is_not_genuine() -> None:
    assert static_digest(blank_bytes(LAMPIRAN_I_V1)) == LAMPIRAN_I_V1.static_digest
    assert not genuine(blank_bytes(LAMPIRAN_I_V1), LAMPIRAN_I_V1)


def content_added(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.pages[0].contents_add(b"1 g 0 0 600 850 re f")


def word_replaced(pdf: pikepdf.Pdf, _: Any) -> None:
    part = pdf.pages[0].obj.Contents[2]
    old = part.read_bytes()
    part.write(old.replace(b" re", b" re ", 1).replace(b"72", b"73", 1))
    assert part.read_bytes().split() != old.split()


def image_added(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.pages[0].obj.Resources.XObject.Extra = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form)


def font_replaced(pdf: pikepdf.Pdf, _: Any) -> None:
    fonts = pdf.pages[0].obj.Resources.Font
    name = next(iter(fonts.keys()))
    fonts[name] = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def glyphs_redrawn(pdf: pikepdf.Pdf, _: Any) -> None:
    fonts = pdf.pages[0].obj.Resources.Font
    program = fonts[next(iter(fonts.keys()))].DescendantFonts[0].FontDescriptor.FontFile2
    program.write(program.read_bytes()[:-4] + b"....")


def note_added(pdf: pikepdf.Pdf, _: Any) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([0, 0, 100, 100]), Contents=String("x"))
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))


def field_added(pdf: pikepdf.Pdf, _: Any) -> None:
    widget = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("catatan"), Rect=Array([0, 0, 9, 9]))
    )
    pdf.pages[0].obj.Annots.append(widget)
    pdf.Root.AcroForm.Fields.append(widget)


def field_added_without_a_place(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.Root.AcroForm.Fields.append(pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("catatan"))))


def field_removed(pdf: pikepdf.Pdf, _: Any) -> None:
    del pdf.pages[0].obj.Annots[4]
    del pdf.Root.AcroForm.Fields[4]


def field_moved(_: Any, widgets: dict[str, Any]) -> None:
    widgets["tempat"].Rect = Array([10, 10, 100, 22])


def field_hidden(_: Any, widgets: dict[str, Any]) -> None:
    widgets["tempat"].F = 2


def field_renamed(_: Any, widgets: dict[str, Any]) -> None:
    widgets["tempat"].T, widgets["tanggal"].T = String("tanggal"), String("tempat")


def option_relabelled(_: Any, widgets: dict[str, Any]) -> None:
    widgets["jenis_kegiatan"].Opt[0] = Array([String("mentoring"), String("Coaching")])


def field_made_active(_: Any, widgets: dict[str, Any]) -> None:
    widgets["tempat"].AA = Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("1")))


def page_added(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.add_blank_page(page_size=(595, 842))


def page_cropped_from_above(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.Root.Pages.CropBox = Array([0, 300, 595, 842])


def page_turned_from_above(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.Root.Pages.Rotate = 180


def layer_switched(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.Root.OCProperties.D.OFF = pdf.Root.OCProperties.OCGs


def form_made_xfa(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")


def document_made_active(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


def serial_enlarged(pdf: pikepdf.Pdf, _: Any) -> None:
    pdf.pages[0].obj.Resources.XObject.Serial.BBox = Array([-400, -20, 200, 800])


def serial_in_another_font(pdf: pikepdf.Pdf, _: Any) -> None:
    fonts = Dictionary(CmbU=Dictionary(Type=Name.Font, Subtype=Name.Type3))
    pdf.pages[0].obj.Resources.XObject.Serial.Resources = Dictionary(Font=fonts)


def serial_drawn_otherwise(pdf: pikepdf.Pdf, _: Any) -> None:
    drawn = pdf.pages[0].obj.Resources.XObject.Serial
    drawn.write(drawn.read_bytes() + b"0 0 10 10 re f\n")


TOUCHED = (
    content_added,
    word_replaced,
    image_added,
    font_replaced,
    glyphs_redrawn,
    note_added,
    field_added,
    field_added_without_a_place,
    field_removed,
    field_moved,
    field_hidden,
    field_renamed,
    option_relabelled,
    field_made_active,
    page_added,
    page_cropped_from_above,
    page_turned_from_above,
    layer_switched,
    form_made_xfa,
    document_made_active,
    serial_enlarged,
    serial_in_another_font,
    serial_drawn_otherwise,
)


@pytest.mark.parametrize("touch", TOUCHED, ids=lambda touch: touch.__name__)
def test_a_form_is_not_genuine_any_more_with(touch: Callable[[pikepdf.Pdf, dict[str, Any]], None]) -> None:
    assert not genuine(tampered(filled(), touch), LAMPIRAN_I_V1)


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", blank_bytes(LAMPIRAN_I_V1)[:3000]], ids=["empty", "head", "cut"])
def test_what_is_no_readable_form_is_not_genuine(junk: bytes) -> None:
    assert not genuine(junk, LAMPIRAN_I_V1)


def test_a_page_that_unpacks_to_gigabytes_is_refused_before_it_does() -> None:
    def bomb(pdf: pikepdf.Pdf, _: Any) -> None:
        packed = zlib.compress(b" " * 60_000_000, 9)
        pdf.pages[0].obj.Contents = pdf.make_stream(packed, Filter=Name.FlateDecode)

    with pikepdf.open(BytesIO(filled())) as pdf:
        bomb(pdf, {})
        packed = saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    with pytest.raises(NotThisForm, match="terlalu besar"):
        static_digest(packed)


def test_a_page_packed_twice_is_refused() -> None:
    with pikepdf.open(BytesIO(filled())) as pdf:
        twice = Array([Name.FlateDecode, Name.FlateDecode])
        packed = zlib.compress(zlib.compress(b"q Q"))
        pdf.pages[0].obj.Contents = pdf.make_stream(packed, Filter=twice)
        out = saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    assert not genuine(out, LAMPIRAN_I_V1)


def test_resources_that_fan_out_without_end_are_refused() -> None:
    def fan_out(pdf: pikepdf.Pdf, _: Any) -> None:
        inner = pdf.make_indirect(Dictionary(Leaf=1))
        for _level in range(40):
            inner = pdf.make_indirect(Dictionary(Left=inner, Right=inner))
        pdf.pages[0].obj.Resources.Extra = inner

    with pytest.raises(NotThisForm, match="terlalu besar"):
        static_digest(tampered(filled(), fan_out))


def test_resources_that_go_in_circles_are_refused_without_hanging() -> None:
    def circle(pdf: pikepdf.Pdf, _: Any) -> None:
        ring = pdf.make_indirect(Dictionary())
        ring.Again = ring
        pdf.pages[0].obj.Resources.Extra = ring

    assert not genuine(tampered(filled(), circle), LAMPIRAN_I_V1)


@pytest.mark.parametrize("space", [Name.DeviceRGB, Name.DeviceGray, Name.DeviceCMYK, None])
def test_a_page_group_of_a_usual_kind_that_an_application_adds_is_no_change(space: Any) -> None:
    def grouped(pdf: pikepdf.Pdf, _: dict[str, Any]) -> None:
        pdf.pages[0].obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, I=True, K=False)
        if space is not None:
            pdf.pages[0].obj.Group.CS = space

    assert genuine(tampered(filled(), grouped), LAMPIRAN_I_V1)


def test_any_change_in_a_font_is_noticed_after_the_same_fonts_were_seen_unchanged() -> None:
    """Fonts are turned once for all files that have them; the digest of a widely used width or letter must differ."""
    honest = by_pikepdf()
    assert genuine(honest, LAMPIRAN_I_V1)
    changed = 0
    with pikepdf.open(BytesIO(honest)) as pdf:
        waiting, parts = [pdf.pages[0].obj.Resources.Font], []
        while waiting:
            part = waiting.pop()
            members = list(part) if isinstance(part, Array) else [part[key] for key in part.keys()]  # noqa: SIM118 - a PDF dictionary
            waiting += [member for member in members if isinstance(member, Array | Dictionary | pikepdf.Stream)]
            parts.append(part)
        for part in parts:
            if isinstance(part, Array):
                part.append(1)
            else:
                part["/Zz"] = 1
            assert not genuine(saved(pdf), LAMPIRAN_I_V1), part
            if isinstance(part, Array):
                del part[-1]
            else:
                del part["/Zz"]
            changed += 1
        assert genuine(saved(pdf), LAMPIRAN_I_V1)
    assert changed > 10
