"""The place to sign on a monitoring paper: where its template left room, known again by name."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf

SLOT = "ttd_pejabat"
# What the template calls the room above the official's name (`templates/dossier.html`); as tall and wide as there.
_ROOM = "ttd"
_MM = 72 / 25.4
_WIDTH, _HEIGHT, _AIR = 70 * _MM, 25 * _MM, 0.5 * _MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A page (from 0) and a box on it: left, bottom, right, top in points."""

    page: int
    box: tuple[float, float, float, float]


def room_to_sign(pdf: bytes) -> Room | None:
    """Where somebody signs; None on a paper that names nobody to sign."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if pikepdf.Name.Names not in document.Root:
            return None
        placed = pikepdf.NameTree(document.Root.Names.Dests).get(_ROOM)
        if placed is None:
            return None
        pages = [each.obj.objgen for each in document.pages]
        target = placed.as_list()
        left, top = float(target[2]), float(target[3]) - _AIR
        return Room(page=pages.index(target[0].objgen), box=(left, top - _HEIGHT, left + _WIDTH, top))
