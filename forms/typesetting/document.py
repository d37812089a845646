"""A PDF made of typeset sheets: fonts, structure tree, metadata, attachment. The same sheets give the same bytes."""

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

from forms.errors import Undrawable
from forms.typesetting.fonts import Embedding, FontFamily
from forms.typesetting.page import Sheet, Tag, write_structure
from forms.typesetting.paper import HEIGHT, WIDTH


class Sheets:
    """The sheets of one document, in order."""

    def __init__(self) -> None:
        self.all: list[Sheet] = []
        self._embedding = Embedding()

    def new(self) -> Sheet:
        """Add a sheet and return it."""
        self.all.append(Sheet(self._embedding, number=len(self.all)))
        return self.all[-1]

    def to_pdf(self, document: Tag) -> Pdf:
        """Return all sheets as a tagged PDF; `document` is the root of its structure tree."""
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


def serialized(pdf: Pdf) -> bytes:
    """Return the bytes of a document of ours; the same content gives the same bytes."""
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def refuse_missing_glyphs(texts: Iterable[str], fonts: FontFamily, *, what: str) -> None:
    """Raise Undrawable for a character the upright fonts lack, which would be an empty box. No name is in italics."""
    text = "\n".join(texts)
    missing = dict.fromkeys([*fonts.regular.missing(text), *fonts.semibold.missing(text)])
    if missing:
        shown = " ".join(f"“{character}” (U+{ord(character):04X})" for character in missing)
        raise Undrawable(f"{what} memuat huruf yang tidak dapat dicetak: {shown}.")


# --- PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)

_PRODUCER = "CMB"
_COLOURS = "IEC 61966-2-1 Default RGB Colour Space - sRGB"
# ISO 14289-1 clause 5 requires `part`; ISO 19005-3 6.6.2.3.2 requires a description of a schema it does not define.
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
class DocumentInfo:
    """Title, author and date of a document; `day` is when it was made (midnight UTC)."""

    title: str
    author: str
    day: dt.date


def describe(pdf: Pdf, info: DocumentInfo) -> None:
    """Write title, author, date, language and colour profile."""
    day = info.day.isoformat()
    xmp = _XMP.format(producer=_PRODUCER, title=escape(info.title), author=escape(info.author), day=day)
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, xmp.encode(), Type=Name.Metadata, Subtype=Name.XML))
    dated = String(f"D:{info.day:%Y%m%d}")
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(info.title),
            Author=String(info.author),
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
    """Attach the JSON of the document as its data (ISO 19005-3 6.8)."""
    dated = String(f"D:{day:%Y%m%d}000000Z")
    checksum = hashlib.md5(content, usedforsecurity=False).digest()  # required by ISO 32000-1 table 46
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
    """Return sRGB2014.icc of the International Color Consortium, which may be embedded and redistributed freely."""
    return (files("forms") / "templates" / "sRGB2014.icc").read_bytes()
