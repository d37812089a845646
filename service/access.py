"""Who may do what with which object: pure functions over values, asked by every page and every call of the API.

What somebody may do follows from the papers (whose form it is, who signs it, whom it waits for) and from the roles of
the staff register; `biro_sdm` reaches everywhere, `pengelola` and `pimpinan` their own unit, `admin` no personal paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of objects. DRAFT is a form nobody has signed; EMPLOYEE what is kept about a person.

    CARD: a person's year (Lampiran II); RECAP: a unit's quarter (Lampiran III); BATCH: long work somebody asked for;
    LEARNING: what somebody learned besides CMB; ACCOUNT: who may sign in, and as what; HOUSE: the installation itself
    (self-check, audit log).
    """

    DRAFT = "draft"
    CIRCULATION = "circulation"
    SUBMISSION = "submission"
    ATTACHMENT = "attachment"
    CERTIFICATE = "certificate"
    CARD = "card"
    RECAP = "recap"
    EMPLOYEE = "employee"
    LEARNING = "learning"
    BATCH = "batch"
    ACCOUNT = "account"
    HOUSE = "house"


class Act(StrEnum):
    """What can be done. EDIT changes or adds; SIGN and RETURN are the next signer's; DECIDE approves or revokes.

    SHARE lets the public read it; FORWARD sends it on to Biro SDM; ENROL binds a signer certificate to the person;
    ASSIGN sends the person to learn.
    """

    SEE = "see"
    EDIT = "edit"
    SIGN = "sign"
    RETURN = "return"
    WITHDRAW = "withdraw"
    REMIND = "remind"
    DECIDE = "decide"
    SHARE = "share"
    FORWARD = "forward"
    ENROL = "enrol"
    ASSIGN = "assign"


class Relation(StrEnum):
    """What the viewer is to the object."""

    OWN = "own"
    PARTY = "party"
    NEXT = "next"
    SUPERVISOR = "supervisor"
    PENGELOLA = "pengelola"
    PIMPINAN = "pimpinan"
    BIRO_SDM = "biro_sdm"
    ADMIN = "admin"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A signed-in person. `nip` is empty for an account without an employee."""

    nip: str
    roles: frozenset[str] = frozenset()
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An object, by the attributes that matter for access.

    `employee_nip` and `unit`: whose it is and where they work; `parties`: pembimbing, atasan and who signed for them;
    `next`: who may sign it now (delegates included); `asked_by`: who asked for a batch; `closed`: nothing is added to
    it any more.
    """

    kind: Kind
    employee_nip: str = ""
    unit: str = ""
    supervisor_nip: str = ""
    parties: frozenset[str] = frozenset()
    next: frozenset[str] = frozenset()
    asked_by: str = ""
    closed: bool = False


_R, _A, _K = Relation, Act, Kind
_UNIT = frozenset({_R.PENGELOLA, _R.PIMPINAN})
_PAPER = frozenset({_R.OWN, _R.PARTY, _R.NEXT, _R.BIRO_SDM}) | _UNIT

