"""Step (4): the answers each signature covers, which must be equal in all of them and in the file as received."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from forms.catalog import find_form
from forms.schema import Form
from parsers.acroform import raw_answers
from parsers.errors import ParsersError, Unreadable
from service.errors import BadInput
from service.language import Message, Param
from service.sandbox.limits import GaveUp
from service.sandbox.problems import problem_of
from service.verification.reasons import Reason, reason
from signing.report import SignatureReport

Answers = Mapping[str, str]


def compare_revisions(
    content: bytes,
    signatures: tuple[SignatureReport, ...],
    *,
    form: Form,
    answers: Answers,
    sources: frozenset[int] | None = None,
) -> tuple[Reason, ...]:
    """Return reasons for every field whose answer differs between what was signed and what others signed or received.

    `answers` are those of the file as received, `sources` the objects they depend on (None: unknown). If one of these
    was written after a signature, the answers are read again from the bytes that signature covers, so that no later
    update can lend its values to an earlier signature. If none was, those bytes give the same answers.
    """
    names = [field.name for field in form.fields]
    signed_by = [signature for signature in signatures if signature.kind == "signature"]
    seen: list[tuple[SignatureReport, Answers]] = []
    reasons: list[Reason] = []
    for signature in signed_by:
        covered = content[: signature.covered]
        try:
            unchanged = len(covered) == len(content) or _answers_unchanged_since(signature, sources)
            signed = answers if unchanged else raw_answers(covered)
        except Unreadable:
            reasons.append(reason("signature_broken", signer=_name(signature)))
            continue
        later = _differing(names, signed, answers)
        if later:
            labels = tuple(Message(f"form_field.{name}") for name in later)
            reasons.append(reason("changed_after_signature", parts=labels, signer=_name(signature)))
        for _, other in seen:
            between = _differing(names, signed, other)
            if between:
                labels = tuple(Message(f"form_field.{name}") for name in between)
                reasons.append(reason("value_differs_between_signatures", fields=labels, signer=_name(signature)))
                break
        seen.append((signature, signed))
    return tuple(reasons)


def _answers_unchanged_since(signature: SignatureReport, sources: frozenset[int] | None) -> bool:
    """Tell whether nothing the answers depend on was written after the signature."""
    later = signature.written_later
    return later is not None and sources is not None and not later & sources


def _differing(names: list[str], one: Answers, other: Answers) -> list[str]:
    return [name for name in names if one.get(name, "") != other.get(name, "")]


def _name(signature: SignatureReport) -> Param:
    return signature.signer.name if signature.signer else Message("nobody_known")


# --- Differing answers, side by side


def differing_answers(
    content: bytes, then: bytes | None, answer: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """Return label, value in `then` (an earlier state of the file) and value now; nothing if either is unreadable."""
    if then is None or answer["form"] is None:
        return ()
    try:
        signed, received = raw_answers(then), raw_answers(content)
    except ParsersError:
        return ()
    form = find_form(answer["form"]["id"], answer["form"]["version"])
    return tuple(
        (field.label, signed.get(field.name, ""), received.get(field.name, ""))
        for field in form.fields
        if signed.get(field.name, "") != received.get(field.name, "")
    )


# --- Errors of readers

T = TypeVar("T")

_READER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    ParsersError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)


class UnreadableFile(BadInput):
    """A reader failed on what is in the file: a finding about the file."""


def reader_errors_as_findings(reader: Callable[[], T]) -> T:
    """Return what a reader makes of a stranger's bytes; raises UnreadableFile, or GaveUp for an unforeseen error.

    Errors of the machine (memory, disk) go on. Only readers are called through this: in our own steps the same error
    is a defect, which must not be reported as a fault of the file.
    """
    try:
        return reader()
    except MemoryError:
        raise
    except _READER_ERRORS as error:
        raise UnreadableFile("reader_stumbled") from error
    except Exception as error:
        if problem_of(error) is not None:
            raise
        raise GaveUp("stumble", type(error).__name__) from error
