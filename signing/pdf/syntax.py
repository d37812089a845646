"""A fast reader for plainly spelled arrays and dictionaries; any other spelling is left to pyHanko.

Most objects of most files are written without comments, escapes or repeated keys. For those the general reader, which
takes a byte at a time, does thirty times the work for the same result; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
_COMMON, _SHORT = 4096, 40  # names and numbers cached between files; bytes of the longest of them
_LONG = 512  # digits; a longer string is a signature's value or other binary, never text
_KEYWORD = re.compile(_WHITE + rb"*+(?:endobj|(?P<begin>stream\r?\n))")
_STREAM_END = re.compile(_WHITE + rb"*+(?P<word>endstream)" + _WHITE + rb"++endobj")
_ESCAPE = re.compile(rb"\\(?:([0-3][0-7]{2})|([nrtbf()\\]))")
_USUAL_ESCAPES = re.compile(rb"\((?:[^\\()]|\\(?:[0-3][0-7]{2}|[nrtbf()\\]))*+\)")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
# Line ends are not among them: to pyHanko a string with one is no text but bytes.
_PRINTABLE = re.compile(rb"[ -~]*")
_WORDS = {b"true": lambda: BooleanObject(True), b"false": lambda: BooleanObject(False), b"null": NullObject}


def read_plain(content: bytes, at: int, reference: Reference, *, packed: bool) -> Any:
    """Return the array, dictionary or stream at `at`, as pyHanko would; None where only pyHanko can read it.

    `packed`: inside an object stream, where there are no streams and no keyword marks the end of an object.
    """
    read = read_plain_to(content, at, reference, packed=packed)
    return None if read is None else read[0]


def read_plain_to(content: bytes, at: int, reference: Reference, *, packed: bool) -> tuple[Any, int] | None:
    """Return the same with the byte after it: after the last bracket, or after the word `endstream`."""
    read = read_brackets(content, at, reference)
    return None if read is None else with_stream(content, *read, packed=packed)


def with_stream(content: bytes, value: Any, end: int, *, packed: bool) -> tuple[Any, int] | None:
    """Return the same for an array or dictionary already read, which ends at `end`: a stream may follow it."""
    keyword = _KEYWORD.match(content, end)
    if keyword is None:
        return (value, end) if packed else None
    if keyword["begin"] is None:
        return value, end
    length = value.get("/Length") if isinstance(value, DictionaryObject) else None
    if packed or not isinstance(length, NumberObject) or length < 0:
        return None
    stream_end = _STREAM_END.match(content, keyword.end() + length)
    if stream_end is None:
        return None
    data = content[keyword.end() : keyword.end() + length]
    return StreamObject(value, encoded_data=data), stream_end.end("word")


def ends_without_stream(content: bytes, end: int) -> bool:
    """Tell whether the object whose array or dictionary ends at `end` has no stream after it."""
    keyword = _KEYWORD.match(content, end)
    return keyword is not None and keyword["begin"] is None


def plain_end(content: bytes, at: int) -> int | None:
    """Return the byte after the array or dictionary at `at`; None when it is not spelled plainly.

    Plain spelling implies that no dictionary in it has a key twice.
    """
    read = read_brackets(content, at, Reference(1, 0, None))
    return None if read is None else read[1]


def read_brackets(content: bytes, at: int, reference: Reference) -> tuple[Any, int] | None:
    """Return the array or dictionary at `at` and the byte after its last bracket; None when not spelled plainly."""
    try:
        return _read(content, at, reference)
    except ValueError:
        return None


def _read(content: bytes, at: int, reference: Reference) -> tuple[Any, int]:
    """Return the outermost array or dictionary and where it ends. ValueError for anything not spelled plainly."""
    containers: list[Any] = []
    key: NameObject | None = None
    keys: list[NameObject | None] = []
    match = _TOKEN.match
    while True:
        token = match(content, at)
        if token is None:
            raise ValueError
        kind, at = token.lastgroup, token.end()
        if kind == "closed":
            value = _closed(containers, token["closed"], key)
            key = keys.pop()
            if not containers:
                return value, at
        elif kind in {"dictionary", "array"}:
            if len(containers) >= _DEEPEST:
                raise ValueError
            containers.append(DictionaryObject() if kind == "dictionary" else ArrayObject())
            containers[-1].container_ref = reference
            keys.append(key)
            key = None
            continue
        elif not containers:
            raise ValueError
        elif kind == "name":
            value = _atom(NameObject, token["name"])
            if key is None and isinstance(containers[-1], DictionaryObject):
                if value in containers[-1]:
                    raise ValueError
                key = value
                continue
        else:
            value = _simple(kind, token, reference)
        holder = containers[-1]
        if isinstance(holder, ArrayObject):
            list.append(holder, value)
        elif key is None:
            raise ValueError
        else:
            dict.__setitem__(holder, key, value)
            key = None


def _atom(kind: Callable[[str], Any], spelled: bytes) -> Any:
    """Return a name or number. They are immutable and belong to no file; the same few hundred are in every file."""
    return _common_atom(kind, spelled) if len(spelled) <= _SHORT else kind(spelled.decode("ascii"))


@lru_cache(maxsize=_COMMON)
def _common_atom(kind: Callable[[str], Any], spelled: bytes) -> Any:
    return kind(spelled.decode("ascii"))


def _closed(containers: list[Any], bracket: bytes, key: NameObject | None) -> Any:
    if not containers or key is not None or isinstance(containers[-1], ArrayObject) != (bracket == b"]"):
        raise ValueError
    return containers.pop()


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
        escaped = token["escaped"]
        return _common_escaped(escaped) if len(escaped) <= _SHORT else _escaped(escaped)
    if kind == "text":
        return _text(token["text"])
    digits = token["hex"].decode("ascii")
    spelled = bytes.fromhex(digits + "0" if len(digits) % 2 else digits)
    return ByteStringObject(spelled) if len(digits) >= _LONG else _text(spelled)


def _escaped(spelled: bytes) -> Any:
    if _USUAL_ESCAPES.fullmatch(spelled) is None:
        raise ValueError
    return _text(_ESCAPE.sub(_unescaped, spelled[1:-1]))


# The names of fields, which some writers escape, are in every file; like names they are never changed.
_common_escaped = lru_cache(maxsize=_COMMON)(_escaped)


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 8),)) if found[1] else _ESCAPED.get(found[2], found[2])


def _text(spelled: bytes) -> Any:
    if _PRINTABLE.fullmatch(spelled) is None:
        return pdf_string(spelled)
    text = TextStringObject(spelled.decode("ascii"))
    text.autodetected_encoding = TextStringEncoding.PDF_DOC
    return text


# --- Scanning without parsing

Ref = tuple[int, int]

# ISO 32000-1 7.2 and 7.3. White space includes comments; literal strings with parentheses inside are walked by hand.
_BLANK = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])"
_SCAN_END = rb"(?=[\0\t\n\f\r ()<>\[\]/%])"
_SCAN_TOKEN = re.compile(
    rb"(?:(?P<ref>(\d{1,10})" + _BLANK + rb"+(\d{1,5})" + _BLANK + rb"+R" + _SCAN_END + rb")"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<name>/[^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<plain>[+-]?(?:\d+\.?\d*|\.\d+)" + _SCAN_END + rb"|\((?:[^()\\]|\\[\s\S])*\)|<[0-9A-Fa-f\0\t\n\f\r ]*>"
    rb"|(?:true|false|null)" + _SCAN_END + rb")"
    rb"|(?P<nested>\())"
)
_WORD = re.compile(rb"undefined" + _SCAN_END)
_SPACE = re.compile(_BLANK + rb"*")
_PARENTHESIS = re.compile(rb"[()]|\\[\s\S]")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PLAIN_END = rb"(?=[\0\t\n\f\r ()<>\[\]/])"
_PLAIN_REF = rb"\d{1,10}" + _WHITE + rb"++\d{1,5}" + _WHITE + rb"++R" + _PLAIN_END
_PASSED = (
    rb"(?:"
    + _WHITE
    + rb"++|/[^\0\t\n\f\r ()<>\[\]{}/%]*+|\((?:[^()\\]|\\[\s\S])*+\)|<[0-9A-Fa-f\0\t\n\f\r ]*+>"
    + rb"|(?!"
    + _PLAIN_REF
    + rb")(?:[+-]?(?:\d++\.?\d*+|\.\d++)|true|false|null)"
    + _PLAIN_END
    + rb")*+"
)
_MARK = re.compile(
    _PASSED + rb"(?:(\d{1,10})" + _WHITE + rb"++(\d{1,5})" + _WHITE + rb"++R" + _PLAIN_END + rb"|(<<|\[)|(>>|\]))"
)


class Unclear(ValueError):
    """Syntax that only a real parser can read, or that parsers read differently."""


def scan_references(content: bytes, at: int) -> frozenset[Ref] | None:
    """Return what the plainly spelled array or dictionary at `at` refers to; None when only its value can tell.

    It never misses a reference: the scan follows the same brackets a parser follows, and gives up at the first thing
    it does not know. A dictionary that a stream follows is scanned whole as well.
    """
    return frozenset() if is_unknown_word(content, at) else plain_references(content, at)


def plain_references(content: bytes, at: int) -> frozenset[Ref] | None:
    """Return the same for plain spelling, from bracket to bracket and reference to reference; None for any other."""
    depth, found = 0, set()
    while mark := _MARK.match(content, at):
        at = mark.end()
        if mark[1]:
            found.add((int(mark[1]), int(mark[2])))
        else:
            depth += 1 if mark[3] else -1
        if depth <= 0:
            # A reference or a closing bracket before anything was opened is not the beginning of a plain object.
            return frozenset(found) if mark[4] and depth == 0 else None
    return None


def has_unique_keys(content: bytes, at: int) -> bool:
    """Tell whether no dictionary of the object at `at` has a key twice (readers then differ on which one counts)."""
    if plain_end(content, at) is not None:
        return True
    frames: list[set[bytes] | None] = []
    key_next: list[bool] = []
    try:
        for token in _tokens(content, at):
            kind = token.lastgroup
            if kind == "close":
                if (frames.pop() is None) != (token[0] == b"]") or key_next.pop() is False:
                    return False
            elif frames and frames[-1] is not None and key_next[-1]:
                name = _NAME_ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), token[0])
                if kind != "name" or name in frames[-1]:
                    return False
                frames[-1].add(name)
                key_next[-1] = False
                continue
            if kind == "open":
                frames.append(set() if token[0] == b"<<" else None)
                key_next.append(True)
            elif frames and frames[-1] is not None:
                key_next[-1] = True
    except Unclear:
        return False
    return True


def value_end(content: bytes, at: int) -> int | None:
    """Return the byte after the value that begins at `at`; None when only a real parser can tell.

    The word `undefined`, which means nothing in PDF, counts as a value: one real signing application writes it where
    it has none.
    """
    word = _WORD.match(content, _skip(content, at))
    if word is not None:
        return word.end()
    end = plain_end(content, at)
    if end is not None:
        return end
    try:
        for token in _tokens(content, at):
            end = token.end()
    except Unclear:
        return None
    return end


def is_unknown_word(content: bytes, at: int) -> bool:
    """Tell whether the object at `at` is a lone word no reader knows (and so null to all of them)."""
    word = _WORD.match(content, _skip(content, at))
    return word is not None and content[_skip(content, word.end()) :].startswith(b"endobj")


def _tokens(content: bytes, at: int) -> Iterator[re.Match[bytes]]:
    """Yield the tokens of one object, until its last bracket closes. Raises Unclear."""
    depth = 0
    while True:
        at = _skip(content, at)
        token = _SCAN_TOKEN.match(content, at)
        if token is None:
            raise Unclear
        at = token.end()
        if token.lastgroup == "nested":
            at = _after_string(content, at)
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        yield token
        if depth <= 0:
            return


def _skip(content: bytes, at: int) -> int:
    blank = _SPACE.match(content, at)
    return blank.end() if blank is not None else at


def _after_string(content: bytes, at: int) -> int:
    """Return the end of a literal string whose opening parenthesis is before `at`."""
    depth = 1
    while depth:
        found = _PARENTHESIS.search(content, at)
        if found is None:
            raise Unclear
        depth += (found[0] == b"(") - (found[0] == b")")
        at = found.end()
    return at


# --- Cache of short objects
#
# Most of them are, byte for byte, in every form made from the same blank, so they are parsed once for all files. Only
# values that depend on nothing but the object's own bytes are cached, so that the cache changes nothing but time; a
# test compares both ways.

_CACHED, _LONGEST = 1024, 2048  # objects, and bytes of one: at most about 20 MB, also against an attacker
_NO_FILE = Reference(1, 0, None)
_CLOSING = re.compile(rb"endobj|stream")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainObject:
    """A plainly spelled array or dictionary: its value, where it ends in the bytes, and what it refers to."""

    value: Any = field(repr=False)
    end: int
    references: frozenset[Ref] | None


def read_member(content: bytes, begin: int, end: int, reference: Reference) -> Any:
    """Return the array or dictionary at `begin`, the next object at `end`; None when these bytes are not enough."""
    value = shared_member(content, begin, end)
    return None if value is None else copy_for_file(value, reference)


def shared_member(content: bytes, begin: int, end: int) -> Any:
    """Return the same as a shared value that cannot be changed and belongs to no file."""
    plain = _plain_member(content, begin, end)
    if plain is None or with_stream(content, plain.value, begin + plain.end, packed=True) is None:
        return None
    return plain.value


def member_references(content: bytes, begin: int, end: int) -> frozenset[Ref] | None:
    """Return what the object refers to; None when these bytes are not enough."""
    plain = _plain_object(content[begin:end]) if 0 <= begin < end <= begin + _LONGEST else None
    return None if plain is None else plain.references


def short_object(content: bytes, at: int) -> PlainObject | None:
    """Return the unpacked object whose array or dictionary begins at `at`; None when it is long or not plain.

    It is cut at the first `endobj` or `stream`. If that word is inside one of its strings, the cut piece lacks its last
    bracket and so is not plain.
    """
    closing = _CLOSING.search(content, at, at + _LONGEST)
    return None if closing is None else _plain_object(content[at : closing.start()])


def _plain_member(content: bytes, begin: int, end: int) -> PlainObject | None:
    return _plain_object(content[begin:end]) if 0 <= begin < end <= begin + _LONGEST else None


@lru_cache(maxsize=_CACHED)
def _plain_object(written: bytes) -> PlainObject | None:
    read = read_brackets(written, 0, _NO_FILE)
    if read is None:
        return None
    return PlainObject(value=unchangeable(read[0]), end=read[1], references=plain_references(written, 0))


def copy_for_file(value: Any, reference: Reference) -> Any:
    """Copy a shared value for one file: containers and references become its own, names and texts stay shared."""
    if isinstance(value, DictionaryObject):
        dictionary = DictionaryObject()
        dict.update(dictionary, {key: copy_for_file(member, reference) for key, member in value.items()})
        dictionary.container_ref = reference
        return dictionary
    if isinstance(value, ArrayObject):
        array = ArrayObject(copy_for_file(value.raw_get(index), reference) for index in range(len(value)))
        array.container_ref = reference
        return array
    if isinstance(value, IndirectObject):
        return IndirectObject(value.idnum, value.generation, reference.pdf)
    return value


# --- Unchangeable arrays and dictionaries


def _refuse(*_: object, **__: object) -> Any:
    raise TypeError("a value shared between files cannot be changed")


class SharedArray(ArrayObject):
    """An array shared between files. References in it belong to no file: follow them through `History`."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse


class SharedDictionary(DictionaryObject):
    """A dictionary shared between files, like `SharedArray`."""

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


def unchangeable(value: Any) -> Any:
    """Return the same value, unchangeable at every level."""
    if isinstance(value, DictionaryObject):
        dictionary = SharedDictionary()  # type: ignore[no-untyped-call] # left bare by pyHanko
        dict.update(dictionary, {key: unchangeable(member) for key, member in value.items()})
        dictionary.container_ref = value.container_ref
        return dictionary
    if isinstance(value, ArrayObject):
        array = SharedArray()
        list.extend(array, map(unchangeable, list(value)))
        array.container_ref = value.container_ref
        return array
    return value
