"""Access to the API for every role: a token never allows more than its account, whatever its scopes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from service.jobs.requests import request_batch
from support.api_client import Program, give_roles, program
from support.office import CAHYA, DIAH, EKO, HERI, NOW, Office, person
from support.web_client import WebOffice, open_web_office

OTHER_UNIT = "Biro Umum"
ADMIN, UNIT_HR, OTHER_HR, HEAD = "1", "2", "3", "4"
STAFF = {
    ADMIN: ("199001012015011001", "admin", OTHER_UNIT),
    UNIT_HR: ("199001012015011002", "pengelola", "Biro Sumber Daya Manusia"),
    OTHER_HR: ("199001012015011003", "pengelola", OTHER_UNIT),
    HEAD: ("199001012015011004", "pimpinan", "Biro Sumber Daya Manusia"),
}
# Callers. The objects are Cahya's; Diah is the supervisor, Heri works at Biro SDM, Eko is a colleague.
CALLERS = {
    "own": CAHYA,
    "supervisor": DIAH,
    "biro_sdm": HERI,
    "colleague": EKO,
    "admin": STAFF[ADMIN][0],
    "pengelola": STAFF[UNIT_HR][0],
    "pengelola elsewhere": STAFF[OTHER_HR][0],
    "pimpinan": STAFF[HEAD][0],
}
UNIT = {"pengelola", "pimpinan"}
# Operation to the callers it is allowed for and the status for others: 404 where existence is private, 403 for acts.
ALLOWED: dict[str, tuple[set[str], int]] = {
    "GET /submissions/{submission}": ({"own", "supervisor", "biro_sdm"} | UNIT, 404),
    "GET /submissions/{submission}/file": ({"own", "supervisor", "biro_sdm"} | UNIT, 404),
    "GET /jp/{nip}/2025": ({"own", "supervisor", "biro_sdm"} | UNIT, 404),
    "GET /certificates/{number}": ({"own", "biro_sdm"} | UNIT, 404),
    "GET /certificates/{number}/file": ({"own", "biro_sdm"} | UNIT, 404),
    "GET /batches/{batch}": ({"biro_sdm", "own"}, 404),
    "GET /batches/{batch}/items": ({"biro_sdm", "own"}, 404),
    "GET /webhooks/{webhook}/deliveries": ({"biro_sdm"}, 403),
    "POST /forms": ({"own", "biro_sdm", "pengelola"}, 403),
    "POST /certificates": ({"biro_sdm"}, 403),
    "POST /certificates/renewals": ({"biro_sdm"}, 403),
    "POST /webhooks": ({"biro_sdm"}, 403),
    "GET /webhooks": ({"biro_sdm"}, 403),
}
BODIES = {
    "POST /forms": {"kind": "coaching", "employee_nip": CAHYA},
    "POST /certificates": {"year": 2025},
    "POST /certificates/renewals": {},
    "POST /webhooks": {"url": "https://program.example.go.id/", "events": ["certificate.issued"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Names of Cahya's objects, and a program for every caller."""

    programs: dict[str, Program]
    names: dict[str, str]


def scene_of(web: WebOffice, office: Office, *, few: bool = False) -> Scene:
    submission = office.approved("coaching")
    issued = office.issue()
    batch = request_batch(
        "issue",
        "Uji",
        {"year": 2025},
        store=office.store,
        now=NOW,
        actor=CAHYA,
        randomness=web.account_context.randomness,
    )
    give_roles(web, HERI, "biro_sdm")
    names = {"submission": submission.id, "nip": CAHYA, "number": issued.certificate.number, "batch": batch.id}
    callers = {name: nip for name, nip in CALLERS.items() if not few or nip in {CAHYA, DIAH, HERI, EKO}}
    programs = {name: program(web, nip) for name, nip in callers.items()}
    webhook = programs["biro_sdm"].post("/webhooks", BODIES["POST /webhooks"], expect=201)
    return Scene(programs=programs, names=names | {"webhook": webhook["id"]})


def test_exactly_these_may(office: Office) -> None:
    people = [
        replace(person(nip, f"Orang {role}"), unit=unit, roles=("pegawai", role)) for nip, role, unit in STAFF.values()
    ]
    with office.store.transaction() as tx:
        tx.employees.upsert(people)
    with open_web_office(office) as web:
        scene = scene_of(web, office)
        found = {call: results(scene, call) for call in ALLOWED}
    assert found == {
        call: {caller: "yes" if caller in allowed else str(otherwise) for caller in CALLERS}
        for call, (allowed, otherwise) in ALLOWED.items()
    }


def results(scene: Scene, call: str) -> dict[str, str]:
    """Return `yes` or the error status for every caller."""
    method, path = call.split(" ")
    found = {}
    for caller, calls in scene.programs.items():
        answer = calls.call(method, path.format(**scene.names), json=BODIES.get(call))
        found[caller] = "yes" if answer.status_code < 300 else str(answer.status_code)
    return found


@pytest.fixture
def scene(web: WebOffice) -> Scene:
    """Cahya, Diah, Heri and Eko only."""
    return scene_of(web, web.office, few=True)


def test_lists_hold_what_one_may_see_and_nothing_else(scene: Scene) -> None:
    for path, key in (("/submissions?employee_nip={nip}", "id"), ("/certificates?nip={nip}", "number")):
        wanted = scene.names["submission" if key == "id" else "number"]
        for caller, calls in scene.programs.items():
            items = [item[key] for item in calls.get(path.format(**scene.names))["items"]]
            sees = caller in {"own", "biro_sdm"} or (caller == "supervisor" and key == "id")
            assert items == ([wanted] if sees else []), (path, caller)
    for path in ("/submissions", "/certificates"):
        assert len(scene.programs["own"].get(path)["items"]) == 1
        assert len(scene.programs["biro_sdm"].get(path)["items"]) == 1
        assert scene.programs["colleague"].get(path)["items"] == []


def test_only_biro_sdm_revokes_and_a_stranger_does_not_learn_that_it_is_there(scene: Scene) -> None:
    path, reason = f"/certificates/{scene.names['number']}/revocation", {"reason": "Nama keliru."}
    scene.programs["own"].post(path, reason, expect=403)
    scene.programs["colleague"].post(path, reason, expect=404)
    scene.programs["biro_sdm"].post(path, reason)


def test_long_work_is_listed_and_stopped_by_who_asked_for_it_and_by_biro_sdm_only(scene: Scene, office: Office) -> None:
    batch = scene.names["batch"]
    path = f"/batches/{batch}/cancellation"
    for caller, calls in scene.programs.items():
        listed = [item["id"] for item in calls.get("/batches")["items"]]
        assert listed == ([batch] if caller in {"own", "biro_sdm"} else []), caller
    for caller in ("supervisor", "colleague"):
        scene.programs[caller].post(path, {}, expect=404)
    assert scene.programs["own"].post(path, {})["state"] == "cancelled"
    assert "sudah berakhir" in scene.programs["biro_sdm"].post(path, {}, expect=409)["detail"]
    with office.store.transaction() as tx:
        assert tx.batches.resume(batch)
    assert scene.programs["biro_sdm"].post(path, {})["state"] == "cancelled"


def test_a_webhook_of_another_account_is_not_there(web: WebOffice, scene: Scene) -> None:
    made = {"id": scene.names["webhook"]}
    give_roles(web, EKO, "biro_sdm")
    other = program(web, EKO)
    assert other.get("/webhooks")["items"] == []
    assert other.call("DELETE", f"/webhooks/{made['id']}").status_code == 404
    other.get(f"/webhooks/{made['id']}/deliveries", expect=404)
