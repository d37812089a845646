"""What was signed: the answers in the bytes each signature covers, equal in all of them and in the file (trap 1)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from forms.catalog import find_form
from forms.schema import Form
from parsers.acroform import raw_answers
from parsers.errors import ParsersError, Unreadable
from service.errors import BadInput
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
    footing: frozenset[int] | None = None,
) -> tuple[Reason, ...]:
    """Every field of the form whose answer differs between what somebody signed and what others signed or received.

    `answers` are those of the file as received, `footing` the objects they rest on (None: unknown). Where one of these
    was written after a signature, the answers are read again from the bytes that signature covers, so that no later
    update can lend its values to an earlier signature; where none was, those bytes give every reader the same answers.
    """
    names = [field.name for field in form.fields]
    made = [each for each in signatures if each.kind == "signature"]
    seen: list[tuple[SignatureReport, Answers]] = []
    reasons: list[Reason] = []
    for signature in made:
        covered = content[: signature.covered]
        try:
            signed = answers if len(covered) == len(content) or _rest(signature, footing) else raw_answers(covered)
        except Unreadable:
            reasons.append(reason("signature_broken", nama=_name(signature)))
            continue
        later = _differing(names, signed, answers)
        if later:
            labels = ", ".join(form.field(name).label for name in later)
            reasons.append(reason("changed_after_signature", bagian=labels, nama=_name(signature)))
        for _, other in seen:
            between = _differing(names, signed, other)
            if between:
                labels = ", ".join(form.field(name).label for name in between)
                reasons.append(reason("value_differs_between_signatures", kolom=labels, nama=_name(signature)))
                break
        seen.append((signature, signed))
    return tuple(reasons)


def _rest(signature: SignatureReport, footing: frozenset[int] | None) -> bool:
    """Whether nothing the answers rest on was written after the signature."""
    later = signature.written_later
    return later is not None and footing is not None and not later & footing


def _differing(names: list[str], one: Answers, other: Answers) -> list[str]:
    return [name for name in names if one.get(name, "") != other.get(name, "")]


def _name(signature: SignatureReport) -> str:
    return signature.signer.name if signature.signer else "yang tidak dikenal"


# --- Answers that are not what was signed, for a person to see them side by side


def differing_answers(content: bytes, then: bytes | None, told: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Label, value in `then` (an earlier state of the file), value now; nothing where either cannot be read."""
    if then is None or told["form"] is None:
        return ()
    try:
        signed, received = raw_answers(then), raw_answers(content)
    except ParsersError:
        return ()
    form = find_form(told["form"]["id"], told["form"]["version"])
    return tuple(
        (each.label, signed.get(each.name, ""), received.get(each.name, ""))
        for each in form.fields
        if signed.get(each.name, "") != received.get(each.name, "")
    )


# --- The fence around the readers of strangers' bytes: what they stumble over is said of the file, and nothing else
# is

T = TypeVar("T")

_STUMBLES = (
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


class Stumbled(BadInput):
    """A reader fell over what is in the file: a finding about the file."""


def fenced(reader: Callable[[], T]) -> T:
    """What a reader makes of a stranger's bytes. Stumbled, or GaveUp for an error nobody foresaw.

    The machine's own errors (memory, disk) go on. Only readers belong in here: in our own steps the same error is a
    defect, which must not be dressed up as the file's.
    """
    try:
        return reader()
    except MemoryError:
        raise
    except _STUMBLES as error:
        raise Stumbled("Pembaca tersandung pada berkas ini.") from error
    except Exception as error:
        if problem_of(error) is not None:
            raise
        raise GaveUp("stumble", type(error).__name__) from error
