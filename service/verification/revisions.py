"""What was signed: the answers in the bytes each signature covers, equal in all of them and in the file (trap 1)."""

from __future__ import annotations

from collections.abc import Mapping

from forms.schema import Form
from parsers.acroform import raw_answers
from parsers.errors import Unreadable
from service.proof.reasons import Reason, reason
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
