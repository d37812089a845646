"""Resume and photos of an activity: known by their content, limited, the employee's own until the approval."""

from __future__ import annotations

import secrets

import pytest

from service.errors import BadInput, NotGranted
from service.store.circulations import Attachment
from service.submissions.attachments import LARGEST, attach, detach
from support.office import CAHYA, DIAH, NOW, Office

PHOTO = b"\xff\xd8\xff\xe0 foto"


def add(office: Office, serial: str, content: bytes = PHOTO, name: str = "Foto.jpg", actor: str = CAHYA) -> Attachment:
    return attach(serial, name, content, store=office.store, now=NOW, randomness=secrets.token_bytes, actor=actor)


def listed(office: Office, serial: str) -> list[str]:
    with office.store.reading() as tx:
        return [attachment.file_name for attachment in tx.attachments.of(serial)]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("Foto.JPG", PHOTO, ("image/jpeg", "Foto.JPG")),
        ("foto.pdf", PHOTO, ("image/jpeg", "foto.pdf.jpg")),
        ("C:\\Gambar\\rapat.png", b"\x89PNG\r\n\x1a\n...", ("image/png", "rapat.png")),
        ("../../etc/resume", b"%PDF-1.7", ("application/pdf", "resume.pdf")),
        ("", PHOTO, ("image/jpeg", "lampiran.jpg")),
    ],
)
def test_a_file_is_what_its_content_says(office: Office, name: str, content: bytes, told: tuple[str, str]) -> None:
    kept = add(office, office.blank().entry.serial, content, name)
    assert (kept.media_type, kept.file_name) == told
    assert office.store.document(kept.digest) == content


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04", b"GIF89a", b"MZ", b" %PDF-1.7"])
def test_anything_else_is_refused(office: Office, content: bytes) -> None:
    with pytest.raises(BadInput, match="attachment_not_recognised"):
        add(office, office.blank().entry.serial, content, "foto.jpg")


def test_there_are_limits_of_size_and_number(office: Office) -> None:
    serial = office.blank().entry.serial
    with pytest.raises(BadInput, match=r"attachment_too_large .*limit=10"):
        add(office, serial, PHOTO + bytes(LARGEST))
    for number in range(10):
        add(office, serial, PHOTO + bytes([number]))
    with pytest.raises(BadInput, match="attachments_too_many"):
        add(office, serial, PHOTO + b"sebelas")
    assert len(listed(office, serial)) == 10


def test_the_same_bytes_twice_are_one_attachment(office: Office) -> None:
    serial = office.blank().entry.serial
    assert add(office, serial) == add(office, serial, name="lain.jpg")
    assert listed(office, serial) == ["Foto.jpg"]


def test_only_the_employee_adds_and_removes(office: Office) -> None:
    serial = office.blank().entry.serial
    kept = add(office, serial)
    with pytest.raises(NotGranted):
        add(office, serial, actor=DIAH)
    with pytest.raises(NotGranted):
        detach(kept.id, store=office.store, now=NOW, actor=DIAH)
    for _ in range(2):
        detach(kept.id, store=office.store, now=NOW, actor=CAHYA)
    assert listed(office, serial) == []
    with office.store.reading() as tx:
        actions = [event.action for event in tx.events.list(serial)]
    assert actions[:2] == ["attachment.removed", "attachment.added"]
    for act in (lambda: add(office, "L1V1-X"), lambda: detach("A-X", store=office.store, now=NOW, actor=CAHYA)):
        with pytest.raises(BadInput, match=r"attachment_(form_)?unknown"):
            act()


def test_what_was_approved_keeps_its_attachments(office: Office) -> None:
    facts = office.approved().facts
    assert facts is not None
    with pytest.raises(NotGranted, match="attachments_approved"):
        add(office, facts.serial)
