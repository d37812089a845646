"""Forgeries of the page object: its tree, its parts and their compression, so that readers see different pages."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from forgeries.drawings import Tamper, Widgets
from forgeries.readers import FREE, by_hand, root_of, spelled, stream
from support.incremental_updates import raw_revision


def page_reached_by_another_parent(pdf: Pdf, _: Widgets) -> None:
    page = pdf.Root.Pages.Kids[0]
    page.Parent = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([page]), Count=1, Rotate=0))


def page_without_content(pdf: Pdf, _: Widgets) -> None:
    del pdf.pages[0].obj.Contents


def page_turned(pdf: Pdf, _: Widgets) -> None:
    pdf.pages[0].obj.Rotate = 180


def page_cropped(pdf: Pdf, _: Widgets) -> None:
    pdf.pages[0].obj.CropBox = Array([0, 200, 595, 842])


def page_with_resources_from_above(pdf: Pdf, _: Widgets) -> None:
    page = pdf.pages[0].obj
    resources = Dictionary({key: page.Resources[key] for key in page.Resources.keys() if key != "/XObject"})  # noqa: SIM118 - pikepdf's keys
    pdf.Root.Pages.Resources = resources
    del page.Resources


def page_whose_parts_change_places(pdf: Pdf, _: Widgets) -> None:
    parts = pdf.pages[0].obj.Contents
    first, last = parts[0], parts[-1]
    parts[0], parts[-1] = last, first


def page_split_in_the_middle_of_a_word(pdf: Pdf, _: Widgets) -> None:
    """Between two words, but without the white space that divides them: set end to end they are one."""
    page = pdf.pages[0].obj
    parts = page.Contents.as_list()
    place = max(range(len(parts)), key=lambda at: len(parts[at].read_bytes()))
    content = parts[place].read_bytes()
    middle = content.index(b" ", len(content) // 2)
    halves = [pdf.make_stream(content[:middle]), pdf.make_stream(content[middle + 1 :])]
    page.Contents = Array([*parts[:place], *halves, *parts[place + 1 :]])


PAGES: tuple[Tamper, ...] = (
    page_reached_by_another_parent,
    page_without_content,
    page_turned,
    page_cropped,
    page_with_resources_from_above,
    page_whose_parts_change_places,
    page_split_in_the_middle_of_a_word,
)


# The same by hand, for what no library writes.


def _content(pdf: bytes) -> tuple[int, bytes]:
    """Number and text of the part that prints the form's words."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        part: Any = max(opened.pages[0].obj.Contents.as_list(), key=lambda stream: len(stream.read_bytes()))
        return int(part.objgen[0]), part.read_bytes()


def _repacked(pdf: bytes, pack: Callable[[bytes], bytes], entries: bytes) -> bytes:
    number, content = _content(pdf)
    return raw_revision(pdf, {number: stream(pack(content), entries)})


def content_as_hexadecimal_digits(pdf: bytes) -> bytes:
    return _repacked(pdf, lambda content: content.hex().encode() + b">", b"/Filter /ASCIIHexDecode")


def content_packed_twice(pdf: bytes) -> bytes:
    return _repacked(
        pdf,
        lambda content: zlib.compress(content).hex().encode() + b">",
        b"/Filter [ /ASCIIHexDecode /FlateDecode ]",
    )


def content_by_a_filter_nobody_knows(pdf: bytes) -> bytes:
    return _repacked(pdf, lambda content: content, b"/Filter /LainDecode")


def content_by_an_identity_crypt_filter(pdf: bytes) -> bytes:
    return _repacked(pdf, lambda content: content, b"/Filter /Crypt /DecodeParms << /Name /Identity >>")


def content_with_a_predictor(pdf: bytes) -> bytes:
    return _repacked(pdf, zlib.compress, b"/Filter /FlateDecode /DecodeParms << /Predictor 1 >>")


def content_kept_in_another_file(pdf: bytes) -> bytes:
    return _repacked(pdf, lambda content: content, b"/F (lain.bin)")


