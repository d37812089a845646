"""What belongs to an activity beside its form, on the pages of those who sign it and decide on it."""

from __future__ import annotations

from collections.abc import Sequence

from service.access import Act, may
from service.store.attachments import Attachment
from service.subjects import of_attachments
from service.web.desk import desk
from service.web.visitor import signed_in


def attachments_of(serial: str | None) -> Sequence[Attachment]:
    """The resume and photos of a form, as far as the visitor may see them."""
    if not serial:
        return ()
    with desk().store.reading() as tx:
        visible = may(signed_in().viewer, Act.SEE, of_attachments(tx, serial))
        return tx.attachments.of(serial) if visible else ()
