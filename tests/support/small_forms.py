"""A small tagged form made by code: text fields with real appearances, and up to three slots."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from signing.fields import SlotPlace, reserve

FIELDS = ("nama_kegiatan", "tanggal", "hasil_pengembangan")
SLOTS = (
    SlotPlace(name="ttd_pegawai", page=0, box=(310, 200, 500, 270), locks=FIELDS, label="Tanda tangan pegawai"),
    SlotPlace(name="ttd_pembimbing", page=0, box=(60, 200, 250, 270), locks=FIELDS[2:], label="Tanda tangan coach"),
    SlotPlace(name="ttd_atasan", page=0, box=(190, 100, 380, 170), locks=FIELDS[:2], label="Tanda tangan atasan"),
)


def blank(*, pages: int = 1, slots: tuple[SlotPlace, ...] = SLOTS) -> bytes:
    """Return a tagged A4 form with three filled text fields and the slots."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    page = document.pages[0].obj
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.Resources = Dictionary(Font=Dictionary(Helv=font))
    page.Contents = document.make_stream(b"BT /Helv 12 Tf 60 780 Td (FORMULIR CONTOH) Tj ET")
    root = document.Root
    tree = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    body = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array([])))
    tree.K = Array([body])
    tree.ParentTree = document.make_indirect(Dictionary(Nums=Array([])))
    tree.ParentTreeNextKey = 0
    root.StructTreeRoot = tree
    root.MarkInfo = Dictionary(Marked=True)
    root.Lang = String("id")
    resources = Dictionary(Font=Dictionary(Helv=font))
    root.AcroForm = document.make_indirect(Dictionary(Fields=Array([]), DR=resources, DA=String("/Helv 10 Tf 0 g")))
    page.Annots = Array([])
    for index, name in enumerate(FIELDS):
        bottom = 700 - 40 * index
        widget = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String(name),
                TU=String(name.replace("_", " ")),
                F=4,
                Rect=Array([60, bottom, 500, bottom + 20]),
                P=page,
                DA=String("/Helv 10 Tf 0 g"),
                StructParent=index,
            )
        )
        element = document.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Form, P=body, Pg=page, K=Dictionary(Type=Name.OBJR, Obj=widget))
        )
        body.K.append(element)
        tree.ParentTree.Nums.extend([index, element])
        tree.ParentTreeNextKey = index + 1
        root.AcroForm.Fields.append(widget)
        page.Annots.append(widget)
    _fill(document, {"nama_kegiatan": "Belajar menulis", "tanggal": "7 April 2026", "hasil_pengembangan": "Paham"})
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return reserve(out.getvalue(), slots) if slots else out.getvalue()


def _fill(document: Pdf, answers: dict[str, str]) -> None:
    for field in document.Root.AcroForm.Fields.as_list():
        name = str(field.T)
        if name in answers:
            field.V = String(answers[name])
            field.AP = Dictionary(N=appearance(document, answers[name]))


def appearance(document: Pdf, text: str) -> pikepdf.Object:
    """Return the appearance of a text field."""
    content = f"/Tx BMC BT /Helv 10 Tf 2 5 Td ({text}) Tj ET EMC".encode("latin-1")
    form = document.make_stream(content, Type=Name.XObject, Subtype=Name.Form)
    form.BBox = Array([0, 0, 440, 20])
    form.Resources = Dictionary(Font=Dictionary(Helv=document.pages[0].Resources.Font.Helv))
    return form
