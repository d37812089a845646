"""Pictures of pages: limited in size and number, with the number of pages compared."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from parsers.errors import Unreadable
from parsers.pictures import page_pictures
from support.filled_forms import filled

LINE = b"0 0 0 RG 4 w 100 400 m 300 400 l S"


def pages(*contents: bytes, box: tuple[float, float, float, float] = (0, 0, 595, 842)) -> bytes:
    """Return a file of plain pages with these contents."""
    with pikepdf.new() as pdf:
        for content in contents:
            page = pdf.add_blank_page(page_size=(box[2], box[3]))
            page.obj.MediaBox = pikepdf.Array([*box])
            page.obj.Contents = pdf.make_stream(content)
        out = BytesIO()
        pdf.save(out)
        return out.getvalue()


def size(png: bytes | None) -> tuple[int, int]:
    assert png is not None
    with Image.open(BytesIO(png)) as picture:
        return picture.size


def test_a_file_that_is_the_same_is_shown_once() -> None:
    result = page_pictures(filled(), filled())
    assert [(pair.number, pair.signed, pair.differs) for pair in result.pairs] == [(1, None, False)]
    assert (result.count, result.compared) == (1, 1)


def test_what_differs_is_framed_on_both_and_shown_before_what_does_not() -> None:
    result = page_pictures(pages(*[b""] * 9, LINE), pages(*[b""] * 10))
    (pair,) = result.pairs
    assert (pair.number, pair.differs, result.count, result.compared) == (10, True, 10, 10)
    assert pair.signed is not None
    for png in (pair.signed, pair.received or b""):
        with Image.open(BytesIO(png)) as picture:
            assert (178, 106, 0) in {color for _, color in picture.convert("RGB").getcolors(2**24) or ()}


def test_a_page_added_or_taken_away_is_a_difference() -> None:
    (added,) = page_pictures(pages(b"", LINE), pages(b"")).pairs
    assert (added.number, added.signed, added.differs) == (2, None, True)
    (gone,) = page_pictures(pages(b""), pages(b"", LINE)).pairs
    assert (gone.number, gone.received, gone.differs) == (2, None, True)


def test_a_page_of_another_size_differs_as_a_whole() -> None:
    (pair,) = page_pictures(pages(b"", box=(0, 0, 842, 595)), pages(b"")).pairs
    assert pair.differs


def test_only_so_many_resultare_drawn_and_it_is_said_how_many() -> None:
    result = page_pictures(pages(*[LINE] * 40), pages(*[b""] * 40))
    assert (len(result.pairs), result.count, result.compared) == (3, 40, 20)
    assert len(page_pictures(pages(*[LINE] * 40), None).pairs) == 3


@pytest.mark.parametrize("box", [(0, 0, 14400, 14400), (0, 0, 3, 3), (0, 0, 14400, 3), (0, 0, 3, 14400)])
def test_a_picture_is_never_larger_than_a_screen(box: tuple[float, float, float, float]) -> None:
    (pair,) = page_pictures(pages(LINE, box=box), None).pairs
    width, height = size(pair.received)
    assert 0 < width <= 1001
    assert 0 < height <= 1601


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7", b"no PDF at all", filled()[:2000]])
def test_what_cannot_be_opened_is_unreadable(broken: bytes) -> None:
    with pytest.raises(Unreadable):
        page_pictures(broken, None)
