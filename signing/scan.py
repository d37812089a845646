"""Written objects looked at as text: what they refer to, and whether every reader must read them alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from signing.quick import plain_end

Ref = tuple[int, int]

# ISO 32000-1 7.2 and 7.3. White space includes comments; literal strings with parentheses inside are walked by hand.
_BLANK = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])"
_END = rb"(?=[\0\t\n\f\r ()<>\[\]/%])"
_TOKEN = re.compile(
    rb"(?:(?P<ref>(\d{1,10})" + _BLANK + rb"+(\d{1,5})" + _BLANK + rb"+R" + _END + rb")"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<name>/[^\0\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<plain>[+-]?(?:\d+\.?\d*|\.\d+)" + _END + rb"|\((?:[^()\\]|\\[\s\S])*\)|<[0-9A-Fa-f\0\t\n\f\r ]*>"
    rb"|(?:true|false|null)" + _END + rb")"
    rb"|(?P<nested>\())"
)
_WORD = re.compile(rb"undefined" + _END)
_SPACE = re.compile(_BLANK + rb"*")
_PARENTHESIS = re.compile(rb"[()]|\\[\s\S]")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


# The same for the plain spelling, which most objects have: no comments, no parentheses in strings, whole in one match.
_WHITE = rb"[\0\t\n\f\r ]"
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
    """Syntax that only a real parser can tell, or that parsers tell differently."""


def scan_references(content: bytes, at: int) -> frozenset[Ref] | None:
    """What the array or dictionary at `at` refers to; None when only a real parser can tell.

    Never misses one: the scan follows the same brackets a parser follows, and gives up at the first thing it does not
    know. A dictionary that is followed by a stream is given whole all the same.
    """
    plain = plain_references(content, at)
    if plain is not None:
        return plain
    if says_nothing(content, at):
        return frozenset()
    try:
        return frozenset((int(found[2]), int(found[3])) for found in _tokens(content, at) if found.lastgroup == "ref")
    except Unclear:
        return None


def plain_references(content: bytes, at: int) -> frozenset[Ref] | None:
    """The same for plain spelling, from bracket to bracket and reference to reference; None for any other."""
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


def has_clear_keys(content: bytes, at: int) -> bool:
    """Whether no dictionary of the object at `at` says a key twice (readers then differ on which one counts)."""
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
                name = _ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), token[0])
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
    """The byte behind the value that begins at `at`; None when only a real parser can tell.

    A word that means nothing counts as a value: one real signing application writes `undefined` where it has none.
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


def says_nothing(content: bytes, at: int) -> bool:
    """Whether the object at `at` is a lone word no reader knows (and so nothing to all of them)."""
    word = _WORD.match(content, _skip(content, at))
    return word is not None and content[_skip(content, word.end()) :].startswith(b"endobj")


def _tokens(content: bytes, at: int) -> Iterator[re.Match[bytes]]:
    """The tokens of one object, until its last bracket closes. Raises Unclear."""
    depth = 0
    while True:
        at = _skip(content, at)
        token = _TOKEN.match(content, at)
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
    """The end of a literal string whose opening parenthesis is behind us."""
    depth = 1
    while depth:
        found = _PARENTHESIS.search(content, at)
        if found is None:
            raise Unclear
        depth += (found[0] == b"(") - (found[0] == b")")
        at = found.end()
    return at
