"""Sheets made a document: one set of fonts over all pages, a structure tree, the same sheets the same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream, String

from forms.certificate_border import HEIGHT, WIDTH
from forms.errors import Undrawable
from forms.typesetting.fonts import Embedding, Letters
from forms.typesetting.page import Sheet, Tag, write_structure


class Sheets:
    """The sheets of one document, in order; `new` gives the next."""

    def __init__(self) -> None:
        self.all: list[Sheet] = []
        self._embedding = Embedding()

    def new(self) -> Sheet:
        self.all.append(Sheet(self._embedding, number=len(self.all)))
        return self.all[-1]

    def bound(self, document: Tag) -> Pdf:
        """All of them as a PDF, A4 landscape, tagged."""
        pdf = Pdf.new()
        fonts = pdf.make_indirect(self._embedding.fonts(pdf))
        for sheet in self.all:
            page = Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, round(WIDTH, 2), round(HEIGHT, 2)]),
                Resources=Dictionary(Font=fonts),
                Contents=Stream(pdf, sheet.content()),
                Tabs=Name.S,
            )
            pdf.pages.append(Page(pdf.make_indirect(page)))
        write_structure(pdf, document)
        return pdf


def written(pdf: Pdf) -> bytes:
    """The bytes of a document of ours; what was put in alone decides them."""
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def refuse_missing_glyphs(texts: Iterable[str], letters: Letters, *, what: str) -> None:
    """Undrawable for a character the upright cuts lack: it would be an empty box. No name is set in italics."""
    text = "\n".join(texts)
    missing = dict.fromkeys([*letters.regular.missing(text), *letters.semibold.missing(text)])
    if missing:
        shown = " ".join(f"“{each}” (U+{ord(each):04X})" for each in missing)
        raise Undrawable(f"{what} memuat huruf yang tidak dapat dicetak: {shown}.")


# --- What makes a PDF of ours archivable and accessible: PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)

_PRODUCER = "CMB"
_COLOURS = "IEC 61966-2-1 Default RGB Colour Space - sRGB"
# ISO 14289-1 clause 5 asks for `part`; ISO 19005-3 6.6.2.3.2 wants a schema it does not know to be described.
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="3" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Producer="{producer}"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Describing:
    """What a document says of itself; `day` is when it was made, midnight UTC."""

    title: str
    author: str
    day: dt.date


def describe(pdf: Pdf, said: Describing) -> None:
    """Title, author, date, language and colours."""
    day = said.day.isoformat()
    xmp = _XMP.format(producer=_PRODUCER, title=escape(said.title), author=escape(said.author), day=day)
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, xmp.encode(), Type=Name.Metadata, Subtype=Name.XML))
    dated = String(f"D:{said.day:%Y%m%d}")
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(said.title),
            Author=String(said.author),
            Producer=String(_PRODUCER),
            CreationDate=dated,
            ModDate=dated,
        )
    )
    pdf.Root.Lang = String("id-ID")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    profile = Stream(pdf, _profile(), N=3)
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=_COLOURS, Info=_COLOURS)
    intent.DestOutputProfile = pdf.make_indirect(profile)
    pdf.Root.OutputIntents = Array([intent])


def attach(pdf: Pdf, name: str, content: bytes, day: dt.date) -> None:
    """The machine-readable JSON of the document, as its data (ISO 19005-3 6.8)."""
    dated = String(f"D:{day:%Y%m%d}000000Z")
    checksum = hashlib.md5(content, usedforsecurity=False).digest()  # what ISO 32000-1 table 46 asks for
    file = Stream(pdf, content, Type=Name.EmbeddedFile, Subtype=Name("/application/json"))
    file.Params = Dictionary(Size=len(content), CheckSum=String(checksum), CreationDate=dated, ModDate=dated)
    specification = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(name),
            UF=String(name),
            Desc=String("Isi dokumen ini untuk dibaca mesin"),
            AFRelationship=Name.Data,
            EF=Dictionary(F=file),
        )
    )
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(name), specification])))
    pdf.Root.AF = Array([specification])


@cache
def _profile() -> bytes:
    """sRGB2014.icc of the International Color Consortium, which anybody may embed and pass on."""
    return (files("forms") / "templates" / "sRGB2014.icc").read_bytes()
