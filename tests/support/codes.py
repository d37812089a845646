"""The codes that the source says: every call that makes a message or a coded error, read from the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.language.message import CODE
from support import clone

_BASES = {"ServiceError", "SigningError", "ParsersError", "FormsError", "StoreError"}
# Functions that make a message or a reason from the code that is their first argument.
_MAKERS = {"Cause", "Message", "make_problem", "reason", "refusal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One call: the parameters it gives (None: some come from a mapping), and where it is."""

    code: str
    params: frozenset[str] | None
    place: str


def uses() -> tuple[Use, ...]:
    """Return every call with a code written out."""
    trees = {
        str(path.relative_to(clone.ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in clone.files(*(f"{package}/*.py" for package in clone.PACKAGES))
    }
    errors = _errors(trees.values())
    return tuple(use for place, tree in trees.items() for use in _uses(tree, place, errors | _MAKERS))


def texts() -> frozenset[str]:
    """Return every text written out in the source; codes, and the fixed beginnings of composed ones, are among them."""
    found = set()
    for path in clone.files(*(f"{package}/*.py" for package in clone.PACKAGES)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


def _errors(trees: Iterable[ast.AST]) -> set[str]:
    """Return the names of coded errors: the bases, and every class below them."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = set(_BASES)
    while more := {name for name, above in bases.items() if above & known} - known:
        known |= more
    return known


def _uses(tree: ast.AST, place: str, callees: set[str]) -> Iterator[Use]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        code = node.args[0].value
        if name in callees and isinstance(code, str) and CODE.fullmatch(code) and len(node.args) == 1:
            named = [keyword.arg for keyword in node.keywords]
            params = None if None in named else frozenset(filter(None, named))
            yield Use(code=code, params=params, place=f"{place}:{node.lineno}")
