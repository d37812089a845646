"""Files in requests and answers. Uploaded bytes are only read in the sandbox, never here."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, BinaryIO
from urllib.parse import quote

from flask import Request, Response, abort, request
from flask_babel import gettext as _
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser
from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter, Map

from service.access import Act, may
from service.access_lookup import of_attachments
from service.circulation.intake import IntakeResult, accept_upload
from service.errors import BadInput
from service.sandbox.inputs import LARGEST
from service.sandbox.limits import GaveUp
from service.spreadsheets.read import Layout, Row, rows_in
from service.store.circulations import Attachment
from service.web.auth import for_programs, require_visitor
from service.web.context import current_services

_LONGEST_NAME = 120


def name_of(file: FileStorage) -> str:
    """Return the file's name as its sender gave it, without folders."""
    return (file.filename or "formulir.pdf").replace("\\", "/").rsplit("/", 1)[-1][-_LONGEST_NAME:]


def content_of(file: FileStorage) -> bytes:
    """Return the bytes; BadInput, before they are stored, for more than any reader takes."""
    content = file.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadInput(
            f"{name_of(file)} lebih besar daripada {LARGEST // 1024**2} MB.",
            "Formulir yang wajar di bawah 2 MB; unggah berkas aslinya, bukan hasil pindai.",
        )
    return content


def uploaded_table() -> tuple[bytes, str]:
    """Return the content and name of the table in the field `file`; BadInput when none was chosen."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih tabel CSV atau XLSX."))
    return content_of(sent), name_of(sent)


def read_rows_sandboxed(content: bytes, layout: Layout, file_name: str) -> list[Row]:
    """Return the rows of an uploaded table, read in the sandbox; BadInput when the reader gave up."""
    try:
        rows: list[Row] = current_services().sandbox(rows_in, content, layout, file_name)
    except GaveUp as error:
        raise BadInput("table_not_read", file=file_name, cause=error.params["cause"]) from error
    return rows


def receive(file: FileStorage, *, actor: str) -> IntakeResult | Mapping[str, Any]:
    """Take in a signed form: the result for its circulation, or the answer of `submit` when it has none."""
    context = current_services().circulation_context
    return accept_upload(content_of(file), name_of(file), context=context, actor=actor)


# --- Exact uploads
#
# Werkzeug's own parser adds a carriage return to a file when the end of its part falls between two of the chunks it
# reads (pallets/werkzeug#3285): one signed document in some thousand uploads would be changed.

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class _ExactFormData(FormDataParser):
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Parsed:
        """Return the form's fields and files; none for a form that cannot be read, 413 for one beyond the limits."""
        if mimetype != "multipart/form-data":
            return super().parse(stream, mimetype, content_length, options)
        fields: list[tuple[str, str]] = []
        files: list[tuple[str, FileStorage]] = []
        try:
            self._read(stream, (options or {}).get("boundary", ""), fields, files)
        except MultipartError as error:
            for _name, file in files:
                file.close()
            if isinstance(error, ParserLimitReached):
                raise RequestEntityTooLarge from error
            return stream, self.cls(), self.cls()
        return stream, self.cls(fields), self.cls(files)

    def _read(
        self, stream: IO[bytes], boundary: str, fields: list[tuple[str, str]], files: list[tuple[str, FileStorage]]
    ) -> None:
        memory, most = 0, math.inf if self.max_form_memory_size is None else self.max_form_memory_size
        parser = PushMultipartParser(boundary, max_segment_count=self.max_form_parts or math.inf)
        for event in parser.parse_blocking(stream.read):
            if isinstance(event, MultipartSegment):
                part, sink = event, self._sink(event, files)
            elif event is not None:
                sink.write(event)
                memory += len(event) if part.filename is None else 0
                if memory > most:
                    raise ParserLimitReached("fields")
            elif part.filename is None:
                sink.seek(0)
                fields.append((part.name, sink.read().decode(errors="replace")))
            else:
                sink.seek(0)

    def _sink(self, part: MultipartSegment, files: list[tuple[str, FileStorage]]) -> IO[bytes]:
        """Return where the bytes of a part go: files where Werkzeug stores them, fields into memory."""
        if part.filename is None:
            return io.BytesIO()
        sink = self.stream_factory(None, part.content_type, part.filename)
        file = FileStorage(sink, part.filename, part.name, headers=Headers(part.headerlist))
        files.append((part.name, file))
        return sink


