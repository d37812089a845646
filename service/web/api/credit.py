"""A person's year in JP, with the law's findings: the answer of `cmb jp`."""

from __future__ import annotations

from service.access import Act, Kind, may
from service.accumulation import accumulate
from service.policy import jp_text
from service.proof.answer import assessed_json
from service.subjects import of_employee
from service.web.api.operation import Answer, Asked, Operation, Told
from service.web.api.refusals import Refused
from service.web.api.shapes import NIP, YEAR, in_path, ref
from service.web.desk import desk
from service.web.visitor import signed_in


def year_of(call: Asked) -> Told:
    nip, year = call.params["nip"], call.params["year"]
    with desk().store.reading() as tx:
        allowed = may(signed_in().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD))
        if not allowed or tx.employees.get(nip) is None:
            raise Refused(404)
        assessment = accumulate(nip, year, tx).assessment
    told = {
        "nip": nip,
        "year": year,
        "total": jp_text(assessment.total),
        "target": jp_text(assessment.target),
        "items": [assessed_json(item) for item in assessment.items],
    }
    return Told(body=told)


OPERATIONS = (
    Operation(
        method="GET",
        path="/jp/{nip}/{year}",
        id="getJp",
        tag="jp",
        summary="Jam pelajaran setahun beserta alasannya",
        scope="jp:read",
        view=year_of,
        params=(in_path("nip", NIP, "Pegawai."), in_path("year", YEAR, "Tahun kalender.")),
        answers={200: Answer(description="Hitungan tahun itu.", schema=ref("Assessment"))},
    ),
)