def content_cut_short(pdf: bytes) -> bytes:
    return _repacked(pdf, lambda content: zlib.compress(content)[:-4], b"/Filter /FlateDecode")


def content_with_more_behind_its_end(pdf: bytes) -> bytes:
    more = zlib.compress(b"1 g 0 0 600 900 re f")
    return _repacked(pdf, lambda content: zlib.compress(content) + more, b"/Filter /FlateDecode")


def _tree(pdf: bytes) -> tuple[int, bytes]:
    """Number and text of the root of the page tree."""
    number = int(re.findall(rb"/Pages (\d+) 0 R", spelled(pdf, root_of(pdf)))[0])
    return number, spelled(pdf, number)


def pages_counted_too_many(pdf: bytes) -> bytes:
    number, written = _tree(pdf)
    return raw_revision(pdf, {number: written.replace(b"/Count 1", b"/Count 2")})


def pages_counted_as_none(pdf: bytes) -> bytes:
    number, written = _tree(pdf)
    return raw_revision(pdf, {number: written.replace(b"/Count 1", b"/Count 0")})


def page_below_a_node_that_counts_wrongly(pdf: bytes) -> bytes:
    number, written = _tree(pdf)
    kids = re.findall(rb"/Kids \[ (\d+) 0 R \]", written)[0]
    between = b"<< /Type /Pages /Kids [ %s 0 R ] /Count 3 /Parent %d 0 R >>" % (kids, number)
    page = re.sub(rb"/Parent \d+ 0 R", b"/Parent %d 0 R" % FREE, spelled(pdf, int(kids)))
    above = written.replace(b"[ %s 0 R ]" % kids, b"[ %d 0 R ]" % FREE)
    return raw_revision(pdf, {number: above, FREE: between, int(kids): page})


def page_twice_in_the_tree(pdf: bytes) -> bytes:
    number, written = _tree(pdf)
    twice = re.sub(rb"/Kids \[ (\d+ 0 R) \]", rb"/Kids [ \1 \1 ]", written).replace(b"/Count 1", b"/Count 2")
    return raw_revision(pdf, {number: twice})


def page_of_no_type(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        number = int(opened.pages[0].obj.objgen[0])
    return raw_revision(pdf, {number: spelled(pdf, number).replace(b"/Type /Page", b"/Type /Template")})


def size_below_the_highest_object(pdf: bytes) -> bytes:
    return re.sub(rb"/Size \d+", b"/Size 20", by_hand(pdf, [(FREE, b"null")]))


def object_in_a_comment(pdf: bytes) -> bytes:
    made = by_hand(pdf, [(FREE, b"null")], between=b"\n")
    place = made.index(b"%d 0 obj" % FREE)
    # The same number of bytes, so that the table still points at the object.
    return made[: place - 1] + b"%" + made[place:]


def stream_shorter_than_its_data(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"<< /Length 3 >>\nstream\n1 g 0 0 600 900 re f\nendstream")])


def stream_longer_than_its_data(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"<< /Length 300 >>\nstream\n1 g\nendstream")])


def unused_object_with_a_key_twice(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"<< /A 1 /#41 2 >>")])


PAGES_BY_HAND: tuple[Callable[[bytes], bytes], ...] = (
    content_as_hexadecimal_digits,
    content_packed_twice,
    content_by_a_filter_nobody_knows,
    content_by_an_identity_crypt_filter,
    content_with_a_predictor,
    content_kept_in_another_file,
    content_cut_short,
    content_with_more_behind_its_end,
    pages_counted_too_many,
    pages_counted_as_none,
    page_below_a_node_that_counts_wrongly,
    page_twice_in_the_tree,
    page_of_no_type,
)
# What two readers read in two ways, before anybody signs and after all have.
IN_TWO_WAYS: tuple[Callable[[bytes], bytes], ...] = (
    object_in_a_comment,
    stream_shorter_than_its_data,
    stream_longer_than_its_data,
    unused_object_with_a_key_twice,
)
