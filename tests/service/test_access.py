"""Who may do what with which object: every role and every relation against every kind of object."""

from __future__ import annotations

import pytest

from service.access import GRANTS, Act, Kind, Subject, Viewer, may

UNIT, OTHER = "Biro A", "Biro B"
SUBJECT = {
    kind: Subject(
        kind=kind,
        employee_nip="pegawai",
        unit=UNIT,
        supervisor_nip="atasan",
        parties=frozenset({"mentor", "atasan"}),
        next=frozenset({"giliran", "plt"}),
        asked_by="peminta",
    )
    for kind in Kind
}


def viewer(nip: str, *roles: str, unit: str = UNIT) -> Viewer:
    return Viewer(nip=nip, roles=frozenset(roles), unit=unit)


VIEWERS = {
    "own": viewer("pegawai", "pegawai"),
    "party": viewer("mentor", "pegawai", unit=OTHER),
    "supervisor": viewer("atasan", "pegawai", unit=OTHER),
    "next": viewer("giliran", "pegawai", unit=OTHER),
    "delegate": viewer("plt", "pegawai", unit=OTHER),
    "asked": viewer("peminta", "pengelola", unit=OTHER),
    "pengelola": viewer("p1", "pegawai", "pengelola"),
    "pengelola elsewhere": viewer("p2", "pegawai", "pengelola", unit=OTHER),
    "pimpinan": viewer("p3", "pegawai", "pimpinan"),
    "pimpinan elsewhere": viewer("p4", "pegawai", "pimpinan", unit=OTHER),
    "biro_sdm": viewer("b1", "pegawai", "biro_sdm", unit=OTHER),
    "admin": viewer("a1", "admin"),
    "colleague": viewer("k1", "pegawai"),
    "nobody": Viewer(nip=""),
}
PAPER = {"own", "party", "supervisor", "next", "delegate", "pengelola", "pimpinan", "biro_sdm"}
SIGNS = {"next", "delegate"}
# Every line is one act on one kind of object; whoever is not named may not.
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("see", "draft"): {"own"},
    ("see", "circulation"): PAPER,
    ("see", "submission"): PAPER,
    ("see", "attachment"): PAPER,
    ("see", "certificate"): {"own", "pengelola", "pimpinan", "biro_sdm"},
    ("see", "card"): {"own", "supervisor", "pengelola", "pimpinan", "biro_sdm"},
    ("see", "recap"): {"pengelola", "pimpinan", "biro_sdm"},
    ("see", "employee"): {"own", "pengelola", "biro_sdm"},
    ("see", "learning"): {"own", "pengelola", "pimpinan", "biro_sdm"},
    ("see", "batch"): {"asked", "biro_sdm"},
    ("see", "account"): {"own", "admin"},
    ("see", "house"): {"admin"},
    ("edit", "draft"): {"own"},
    ("edit", "attachment"): {"own"},
    ("edit", "employee"): {"biro_sdm"},
    ("edit", "batch"): {"asked", "biro_sdm"},
    ("edit", "account"): {"admin"},
    ("edit", "house"): {"admin"},
    ("sign", "draft"): {"own"},
    ("sign", "circulation"): SIGNS,
    ("return", "circulation"): SIGNS,
    ("withdraw", "draft"): {"own"},
    ("withdraw", "circulation"): {"own"},
    ("remind", "circulation"): {"own", "pengelola", "pimpinan", "biro_sdm"},
    ("decide", "submission"): {"biro_sdm"},
    ("decide", "learning"): {"biro_sdm"},
    ("decide", "certificate"): {"biro_sdm"},
    ("share", "certificate"): {"own"},
    ("forward", "recap"): {"pengelola", "pimpinan"},
    ("enrol", "employee"): {"pengelola", "biro_sdm"},
    ("assign", "employee"): {"pimpinan", "biro_sdm"},
}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("act", list(Act))
def test_exactly_these_may(act: Act, kind: Kind) -> None:
    allowed = {name for name, who in VIEWERS.items() if may(who, act, SUBJECT[kind])}
    assert allowed == ALLOWED.get((act.value, kind.value), set())


def test_every_grant_stands_in_the_table_of_this_test() -> None:
    assert {(act.value, kind.value) for act, kind in GRANTS} == set(ALLOWED)


@pytest.mark.parametrize("role", ["biro_sdm", "pengelola"])
@pytest.mark.parametrize(
    ("act", "kind"), [(Act.DECIDE, Kind.SUBMISSION), (Act.DECIDE, Kind.LEARNING), (Act.ENROL, Kind.EMPLOYEE)]
)
def test_nobody_decides_on_the_own_paper_or_key(act: Act, kind: Kind, role: str) -> None:
    assert not may(viewer("pegawai", "pegawai", role), act, SUBJECT[kind])


def test_nothing_is_added_to_what_is_closed_and_it_is_still_seen() -> None:
    closed = Subject(kind=Kind.ATTACHMENT, employee_nip="pegawai", closed=True)
    assert not may(VIEWERS["own"], Act.EDIT, closed)
    assert may(VIEWERS["own"], Act.SEE, closed)


def test_an_object_of_nobody_in_no_unit_is_not_everybodys() -> None:
    empty = Subject(kind=Kind.SUBMISSION)
    seen = {name for name, who in VIEWERS.items() if may(who, Act.SEE, empty)}
    assert seen == {"biro_sdm"}
    assert not may(Viewer(nip="", roles=frozenset({"pengelola"})), Act.SEE, empty)
