"""Lays border and code beneath the first page of a drawn certificate, and says that it is PDF/UA as well."""

from __future__ import annotations

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from forms.guilloche import HEIGHT, WIDTH, frame, long_side, rosette, short_side, strands

# ISO 14289-1 clause 5 asks for `part`; ISO 19005-3 6.6.2.3.2 wants a schema it does not know to be described.
_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
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
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def dress(drawn: bytes, code: bytes) -> bytes:
    """The same document with the border and `code` (a content stream in page space) as artifacts of page 1."""
    with Pdf.open(io.BytesIO(drawn)) as pdf:
        page = pdf.pages[0]
        pieces = {"/Long": strands(long_side()), "/Short": strands(short_side()), "/Rosette": rosette()}
        parts = {name: _xobject(pdf, content, {}) for name, content in pieces.items()}
        page.add_resource(_xobject(pdf, frame(), parts), Name.XObject, Name("/Border"), replace_existing=True)
        beneath = b"/Artifact BMC q /Border Do Q q 0.078 0.129 0.239 rg %s Q EMC" % code
        page.contents_add(_compressed(pdf, beneath), prepend=True)
        # WeasyPrint names each attachment twice, once by its place in the name tree.
        pdf.Root.AF = Array({each.objgen: each for each in pdf.Root.AF.as_list()}.values())
        stream = pdf.Root.Metadata
        told = stream.read_bytes()
        stream.write(told.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>", 1))
        written = io.BytesIO()
        pdf.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _xobject(pdf: Pdf, content: bytes, parts: dict[str, Stream]) -> Stream:
    drawn = _compressed(pdf, content)
    drawn.Type, drawn.Subtype, drawn.FormType = Name.XObject, Name.Form, 1
    # A side starts on its own axis, a rosette in its own middle: room to all sides.
    drawn.BBox = Array([-WIDTH, -HEIGHT, WIDTH, HEIGHT])
    drawn.Resources = Dictionary(XObject=Dictionary(parts)) if parts else Dictionary()
    return drawn


def _compressed(pdf: Pdf, content: bytes) -> Stream:
    """Quickly: most of the time would go into squeezing the last percent out of coordinates."""
    stream = Stream(pdf, b"")
    stream.write(zlib.compress(content, 1), filter=Name.FlateDecode)
    return stream
