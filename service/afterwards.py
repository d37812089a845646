"""What became of a file after it was signed, shown: its pages and its answers, then and as received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.catalog import find_form
from forms.report import Picture
from parsers.comparison import ComparedAnswer, compared_answers
from parsers.errors import ParsersError
from parsers.pictures import PagePair, Pages, page_pictures
from service.proof.differing import differing_answers

_DRAWN_OTHERWISE = frozenset({"drawing_not_plain", "value_differs_from_appearance"})
_UNDRAWN = "Halamannya tidak dapat digambar dengan aman, jadi tidak ditampilkan."
_UNKNOWN = "Inilah halamannya seperti yang diterima; seperti apa ketika ditandatangani, tidak dapat dipastikan."
_UNTOUCHED = "Sesudah ditandatangani tidak ada yang berubah selain tanda tangan, bahan pemeriksaan, atau penanda waktu."


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """Pictures of the pages, a sentence about them, and the answers that differ: column, as signed, as received.

    `untouched`: nothing came after the last signature, so the pages are those of the file as it is. `compared`: answers
    whose drawing proves nothing, for a person to compare with the value.
    """

    pictures: tuple[Picture, ...] = ()
    note: str = _UNDRAWN
    answers: tuple[tuple[str, str, str], ...] = ()
    untouched: bool = False
    compared: tuple[ComparedAnswer, ...] = ()


def afterwards(content: bytes, told: Mapping[str, Any]) -> Afterwards:
    """`told` is the answer as `verify` gives it. Never raises for a bad file; what cannot be drawn is said to be so.

    Only the bytes of an intact signature are shown as signed: those of a broken one are not what anybody saw.
    """
    made = told["signatures"]
    sound = [each for each in made if each["intact"] and each["valid"] and each.get("covered", 0) > 0]
    signed = max((each for each in sound if not each["permitted"]), key=lambda each: int(each["covered"]), default=None)
    then = content[: signed["covered"]] if signed else None
    later = [each["field"] for each in sound if signed and each["covered"] > signed["covered"]]
    try:
        pages = page_pictures(content, then, aside=later)
        compared = _compared(content, told)
    except ParsersError:
        return Afterwards(answers=differing_answers(content, then, told))
    name = signed["signer"]["name"] if signed and signed["signer"] else "penanda tangan"
    pictures = tuple(picture for pair in pages.pairs for picture in _pictures(pair, name, compared=then is not None))
    note = _note(pages, signed, made)
    answers = differing_answers(content, then, told)
    return Afterwards(pictures=pictures, note=note, answers=answers, untouched=note == _UNTOUCHED, compared=compared)


def _compared(content: bytes, told: Mapping[str, Any]) -> tuple[ComparedAnswer, ...]:
    if told["form"] is None or not {reason["code"] for reason in told["reasons"]} & _DRAWN_OTHERWISE:
        return ()
    return compared_answers(content, find_form(told["form"]["id"], told["form"]["version"]))


def _note(pages: Pages, signed: Mapping[str, Any] | None, made: list[Mapping[str, Any]]) -> str:
    if any(each.differs for each in pages.pairs):
        note = "Bagian yang tampak berbeda diberi bingkai; tanda tangan yang dibubuhkan kemudian tidak ditandai."
    elif signed:
        note = "Sesudah ditandatangani ada yang berubah di dalam berkas, tetapi halamannya tampak sama."
    elif not made:
        note = "Berkas ini tidak memuat tanda tangan elektronik; inilah halamannya seperti yang diterima."
    elif all(each["intact"] and each["valid"] and each["permitted"] for each in made):
        note = _UNTOUCHED
    else:
        note = _UNKNOWN
    if signed and pages.compared < pages.count:
        note += f" Hanya {pages.compared} halaman pertama yang dibandingkan."
    if len(pages.pairs) < pages.count:
        note += f" Ditampilkan {len(pages.pairs)} dari {pages.count} halaman."
    return note


def _pictures(pair: PagePair, name: str, *, compared: bool) -> tuple[Picture, ...]:
    page = f"Halaman {pair.number}"
    pictures = []
    if pair.signed is not None:
        gone = " – pada berkas yang diterima halaman ini tidak ada lagi" if pair.received is None else ""
        pictures.append(Picture(caption=f"{page} ketika ditandatangani {name}{gone}", png=pair.signed))
    if pair.received is not None:
        added = compared and pair.differs and pair.signed is None
        new = f" – ketika {name} menandatangani, halaman ini belum ada" if added else ""
        pictures.append(Picture(caption=f"{page} seperti yang diterima{new}", png=pair.received))
    return tuple(pictures)
