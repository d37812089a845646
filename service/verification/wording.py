"""The words of stored reasons and problems; what an earlier version stored as sentences stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.language import Message, Reader, words
from service.language.message import params_of, public_params
from service.verification.reasons import Reason
from service.verification.result import reason_json

Stored = Mapping[str, Any]
INDONESIAN = Reader()  # of tables and papers that are Indonesian


def shown_answer(answer: Stored, reader: Reader) -> dict[str, Any]:
    """Return an answer of `verify`, `submit` or `inspect` with the words of its reasons and its problem (contract)."""
    shown = dict(answer)
    if "reasons" in answer:
        shown["reasons"] = shown_reasons(answer["reasons"], reader)
    if answer.get("problem"):
        shown["problem"] = shown_problem(answer["problem"], reader)
    return shown


def shown_reasons(stored: Iterable[Stored | Reason], reader: Reader) -> list[dict[str, Any]]:
    """Return reasons with title, message and hint in the reader's language, and `params` as programs get them."""
    return [shown_reason(entry, reader) for entry in stored]


def shown_reason(stored: Stored | Reason, reader: Reader) -> dict[str, Any]:
    """Return one reason with its words."""
    entry = reason_json(stored) if isinstance(stored, Reason) else stored
    title = {} if "message" in entry else {"title": words(_message(entry).title, reader)}
    return {**shown_problem(entry, reader), **title}


def code_title(code: str, reader: Reader) -> str:
    """Return what reasons of a code are, in a few words; the code itself where the catalogues do not know it."""
    return words(Message(code).title, reader) or code


def shown_problem(entry: Stored, reader: Reader) -> dict[str, Any]:
    """Return a stored problem with message and hint in the reader's language."""
    if "message" in entry:
        return dict(entry)
    message = _message(entry)
    kept = {name: value for name, value in entry.items() if name not in {"params", "wording"}}
    return {
        **kept,
        "message": words(message, reader),
        "hint": words(message.hint, reader),
        "params": public_params(message.params),
    }


def _message(entry: Stored) -> Message:
    return Message(str(entry.get("wording") or entry["code"]), **params_of(entry.get("params", {})))


# --- Labels

_LABELS = {
    "passed": "lulus pemeriksaan",
    "verified": "lulus pemeriksaan",
    "review": "perlu dilihat seseorang",
    "failed": "belum dapat diterima",
    "refused": "belum dapat diterima",
    "duplicate": "sudah ada",
    "valid": "berlaku",
    "revoked": "dicabut",
    "superseded": "digantikan",
    "altered": "berubah",
    "unknown": "tidak dikenal",
    "unconfirmed": "belum dapat dipastikan",
}


def label_of(state: str) -> str:
    """Return the label of a contract state: `lulus pemeriksaan` for `verified`; the word itself if it has none."""
    return _LABELS.get(state, state)
