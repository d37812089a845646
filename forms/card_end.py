"""What follows a card's table: on the left why something does not count, on the right who knows of it and signs."""

from __future__ import annotations

from forms.card import CardContent, Officer
from forms.card_words import NOTES, SIGNED, note_text
from forms.flow import ACROSS, LEFT, Flow
from forms.guilloche import HEIGHT, MM
from forms.indonesian import spaced_nip
from forms.letters import Letters
from forms.lines import Line, baseline, line, with_blank, wrapped
from forms.setting import set_text
from forms.sheet import Ink, Placed
from forms.tags import Tag

Box = tuple[float, float, float, float]
_GAP = 2 * MM
_NOTE_SIZE, _NOTE_LINE, _HANGING = 7.6, 9.7, 4 * MM
_SIGNED_LEFT, _SIZE, _LINE = 194 * MM, 9.5, 12.0
# Room for QR, name, NIP, role and time of a visible signature.
_WIDTH, _TALL = 66 * MM, 24.4 * MM
_BESIDE = _SIGNED_LEFT - LEFT - 8 * MM
# Notes taller than this go over the whole width, before the signature.
_TALLEST = 200.0


class _Notes:
    """The notes and remarks of a card, broken into lines for one width."""

    def __init__(self, content: CardContent, letters: Letters, room: float) -> None:
        texts = [note_text(place, note) for place, note in enumerate(content.notes, 1)]
        self.texts = [*texts, *content.remarks]
        self.title = line(NOTES, letters.semibold, _NOTE_SIZE)
        self.lines = [wrapped(text, letters.regular, _NOTE_SIZE, room=room - _HANGING) for text in self.texts]

    @property
    def height(self) -> float:
        return (sum(map(len, self.lines)) + 1) * _NOTE_LINE if self.lines else 0.0


class End:
    """Set once; then `page` (from 0) and `box` (points from the lower left) say where it is signed.

    `kept` is the height that stays on one sheet with the table's last row, so that no signature stands alone.
    """

    def __init__(self, content: CardContent, letters: Letters) -> None:
        self.page, self.box = 0, (0.0, 0.0, 0.0, 0.0)
        self._signed = _signed(content.officer, letters)
        self._height = _GAP + len(self._signed) * _LINE + _TALL + 2 * MM
        beside = _Notes(content, letters, _BESIDE)
        self._beside = beside.height <= _TALLEST
        self._notes = beside if self._beside else _Notes(content, letters, ACROSS)
        self.kept = max(self._height, _GAP + self._notes.height) if self._beside else 0.0

    def set(self, flow: Flow) -> list[Tag]:
        """Write both; their elements in reading order."""
        if self._beside:
            flow.make_room(self.kept)
            top = flow.top
            kids = self._write_notes(flow, last=0.0)
            flow.top = top
        else:
            kids = self._write_notes(flow, last=self._height)
        return [*kids, self._write_signature(flow)]

    def _write_notes(self, flow: Flow, *, last: float) -> list[Tag]:
        """`last` is what must have room below the last note."""
        notes = self._notes
        if not notes.lines:
            return []
        flow.top += _GAP
        flow.make_room((1 + len(notes.lines[0])) * _NOTE_LINE)
        kids, items = [flow.paragraph("H2", (notes.title,), _NOTE_LINE, ink=Ink.BLACK)], []
        for place, each in enumerate(notes.lines, 1):
            flow.make_room(len(each) * _NOTE_LINE + (last if place == len(notes.lines) else 0))
            items.append(flow.paragraph("LBody", each, _NOTE_LINE, hanging=_HANGING, ink=Ink.BLACK))
        return [*kids, Tag(role="L", kids=tuple(Tag(role="LI", kids=(item,)) for item in items))]

    def _write_signature(self, flow: Flow) -> Tag:
        top = flow.top + _GAP
        above = len(SIGNED)
        low = top + above * _LINE + 1 * MM
        placed = []
        for place, each in enumerate(self._signed):
            start = top + place * _LINE + (_TALL + 2 * MM if place >= above else 0)
            placed.append(Placed(line=each, left=_SIGNED_LEFT, base=start + baseline(_SIZE, _LINE)))
        self.page = flow.sheet.number
        self.box = (_SIGNED_LEFT, HEIGHT - low - _TALL, _SIGNED_LEFT + _WIDTH, HEIGHT - low)
        flow.top = top + self._height
        return flow.sheet.write("P", *placed, ink=Ink.BLACK)


def _signed(officer: Officer | None, letters: Letters) -> list[Line]:
    """The lines above and below the place to sign."""
    name = set_text(officer.name if officer else "Nama", letters.semibold, room=_WIDTH, sizes=(_SIZE, 9, 8.5))
    nip = f"NIP {spaced_nip(officer.nip)}" if officer else "NIP"
    above = [line(f"{text} ", letters.regular, _SIZE) for text in SIGNED]
    return [*above, *name[:-1], with_blank(name[-1]), line(nip, letters.regular, _SIZE)]