GRANTS: Mapping[tuple[Act, Kind], frozenset[Relation]] = {
    (_A.SEE, _K.DRAFT): frozenset({_R.OWN}),
    (_A.SEE, _K.CIRCULATION): _PAPER,
    (_A.SEE, _K.SUBMISSION): _PAPER,
    (_A.SEE, _K.ATTACHMENT): _PAPER,
    (_A.SEE, _K.CERTIFICATE): frozenset({_R.OWN, _R.BIRO_SDM}) | _UNIT,
    (_A.SEE, _K.CARD): frozenset({_R.OWN, _R.SUPERVISOR, _R.BIRO_SDM}) | _UNIT,
    (_A.SEE, _K.RECAP): frozenset({_R.BIRO_SDM}) | _UNIT,
    (_A.SEE, _K.EMPLOYEE): frozenset({_R.OWN, _R.BIRO_SDM, _R.PENGELOLA}),
    (_A.SEE, _K.LEARNING): frozenset({_R.OWN, _R.BIRO_SDM}) | _UNIT,
    (_A.SEE, _K.BATCH): frozenset({_R.ASKED, _R.BIRO_SDM}),
    (_A.SEE, _K.ACCOUNT): frozenset({_R.OWN, _R.ADMIN}),
    (_A.SEE, _K.HOUSE): frozenset({_R.ADMIN}),
    (_A.EDIT, _K.DRAFT): frozenset({_R.OWN}),
    (_A.EDIT, _K.ATTACHMENT): frozenset({_R.OWN}),
    (_A.EDIT, _K.EMPLOYEE): frozenset({_R.BIRO_SDM}),
    (_A.EDIT, _K.BATCH): frozenset({_R.ASKED, _R.BIRO_SDM}),
    (_A.EDIT, _K.ACCOUNT): frozenset({_R.ADMIN}),
    (_A.EDIT, _K.HOUSE): frozenset({_R.ADMIN}),
    (_A.SIGN, _K.DRAFT): frozenset({_R.OWN}),
    (_A.SIGN, _K.CIRCULATION): frozenset({_R.NEXT}),
    (_A.RETURN, _K.CIRCULATION): frozenset({_R.NEXT}),
    (_A.WITHDRAW, _K.DRAFT): frozenset({_R.OWN}),
    (_A.WITHDRAW, _K.CIRCULATION): frozenset({_R.OWN}),
    (_A.REMIND, _K.CIRCULATION): frozenset({_R.OWN, _R.BIRO_SDM}) | _UNIT,
    (_A.DECIDE, _K.SUBMISSION): frozenset({_R.BIRO_SDM}),
    (_A.DECIDE, _K.LEARNING): frozenset({_R.BIRO_SDM}),
    (_A.DECIDE, _K.CERTIFICATE): frozenset({_R.BIRO_SDM}),
    (_A.SHARE, _K.CERTIFICATE): frozenset({_R.OWN}),
    (_A.FORWARD, _K.RECAP): _UNIT,
    (_A.ENROL, _K.EMPLOYEE): frozenset({_R.PENGELOLA, _R.BIRO_SDM}),
    (_A.ASSIGN, _K.EMPLOYEE): frozenset({_R.PIMPINAN, _R.BIRO_SDM}),
}
# Nobody decides on their own paper or vouches for their own key, whatever roles they hold.
_NOT_ONES_OWN = {(_A.DECIDE, _K.SUBMISSION), (_A.DECIDE, _K.LEARNING), (_A.ENROL, _K.EMPLOYEE)}


def may(viewer: Viewer, act: Act, subject: Subject) -> bool:
    """Tell whether the viewer may do that; False for everything that is not granted."""
    held = relations(viewer, subject)
    if act is not Act.SEE and subject.closed and subject.kind is Kind.ATTACHMENT:
        return False
    if (act, subject.kind) in _NOT_ONES_OWN and Relation.OWN in held:
        return False
    return not held.isdisjoint(GRANTS.get((act, subject.kind), frozenset()))


def relations(viewer: Viewer, subject: Subject) -> frozenset[Relation]:
    """Return everything the viewer is to the object."""
    nip, roles = viewer.nip, viewer.roles
    here = bool(viewer.unit) and viewer.unit == subject.unit
    found = {
        _R.OWN: bool(nip) and nip == subject.employee_nip,
        _R.PARTY: bool(nip) and nip in subject.parties,
        _R.NEXT: bool(nip) and nip in subject.next,
        _R.SUPERVISOR: bool(nip) and nip == subject.supervisor_nip,
        _R.PENGELOLA: here and "pengelola" in roles,
        _R.PIMPINAN: here and "pimpinan" in roles,
        _R.BIRO_SDM: "biro_sdm" in roles,
        _R.ADMIN: "admin" in roles,
        _R.ASKED: bool(nip) and nip == subject.asked_by,
    }
    return frozenset(relation for relation, holds in found.items() if holds)
