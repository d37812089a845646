"""What a signature itself allows after it: DocMDP and FieldMDP (ISO 32000-2 12.8.2.2 and 12.8.2.4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from signing.found import FoundSignature
from signing.history import History, Snapshot, raw

_NO_CHANGES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRules:
    """What may follow a signature by its own word.

    `closed`: nothing but proof may follow. `locks` are the fields it freezes by name; `all_but` when it freezes
    everything except those names, None when it does not.
    """

    closed: bool
    locks: tuple[str, ...]
    all_but: frozenset[str] | None

    def allow_signing(self, names: Collection[str]) -> bool:
        """Whether these signature fields may be signed after it."""
        if not names:
            return True
        if self.closed or any(_within(name, self.locks) for name in names):
            return False
        return self.all_but is None or all(_within(name, self.all_but) for name in names)


def _within(name: str, listed: Collection[str]) -> bool:
    """A field is meant by its own name and by that of every field above it."""
    parts = name.split(".")
    return any(".".join(parts[: depth + 1]) in listed for depth in range(len(parts)))


def own_rules(signature: FoundSignature, history: History) -> OwnRules:
    """Read the rules as the signed revision wrote them. Raises ValueError for rules that cannot be understood."""
    then = Snapshot(history, signature.revision)
    closed, locks, all_but = False, [], None
    for _, reference in then.members(raw(signature.dictionary, "/Reference")):
        method, params = then.entry(reference, "/TransformMethod"), then.entry(reference, "/TransformParams")
        if method == "/DocMDP":
            closed |= _closes(then.entry(params, "/P"), absent=2)
        elif method == "/FieldMDP":
            names, rest = _frozen(then, params)
            locks += names
            all_but = rest if all_but is None else all_but & rest if rest is not None else all_but
    field = history.get(signature.field_ref, signature.revision) if signature.field_ref is not None else None
    closed |= _closes(then.entry(then.entry(field, "/Lock"), "/P"), absent=None)
    return OwnRules(closed=closed, locks=tuple(locks), all_but=all_but)


def _closes(written: Any, *, absent: int | None) -> bool:
    level = absent if written is None else int(written)
    return level is not None and level <= _NO_CHANGES


def _frozen(then: Snapshot, params: Any) -> tuple[list[str], frozenset[str] | None]:
    action = then.entry(params, "/Action")
    names = [str(name) for _, name in then.members(raw(params, "/Fields"))]
    if action == "/Include":
        return names, None
    if action == "/All":
        return [], frozenset()
    if action == "/Exclude":
        return [], frozenset(names)
    raise ValueError("an unknown kind of field lock")
