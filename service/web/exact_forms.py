"""Forms with files in them, read to the last byte as they were sent.

Werkzeug's own reader adds a carriage return to a file when the end of its part falls on the edge of two portions it
reads (pallets/werkzeug#3285): a signed document would be another one, once in some thousand uploads.
"""

from __future__ import annotations

import io
import math
from typing import IO

from flask import Request
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser
from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class _ExactFormData(FormDataParser):
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Parsed:
        """The form's fields and files; neither of a form that cannot be read, 413 for one beyond the limits."""
        if mimetype != "multipart/form-data":
            return super().parse(stream, mimetype, content_length, options)
        fields: list[tuple[str, str]] = []
        files: list[tuple[str, FileStorage]] = []
        try:
            self._read(stream, (options or {}).get("boundary", ""), fields, files)
        except MultipartError as error:
            for _name, each in files:
                each.close()
            if isinstance(error, ParserLimitReached):
                raise RequestEntityTooLarge from error
            return stream, self.cls(), self.cls()
        return stream, self.cls(fields), self.cls(files)

    def _read(
        self, stream: IO[bytes], boundary: str, fields: list[tuple[str, str]], files: list[tuple[str, FileStorage]]
    ) -> None:
        typed, most = 0, math.inf if self.max_form_memory_size is None else self.max_form_memory_size
        parser = PushMultipartParser(boundary, max_segment_count=self.max_form_parts or math.inf)
        for event in parser.parse_blocking(stream.read):
            if isinstance(event, MultipartSegment):
                part, sink = event, self._sink(event, files)
            elif event is not None:
                sink.write(event)
                typed += len(event) if part.filename is None else 0
                if typed > most:
                    raise ParserLimitReached("fields")
            elif part.filename is None:
                sink.seek(0)
                fields.append((part.name, sink.read().decode(errors="replace")))
            else:
                sink.seek(0)

    def _sink(self, part: MultipartSegment, files: list[tuple[str, FileStorage]]) -> IO[bytes]:
        """Where the bytes of a part go: of a file as Werkzeug keeps them, of a field into memory."""
        if part.filename is None:
            return io.BytesIO()
        sink = self.stream_factory(None, part.content_type, part.filename)
        told = FileStorage(sink, part.filename, part.name, headers=Headers(part.headerlist))
        files.append((part.name, told))
        return sink


class ExactRequest(Request):
    """Flask's request, with files as they were sent."""

    form_data_parser_class = _ExactFormData
