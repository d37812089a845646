"""Uploaded bytes on their way to the jobs: into a confined child, never read here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from service.circulation.take import take_signed
from service.circulation.taken import Outcome, Taken
from service.errors import BadInput
from service.limits import GaveUp
from service.sources import LARGEST
from service.tables.layout import Layout
from service.tables.read import Row, rows_in
from service.web.desk import desk

_LONGEST_NAME = 120
# The file belongs to no form on its way, or to one that has ended: it is judged as what it is, a form handed in.
_ON_ITS_OWN = {Outcome.NOT_CIRCULATING, Outcome.REFUSED, Outcome.UNREAD, Outcome.ENDED}


def name_of(file: FileStorage) -> str:
    """What its sender calls it, without any folder."""
    return (file.filename or "formulir.pdf").replace("\\", "/").rsplit("/", 1)[-1][-_LONGEST_NAME:]


def content_of(file: FileStorage) -> bytes:
    """The bytes; BadInput for more than any reader takes, before they are kept."""
    content = file.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadInput(
            f"{name_of(file)} lebih besar daripada {LARGEST // 1024**2} MB.",
            "Formulir yang wajar di bawah 2 MB; unggah berkas aslinya, bukan hasil pindai.",
        )
    return content


def table_sent() -> tuple[bytes, str]:
    """The table of a form's field `file`, and its name; BadInput when none was chosen."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih tabel CSV atau XLSX."))
    return content_of(sent), name_of(sent)


def rows_apart(content: bytes, layout: Layout, file_name: str) -> list[Row]:
    """The rows of a table that somebody sent, read in a confined child; BadInput when that gave up."""
    try:
        rows: list[Row] = desk().apart(rows_in, content, layout, file_name)
    except GaveUp as error:
        raise BadInput(
            f"Tabel {file_name} tidak selesai dibaca: pembaca kami {error.what}.",
            "Hapus lembar dan gambar yang tidak perlu, atau bagi menjadi beberapa berkas, lalu unggah lagi.",
        ) from error
    return rows


def receive(file: FileStorage, *, actor: str) -> Taken | Mapping[str, Any]:
    """A signed form: what it does to the form on its way it belongs to, or (on its own) the answer of `submit`."""
    means, content, name = desk().means, content_of(file), name_of(file)
    taken = take_signed(content, name, means=means, actor=actor)
    if taken.outcome in _ON_ITS_OWN:
        return means.submit(content, name, actor)
    return taken
