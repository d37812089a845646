"""Control cards that were made to be signed or filed: what they say by its digest, and the bytes by theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select, update

from service.store.errors import RowEnded, UnknownRow
from service.store.learning_tables import CARDS
from service.store.rows import columns_of

_C = CARDS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card of one employee and year. `basis` is the digest of what it says, `digest` that of its unsigned bytes.

    `officer_nip` is who is named on it to sign.
    """

    id: str
    nip: str
    year: int
    officer_nip: str | None
    basis: str
    digest: str
    made_at: dt.datetime
    made_by: str
    signed_digest: str | None = None
    signed_at: dt.datetime | None = None
    signed_by: str | None = None


class CardsRead:
    """Finding cards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, card_id: str) -> Card | None:
        found = self._all(_C.id == card_id)
        return found[0] if found else None

    def of(self, nip: str, year: int) -> Sequence[Card]:
        """Every card made for this employee and year, newest first."""
        return self._all(_C.nip == nip, _C.year == year)

    def saying(self, nip: str, year: int, basis: str) -> Card | None:
        """The newest card that says just this; a signed one before one that waits for its signature."""
        found = self._all(_C.nip == nip, _C.year == year, _C.basis == basis)
        return next((each for each in found if each.signed_digest), found[0] if found else None)

    def _all(self, *conditions: ColumnElement[bool]) -> Sequence[Card]:
        query = select(CARDS).where(*conditions).order_by(_C.made_at.desc(), _C.id.desc())
        return [Card(**row._asdict()) for row in self._connection.execute(query)]


class Cards(CardsRead):
    """Finding and keeping cards."""

    def add(self, card: Card) -> None:
        """Keep a new one. RowExists for an id given out before, UnknownRow for an unknown NIP."""
        self._connection.execute(insert(CARDS).values(columns_of(card)))

    def keep_signed(self, card_id: str, digest: str, at: dt.datetime, by: str) -> None:
        """Keep the digest of the signed bytes, once. Raises UnknownRow, or RowEnded when it was signed before."""
        statement = (
            update(CARDS)
            .where(_C.id == card_id, _C.signed_digest.is_(None))
            .values(signed_digest=digest, signed_at=at, signed_by=by)
        )
        if self._connection.execute(statement).rowcount == 0:
            if self.get(card_id) is None:
                raise UnknownRow(f"Kartu {card_id} tidak ada.", "Buat kartunya lebih dahulu.")
            raise RowEnded(f"Kartu {card_id} sudah ditandatangani.", "Pakai kartu yang sudah ditandatangani itu.")
