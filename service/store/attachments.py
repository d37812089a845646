"""What belongs to an activity beside its form: resume and photos, kept by digest; a removed one stays in the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from service.store.circulation_tables import ATTACHMENTS
from service.store.rows import columns_of

_C = ATTACHMENTS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file that belongs to the activity of a serial; its bytes are the document of that digest."""

    id: str
    serial: str
    digest: str
    file_name: str
    media_type: str
    size: int
    added_at: dt.datetime
    added_by: str
    removed_at: dt.datetime | None = None


class AttachmentsRead:
    """Finding attachments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, attachment_id: str) -> Attachment | None:
        """Also a removed one."""
        row = self._connection.execute(select(ATTACHMENTS).where(_C.id == attachment_id)).one_or_none()
        return Attachment(**row._asdict()) if row else None

    def of(self, serial: str) -> Sequence[Attachment]:
        """Those of an activity that were not removed, in the order they came."""
        query = select(ATTACHMENTS).where(_C.serial == serial, _C.removed_at.is_(None)).order_by(_C.added_at, _C.id)
        return [Attachment(**row._asdict()) for row in self._connection.execute(query)]


class Attachments(AttachmentsRead):
    """Finding, adding and removing attachments."""

    def add(self, attachment: Attachment) -> None:
        """Keep a new one. RowExists for an id given out before, UnknownRow for an unknown serial."""
        self._connection.execute(insert(ATTACHMENTS).values(columns_of(attachment)))

    def remove(self, attachment_id: str, at: dt.datetime) -> bool:
        """Take it out of the lists from `at` on; False when it is not there or was removed before."""
        statement = update(ATTACHMENTS).where(_C.id == attachment_id, _C.removed_at.is_(None)).values(removed_at=at)
        return self._connection.execute(statement).rowcount == 1
