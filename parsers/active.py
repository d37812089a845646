"""Refuses what can act by itself: scripts, launches, submissions, dynamic forms, media and hidden attachments."""

from __future__ import annotations

from collections.abc import Iterable

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject

from parsers.fields import Terminal, acroform_of, dictionary, listed, plain
from parsers.refusals import active_content

_HARMLESS_ACTIONS = ("/GoTo", "/URI", "/Named")
_MEDIA = ("/RichMedia", "/3D", "/Screen", "/Movie", "/Sound", "/FileAttachment")


def refuse_active(reader: PdfReader, pages: Iterable[DictionaryObject], fields: Iterable[Terminal]) -> None:
    """Raise Unreadable (active_content) for the first thing found that could change or send what the form says."""
    root = reader.root_object
    form = acroform_of(reader) or DictionaryObject()
    if "/XFA" in form:
        raise active_content("formulir dinamis (XFA)")
    if listed(form.get("/CO")):
        raise active_content("perhitungan otomatis (JavaScript)")
    names = dictionary(root.get("/Names")) or DictionaryObject()
    if dictionary(names.get("/JavaScript")):
        raise active_content("skrip (JavaScript)")
    if dictionary(names.get("/EmbeddedFiles")) or listed(root.get("/AF")) or "/Collection" in root:
        raise active_content("berkas lampiran tersembunyi")
    _refuse_action(root.get("/OpenAction"))
    _refuse_additional(root)
    for page in pages:
        _refuse_additional(page)
        for each in listed(page.get("/Annots")):
            annotation = dictionary(each)
            if annotation is None:
                continue
            if str(plain(annotation.get("/Subtype"))) in _MEDIA:
                raise active_content("media atau lampiran")
            _refuse_action(annotation.get("/A"))
            _refuse_additional(annotation)
    for field in fields:
        for part in (field.source, *field.widgets):
            _refuse_action(part.get("/A"))
            _refuse_additional(part)


def _refuse_additional(holder: DictionaryObject) -> None:
    if dictionary(holder.get("/AA")):
        raise active_content("tindakan otomatis")


def _refuse_action(source: PdfObject | None) -> None:
    """Refuse every action type but navigation; a chain (/Next) is refused as a whole."""
    action = dictionary(source)
    if action is not None and (str(plain(action.get("/S"))) not in _HARMLESS_ACTIONS or "/Next" in action):
        raise active_content("tindakan otomatis")
