"""Refuses what can act by itself: scripts, launches, submissions, dynamic forms, media and hidden attachments."""

from __future__ import annotations

from collections.abc import Iterable

from pikepdf import Dictionary, Object, Pdf, Stream

from forms.pdf import plain
from parsers.errors import active_content, too_complex
from parsers.pdf import Terminal, acroform_of, dictionary, filters_of, listed, pages_of, unpacked

_HARMLESS_ACTIONS = ("/GoTo", "/URI", "/Named")
_MEDIA = ("/RichMedia", "/3D", "/Screen", "/Movie", "/Sound", "/FileAttachment")


def refuse_active(pdf: Pdf, pages: Iterable[Object], fields: Iterable[Terminal]) -> None:
    """Raise Unreadable (active_content) for the first thing found that could change or send what the form says."""
    root = pdf.Root
    form = acroform_of(pdf) or Dictionary()
    if "/XFA" in form:
        raise active_content("formulir dinamis (XFA)")
    if listed(form.get("/CO")):
        raise active_content("perhitungan otomatis (JavaScript)")
    names = dictionary(root.get("/Names")) or Dictionary()
    if dictionary(names.get("/JavaScript")):
        raise active_content("skrip (JavaScript)")
    if dictionary(names.get("/EmbeddedFiles")) or listed(root.get("/AF")) or "/Collection" in root:
        raise active_content("berkas lampiran tersembunyi")
    _refuse_action(root.get("/OpenAction"))
    _refuse_additional(root)
    inert: set[tuple[int, int]] = set()
    for page in pages:
        _refuse_additional(page)
        for each in listed(page.get("/Annots")):
            annotation = dictionary(each)
            if annotation is None:
                continue
            said = plain(annotation)
            if said is not None and said.inert and said.told.get("/Subtype") == "/Widget":
                inert.add(annotation.objgen)
                continue
            if str(annotation.get("/Subtype")) in _MEDIA:
                raise active_content("media atau lampiran")
            _refuse_action(annotation.get("/A"))
            _refuse_additional(annotation)
    for field in fields:
        for part in (field.source, *field.widgets):
            if part.is_indirect and part.objgen in inert:
                continue
            _refuse_action(part.get("/A"))
            _refuse_additional(part)


def _refuse_additional(holder: Object) -> None:
    if "/AA" in holder and dictionary(holder.get("/AA")):
        raise active_content("tindakan otomatis")


def _refuse_action(source: object) -> None:
    """Refuse every action type but navigation; a chain (/Next) is refused as a whole."""
    action = dictionary(source)
    if action is not None and (str(action.get("/S")) not in _HARMLESS_ACTIONS or "/Next" in action):
        raise active_content("tindakan otomatis")


# --- Weighs a file before it is given to a reader that knows no limits (pdfminer unpacks whatever it meets)

_MOST_OBJECTS = 5000
_HEAVIEST = 32 * 2**20
_HEAVIEST_CONTENT = 2 * 2**20
_PICTURES = ("/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode")


def refuse_heavy(pdf: Pdf) -> None:
    """Raise Unreadable when unpacked streams exceed 32 MiB together, or the drawing steps of one page 2 MiB."""
    objects = pdf.objects
    if len(objects) > _MOST_OBJECTS:
        raise too_complex()
    weight = 0
    for each in objects:
        if isinstance(each, Stream) and not any(name in _PICTURES for name in filters_of(each)):
            weight += len(unpacked(each))
            if weight > _HEAVIEST:
                raise too_complex()
    for page in pages_of(pdf):
        contents = page.get("/Contents")
        streams = [part for part in (*listed(contents), contents) if isinstance(part, Stream)]
        if sum(len(unpacked(each)) for each in streams) > _HEAVIEST_CONTENT:
            raise too_complex()
