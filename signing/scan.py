"""The references inside a written object, found without building the object; doubtful syntax is left to the parser."""

from __future__ import annotations

import re

Ref = tuple[int, int]

# ISO 32000-1 7.2 and 7.3, without what is rare: comments, nested parentheses, braces, streams.
_TOKEN = re.compile(
    rb"""[\0\t\n\f\r ]*(?:
        (?P<ref>(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?=[\0\t\n\f\r ()<>\[\]/]))
      | (?P<open><<|\[) | (?P<close>>>|\])
      | /[^\0\t\n\f\r ()<>\[\]{}/%]*
      | [+-]?(?:\d+\.?\d*|\.\d+)(?=[\0\t\n\f\r ()<>\[\]/])
      | \((?:[^()\\]|\\[\s\S])*\)
      | <[0-9A-Fa-f\0\t\n\f\r ]*>
      | (?:true|false|null)(?=[\0\t\n\f\r ()<>\[\]/])
    )""",
    re.VERBOSE,
)


def scan_references(content: bytes, at: int) -> frozenset[Ref] | None:
    """What the array or dictionary at `at` refers to; None when only a real parser can tell.

    Never misses one: the scan follows the same brackets a parser follows, and gives up at the first thing it does not
    know. A dictionary that is followed by a stream is given whole all the same.
    """
    found: set[Ref] = set()
    depth = 0
    while True:
        token = _TOKEN.match(content, at)
        if token is None:
            return None
        at = token.end()
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "ref":
            found.add((int(token[2]), int(token[3])))
        if depth == 0:
            return frozenset(found) if kind == "close" else None
