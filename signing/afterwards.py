"""What later revisions did to what a signature covers: one strict policy on top of pyHanko's difference analysis.

After a signature only signature fields being added or signed, validation data (DSS) and time stamps may come. pyHanko's
standard policy also lets form fields be filled (and then, with locks, refuses honest signatures over fields whose
appearance it believes updated); a document that people sign one after the other needs no filling in between, so the
rule for other fields is left out altogether: a field that was touched is a change nobody permitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.history import History, Ref, Snapshot, only_blanks, raw
from signing.report import Changes

_WORST = (Changes.NONE, Changes.LTV, Changes.SIGNING, Changes.ANNOTATIONS, Changes.FORM_VALUES, Changes.OTHER)
Rect = tuple[float, float, float, float]
_CORNERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """The worst that came after a signature, and whether its rules and our policy allow all of it."""

    changes: Changes
    permitted: bool


def strict_policy() -> StandardDiffPolicy:
    """Signature fields, validation data, and the entries no page shows (information, metadata); nothing else."""
    quiet = ModificationLevel.LTA_UPDATES
    return StandardDiffPolicy(
        global_rules=[
            CatalogModificationRule(),
            DocInfoRule().as_qualified(quiet),
            MetadataUpdateRule().as_qualified(quiet),
            XrefStreamRule().as_qualified(quiet),
            ObjectStreamRule().as_qualified(quiet),
            DSSCompareRule().as_qualified(quiet),
        ],
        form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
    )


def judge_afterwards(embedded: EmbeddedPdfSignature, history: History, end: int) -> Afterwards:
    """Every revision after the one the signature made, each against that one; `end` is where its bytes end."""
    signed = int(embedded.signed_revision)
    later = range(signed + 1, history.last + 1)
    found = [_revision(embedded, history, signed, revision) for revision in later]
    found.append(_unlisted_bytes(history, end))
    worst = max(found, key=_WORST.index)
    permitted = worst in {Changes.NONE, Changes.LTV, Changes.SIGNING}
    # ISO 32000-2 12.8.2.2.2: a certification that permits no change still permits validation data and time stamps.
    if worst is Changes.SIGNING and embedded.docmdp_level is MDPPerm.NO_CHANGES:
        permitted = False
    return Afterwards(changes=worst, permitted=permitted)


def _revision(embedded: EmbeddedPdfSignature, history: History, signed: int, revision: int) -> Changes:
    reader = history.reader
    try:
        result = strict_policy().apply(
            old=reader.get_historical_resolver(signed),
            new=reader.get_historical_resolver(revision),
            field_mdp_spec=embedded.fieldmdp,
            doc_mdp=embedded.docmdp_level,
        )
    except SuspiciousModification:
        return _kind_of_change(history, revision)
    except (PdfError, ValueError, TypeError, KeyError, AttributeError, NotImplementedError, AssertionError):
        return Changes.OTHER  # what cannot be compared was not shown to be harmless
    if result.modification_level <= ModificationLevel.LTA_UPDATES and not _new_widgets(history, signed, revision):
        return Changes.LTV
    return Changes.SIGNING if _paints_nothing_but_itself(history, signed, revision) else Changes.ANNOTATIONS


def _unlisted_bytes(history: History, end: int) -> Changes:
    """Bytes after the last revision belong to nothing a reader of ours follows; another reader might follow them."""
    last = max(history.end(history.last), end)
    return Changes.NONE if only_blanks(history.pdf[last:]) else Changes.OTHER


def _kind_of_change(history: History, revision: int) -> Changes:
    """For the person: was it a field's value, an annotation, or something else? Any of them is not permitted."""
    now = Snapshot(history, revision)
    kinds = set()
    for ref in history.listed(revision):
        value = history.get(ref, revision)
        kind = now.entry(value, "/FT") or now.entry(now.entry(value, "/Parent"), "/FT")
        if kind in {"/Tx", "/Ch", "/Btn"}:
            kinds.add(Changes.FORM_VALUES)
        elif now.entry(value, "/Type") == "/Annot" and kind != "/Sig":
            kinds.add(Changes.ANNOTATIONS)
    return max(kinds, key=_WORST.index, default=Changes.OTHER)


def _new_widgets(history: History, signed: int, revision: int) -> list[tuple[Ref | None, Any]]:
    """Signature widgets that this revision wrote: added, or painted when their field was signed."""
    now = Snapshot(history, revision)
    listed = history.listed(revision)
    return [
        (ref, annotation)
        for _, page in now.pages()
        for ref, annotation in now.members(raw(page, "/Annots"))
        if now.entry(annotation, "/FT") == "/Sig" and (ref is None or ref in listed) and revision > signed
    ]


def _paints_nothing_but_itself(history: History, signed: int, revision: int) -> bool:
    """A signature drawn later must not lie over a field or another signature: it could cover what was signed.

    An appearance is clipped to its widget's rectangle (ISO 32000-1 12.5.5), so rectangles are all there is to compare.
    """
    now, before = Snapshot(history, revision), Snapshot(history, signed)
    new = {ref for ref, _ in _new_widgets(history, signed, revision)}
    for (_, page), (_, page_before) in zip(now.pages(), before.pages(), strict=True):
        widgets = list(now.members(raw(page, "/Annots")))
        fresh = [_rect(now, each) for ref, each in widgets if ref in new]
        known = {ref for ref, _ in before.members(raw(page_before, "/Annots"))}
        others = [_rect(now, each) for ref, each in widgets if ref not in new and ref in known]
        if any(_overlap(one, other) for one in fresh if one for other in others if other):
            return False
    return True


def _rect(now: Snapshot, annotation: Any) -> Rect | None:
    """The widget's rectangle, None when it has no area (an invisible signature)."""
    numbers = [float(now.resolved(each)) for each in now.entry(annotation, "/Rect") or []]
    if len(numbers) != _CORNERS:
        return None
    left, right = sorted((numbers[0], numbers[2]))
    bottom, top = sorted((numbers[1], numbers[3]))
    return (left, bottom, right, top) if right > left and top > bottom else None


def _overlap(one: Rect, other: Rect) -> bool:
    slack = 0.5  # points: neighbouring boxes may share an edge
    return (
        one[0] + slack < other[2]
        and other[0] + slack < one[2]
        and one[1] + slack < other[3]
        and other[1] + slack < one[3]
    )
