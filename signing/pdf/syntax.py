"""Reads the plain spelling of arrays and dictionaries at once; whatever is spelled otherwise is left to pyHanko.

Most objects of most files are written without comments, escapes or repeated keys. For those the general reader, which
takes a byte at a time, does thirty times the work for the same result; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    Reference,
    StreamObject,
    TextStringEncoding,
    TextStringObject,
    pdf_string,
)

# ISO 32000-1 7.2 and 7.3, without comments, without escapes in names, without parentheses in strings.
_WHITE = rb"[\0\t\n\f\r ]"
_END = rb"(?=[\0\t\n\f\r ()<>\[\]/])"
_TOKEN = re.compile(
    _WHITE
    + rb"*+(?:(?P<name>/[!\"$&'*+,\-.0-9:;=?@A-Z\\^_`a-z|~]+)"
    + rb"|(?P<ref>([1-9]\d{0,9})"
    + _WHITE
    + rb"++(\d{1,5})"
    + _WHITE
    + rb"++R"
    + _END
    + rb")|(?P<real>[+-]?(?:\d+\.\d*|\.\d+)"
    + _END
    + rb")|(?P<integer>[+-]?\d+"
    + _END
    + rb")|(?P<dictionary><<)|(?P<array>\[)|(?P<closed>>>|\])"
    + rb"|\((?P<text>[^()\\]*)\)|(?P<escaped>\((?:[^()\\]|\\[\s\S])*+\))|<(?P<hex>[0-9A-Fa-f]*+)>"
    + rb"|(?P<word>true|false|null)"
    + _END
    + rb")"
)
_DEEPEST = 50
_COMMON, _SHORT = 4096, 40  # names and numbers kept between files; bytes of the longest of them
_LONG = 512  # digits; so long a string is a signature's value or other binary, never text
_KEYWORD = re.compile(_WHITE + rb"*+(?:endobj|(?P<begin>stream\r?\n))")
_STREAM_END = re.compile(_WHITE + rb"*+(?P<word>endstream)" + _WHITE + rb"++endobj")
_ESCAPE = re.compile(rb"\\(?:([0-3][0-7]{2})|([nrtbf()\\]))")
_USUAL_ESCAPES = re.compile(rb"\((?:[^\\()]|\\(?:[0-3][0-7]{2}|[nrtbf()\\]))*+\)")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
# Line ends are not among them: to pyHanko a string with one is no text but bytes.
_PRINTABLE = re.compile(rb"[ -~]*")
_WORDS = {b"true": lambda: BooleanObject(True), b"false": lambda: BooleanObject(False), b"null": NullObject}


def read_plain(content: bytes, at: int, reference: Reference, *, packed: bool) -> Any:
    """The array, dictionary or stream at `at`, as pyHanko would give it; None where only pyHanko can tell.

    `packed`: inside an object stream, where there are no streams and nothing says that the object ends here.
    """
    read = read_plain_to(content, at, reference, packed=packed)
    return None if read is None else read[0]


def read_plain_to(content: bytes, at: int, reference: Reference, *, packed: bool) -> tuple[Any, int] | None:
    """The same with the byte behind it: the last bracket, or the word `endstream`."""
    read = read_brackets(content, at, reference)
    return None if read is None else followed(content, *read, packed=packed)


def followed(content: bytes, found: Any, end: int, *, packed: bool) -> tuple[Any, int] | None:
    """The same for an array or dictionary already read, which ends at `end`: what comes behind it may be its stream."""
    following = _KEYWORD.match(content, end)
    if following is None:
        return (found, end) if packed else None
    if following["begin"] is None:
        return found, end
    length = found.get("/Length") if isinstance(found, DictionaryObject) else None
    if packed or not isinstance(length, NumberObject) or length < 0:
        return None
    ended = _STREAM_END.match(content, following.end() + length)
    if ended is None:
        return None
    held = content[following.end() : following.end() + length]
    return StreamObject(found, encoded_data=held), ended.end("word")


def ends_here(content: bytes, end: int) -> bool:
    """Whether the object whose array or dictionary ends at `end` is no more than that."""
    following = _KEYWORD.match(content, end)
    return following is not None and following["begin"] is None


def plain_end(content: bytes, at: int) -> int | None:
    """The byte behind the array or dictionary at `at`; None when it is not spelled plainly.

    No dictionary in a plain one says a key twice.
    """
    read = read_brackets(content, at, Reference(1, 0, None))
    return None if read is None else read[1]


def read_brackets(content: bytes, at: int, reference: Reference) -> tuple[Any, int] | None:
    """The array or dictionary at `at` and the byte behind its last bracket; None when it is not spelled plainly."""
    try:
        return _read(content, at, reference)
    except ValueError:
        return None


def _read(content: bytes, at: int, reference: Reference) -> tuple[Any, int]:
    """The outermost array or dictionary and where it ends. ValueError for anything that is not spelled plainly."""
    open_ones: list[Any] = []
    key: NameObject | None = None
    keys: list[NameObject | None] = []
    match = _TOKEN.match
    while True:
        token = match(content, at)
        if token is None:
            raise ValueError
        kind, at = token.lastgroup, token.end()
        if kind == "closed":
            value = _closed(open_ones, token["closed"], key)
            key = keys.pop()
            if not open_ones:
                return value, at
        elif kind in {"dictionary", "array"}:
            if len(open_ones) >= _DEEPEST:
                raise ValueError
            open_ones.append(DictionaryObject() if kind == "dictionary" else ArrayObject())
            open_ones[-1].container_ref = reference
            keys.append(key)
            key = None
            continue
        elif not open_ones:
            raise ValueError
        elif kind == "name":
            value = _atom(NameObject, token["name"])
            if key is None and isinstance(open_ones[-1], DictionaryObject):
                if value in open_ones[-1]:
                    raise ValueError
                key = value
                continue
        else:
            value = _simple(kind, token, reference)
        holder = open_ones[-1]
        if isinstance(holder, ArrayObject):
            list.append(holder, value)
        elif key is None:
            raise ValueError
        else:
            dict.__setitem__(holder, key, value)
            key = None


def _atom(kind: Callable[[str], Any], spelled: bytes) -> Any:
    """A name or number. It never changes and belongs to nobody; the same few hundred are in every file."""
    return _common_atom(kind, spelled) if len(spelled) <= _SHORT else kind(spelled.decode("ascii"))


@lru_cache(maxsize=_COMMON)
def _common_atom(kind: Callable[[str], Any], spelled: bytes) -> Any:
    return kind(spelled.decode("ascii"))


def _closed(open_ones: list[Any], bracket: bytes, key: NameObject | None) -> Any:
    if not open_ones or key is not None or isinstance(open_ones[-1], ArrayObject) != (bracket == b"]"):
        raise ValueError
    return open_ones.pop()


def _simple(kind: str | None, token: re.Match[bytes], reference: Reference) -> Any:
    if kind == "ref":
        return IndirectObject(int(token[3]), int(token[4]), reference.pdf)
    if kind == "integer":
        return _atom(NumberObject, token["integer"])
    if kind == "real":
        return _atom(FloatObject, token["real"])
    if kind == "word":
        return _WORDS[token["word"]]()
    if kind == "escaped":
        if _USUAL_ESCAPES.fullmatch(token["escaped"]) is None:
            raise ValueError
        return _text(_ESCAPE.sub(_unescaped, token["escaped"][1:-1]))
    if kind == "text":
        return _text(token["text"])
    digits = token["hex"].decode("ascii")
    spelled = bytes.fromhex(digits + "0" if len(digits) % 2 else digits)
    return ByteStringObject(spelled) if len(digits) >= _LONG else _text(spelled)


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 8),)) if found[1] else _ESCAPED.get(found[2], found[2])


def _text(spelled: bytes) -> Any:
    if _PRINTABLE.fullmatch(spelled) is None:
        return pdf_string(spelled)
    text = TextStringObject(spelled.decode("ascii"))
    text.autodetected_encoding = TextStringEncoding.PDF_DOC
    return text
