"""Refuse files with active content (scripts, actions, XFA, media, attachments), and files too heavy to read."""

from __future__ import annotations

from collections.abc import Iterable

from pikepdf import Dictionary, Object, Pdf, Stream

from forms.pdf import KnownWidgets, plain_widget
from parsers.errors import active_content, too_complex
from parsers.pdf import TerminalField, acroform_of, as_dictionary, as_list, filters_of, pages_of, unpack

_HARMLESS_ACTIONS = ("/GoTo", "/URI", "/Named")
_MEDIA = ("/RichMedia", "/3D", "/Screen", "/Movie", "/Sound", "/FileAttachment")


def refuse_active(pdf: Pdf, pages: Iterable[Object], fields: Iterable[TerminalField], known: KnownWidgets) -> None:
    """Raise Unreadable (active_content) for the first thing that could change or send the content of the form.

    What is read of the widgets is added to `known`.
    """
    root = pdf.Root
    form = acroform_of(pdf) or Dictionary()
    if "/XFA" in form:
        raise active_content("xfa")
    if as_list(form.get("/CO")):
        raise active_content("calculation")
    names = as_dictionary(root.get("/Names")) or Dictionary()
    if as_dictionary(names.get("/JavaScript")):
        raise active_content("script")
    if as_dictionary(names.get("/EmbeddedFiles")) or as_list(root.get("/AF")) or "/Collection" in root:
        raise active_content("attachment")
    _refuse_action(root.get("/OpenAction"))
    _refuse_additional(root)
    inert: set[tuple[int, int]] = set()
    for page in pages:
        _refuse_additional(page)
        for entry in as_list(page.get("/Annots")):
            annotation = as_dictionary(entry)
            if annotation is None:
                continue
            plain = plain_widget(annotation, known)
            if plain is not None and plain.inert:
                inert.add(annotation.objgen)
                continue
            if str(annotation.get("/Subtype")) in _MEDIA:
                raise active_content("media")
            _refuse_action(annotation.get("/A"))
            _refuse_additional(annotation)
    for field in fields:
        for part in (field.source, *field.widgets):
            if part.is_indirect and part.objgen in inert:
                continue
            _refuse_action(part.get("/A"))
            _refuse_additional(part)


def _refuse_additional(holder: Object) -> None:
    if "/AA" in holder and as_dictionary(holder.get("/AA")):
        raise active_content("action")


def _refuse_action(source: object) -> None:
    """Refuse every action but navigation, and every chain of actions (/Next)."""
    action = as_dictionary(source)
    if action is not None and (str(action.get("/S")) not in _HARMLESS_ACTIONS or "/Next" in action):
        raise active_content("action")


# --- Weight, checked before a reader without limits opens the file (pdfminer unpacks every stream)

_MOST_OBJECTS = 5000
_HEAVIEST = 32 * 2**20
_HEAVIEST_CONTENT = 2 * 2**20
_PICTURES = ("/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode")


def refuse_heavy(pdf: Pdf) -> None:
    """Raise Unreadable when all streams unpack to more than 32 MiB, or the content of one page to more than 2 MiB."""
    objects = pdf.objects
    if len(objects) > _MOST_OBJECTS:
        raise too_complex()
    weight = 0
    for stream in objects:
        if isinstance(stream, Stream) and not any(name in _PICTURES for name in filters_of(stream)):
            weight += len(unpack(stream))
            if weight > _HEAVIEST:
                raise too_complex()
    for page in pages_of(pdf):
        contents = page.get("/Contents")
        streams = [part for part in (*as_list(contents), contents) if isinstance(part, Stream)]
        if sum(len(unpack(stream)) for stream in streams) > _HEAVIEST_CONTENT:
            raise too_complex()