class ExactRequest(Request):
    """Flask's request, with files byte for byte as they were sent."""

    form_data_parser_class = _ExactFormData


# --- Files as answers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_CHUNK = 2**16


def pdf_answer(content: bytes, *, name: str) -> Response:
    """Return a PDF, shown in the browser unless `?simpan` asks to save it.

    Its Content-Security-Policy puts it into a browser sandbox, so that nothing in it reaches our pages.
    """
    return file_answer(content, name=name, media_type="application/pdf", save="simpan" in request.args)


def streamed_answer(file: BinaryIO, *, name: str, media_type: str) -> Response:
    """Return a file of any size to be saved; it is read while it is sent, and closed afterwards."""
    answer = file_answer(b"", name=name, media_type=media_type, save=True)
    answer.response = _chunks(file)
    answer.call_on_close(file.close)
    del answer.headers["Content-Length"]
    return answer


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def file_answer(content: bytes, *, name: str, media_type: str, save: bool) -> Response:
    """Return bytes under a name; `save` makes the browser save them instead of showing them."""
    answer = Response(content, mimetype=media_type)
    disposition = "attachment" if save else "inline"
    answer.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'; sandbox"
    return answer


# --- Letters that no store keeps


def refuse_nul() -> None:
    """Refuse an address (404) or a form (BadInput) with a NUL, which nobody types and PostgreSQL does not keep."""
    if for_programs():
        return  # the operation's model says what may be in it
    address = (request.path, *(text for pair in request.args.items(multi=True) for text in pair))
    if any("\0" in text for text in address):
        abort(404)
    named = next((name for name, text in request.form.items(multi=True) if "\0" in name + text), None)
    if named is not None:
        raise BadInput(
            _("Isian %(name)s berisi karakter NUL, yang tidak dapat disimpan.", name=named.replace("\0", "")[:60]),
            _("Ketik ulang isian itu tanpa menyalinnya dari program lain, lalu kirim lagi."),
        )


# --- Numbers in addresses and forms
#
# The store holds 64 bits and Python any number; what is larger than every number of ours is refused where it comes in.

LARGEST_NUMBER = 2**31 - 1
_SHOWN = 20  # digits of a number that we say back
# As in the commands.
YEARS = range(2000, 3000)


def number_in_address(text: str) -> int:
    """Return a number of the address, for `request.args.get`; ValueError for no number, 404 for one out of range."""
    number = _whole(text)
    if number is None:
        abort(404)
    return number


def number_in_form(text: str) -> int:
    """Return a number of a form, for `request.form.get`; ValueError for no number, BadInput for one out of range."""
    number = _whole(text)
    if number is None:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise BadInput(
            _("Angka %(number)s di luar batas layanan ini.", number=shown),
            _("Muat ulang halamannya, lalu ulangi dari sana."),
        )
    return number


def _whole(text: str) -> int | None:
    """Return the number; None for one out of range, ValueError for no number."""
    if not re.fullmatch(r"\s*[-+]?[0-9]+\s*", text):
        raise ValueError(text[:_SHOWN])
    digits = text.strip().lstrip("-+0")
    number = int(text) if len(digits) <= len(str(LARGEST_NUMBER)) else None
    return number if number is not None and abs(number) <= LARGEST_NUMBER else None


class NumberConverter(IntegerConverter):
    """`<int:...>` of an address, up to `LARGEST_NUMBER`; a larger one is no address of ours."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_NUMBER)


class YearConverter(IntegerConverter):
    """`<year:...>` of an address, within `YEARS`."""

    regex = "[0-9]{4}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=YEARS.start, max=YEARS.stop - 1)


def year_of_request(default: int) -> int:
    """Return the year in the address, or `default`; 404 outside `YEARS`."""
    year = request.args.get("tahun", default, type=number_in_address)
    if year not in YEARS:
        abort(404)
    return year


# --- Attachments


def attachments_of(serial: str | None) -> Sequence[Attachment]:
    """Return the attachments of a form (resume, photos) if the visitor may see them."""
    if not serial:
        return ()
    with current_services().store.reading() as tx:
        visible = may(require_visitor().viewer, Act.SEE, of_attachments(tx, serial))
        return tx.attachments.of(serial) if visible else ()
