"""What belongs to an activity beside its form, as the store keeps and finds it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.store import Store
from service.store.circulations import Attachment
from service.store.errors import UnknownRow
from support.circulation_rows import HOUR, begin, on_its_way
from support.sample_rows import EMPLOYEE, NOW


def test_attachments_are_listed_until_they_are_removed_and_found_afterwards(store: Store) -> None:
    begin(store, on_its_way())
    photo = Attachment(
        id="A-1", serial="L1-CONTOH", digest="ab" * 32, file_name="Foto.jpg", media_type="image/jpeg",
        size=3 * 2**30, added_at=NOW, added_by=EMPLOYEE,
    )  # fmt: skip
    with store.transaction() as tx:
        tx.attachments.add(photo)
        tx.attachments.add(replace(photo, id="A-0", added_at=NOW + HOUR))
        assert [attachment.id for attachment in tx.attachments.of("L1-CONTOH")] == ["A-1", "A-0"]
        assert tx.attachments.remove("A-1", NOW)
        assert not tx.attachments.remove("A-1", NOW + HOUR)
        assert [attachment.id for attachment in tx.attachments.of("L1-CONTOH")] == ["A-0"]
        assert tx.attachments.get("A-1") == replace(photo, removed_at=NOW)
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.attachments.add(replace(photo, id="A-2", serial="L1-X"))
