"""The yearly certificate: what it says as a frozen value, and its face as PDF with that value attached as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from decimal import Decimal
from typing import Any

# Where the seal's visible stamp goes: left, bottom, right, top in points on the first page (66 x 24.5 mm).
SEAL_BOX = (572.6, 105.2, 759.7, 174.7)
ATTACHMENT = "sertifikat.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTotal:
    """How many activities of a kind counted, and their JP."""

    kind: str
    label: str
    activities: int
    jp: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedActivity:
    """One counted activity. `guide` is the coach or mentor, or the source of self-study."""

    date: dt.date
    kind: str
    scope: str
    title: str
    guide: str
    jp: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateContent:
    """Everything a certificate says. `total_jp` is the sum of `activities`; `check_url` leads to the public check.

    `grade` comes with its pangkat (`Penata Muda Tingkat I, III/b`), for PPPK alone (`IX`); NIP are 18 digits.
    """

    number: str
    year: int
    nip: str
    name: str
    grade: str
    position: str
    unit: str
    total_jp: Decimal
    target: Decimal
    by_kind: tuple[KindTotal, ...]
    activities: tuple[CertifiedActivity, ...]
    norms: tuple[str, ...]
    place: str
    issued_on: dt.date
    official_name: str
    official_nip: str
    official_position: str
    check_url: str
    agency: str = "BADAN KEPEGAWAIAN NEGARA"

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values: decimals as strings, dates ISO 8601."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> CertificateContent:
        """What `to_json` gave; KeyError, TypeError, ValueError or ArithmeticError when it is something else."""
        values = {each.name: told[each.name] for each in fields(cls) if each.name in told or each.default is MISSING}
        values["total_jp"], values["target"] = Decimal(told["total_jp"]), Decimal(told["target"])
        values["issued_on"] = dt.date.fromisoformat(told["issued_on"])
        values["norms"] = tuple(told["norms"])
        values["by_kind"] = tuple(KindTotal(**{**each, "jp": Decimal(each["jp"])}) for each in told["by_kind"])
        values["activities"] = tuple(
            CertifiedActivity(**{**each, "date": dt.date.fromisoformat(each["date"]), "jp": Decimal(each["jp"])})
            for each in told["activities"]
        )
        return cls(**values)


def canonical_json(content: CertificateContent) -> bytes:
    """The attached bytes: keys sorted, UTF-8; the same content gives the same bytes."""
    return json.dumps(content.to_json(), ensure_ascii=False, sort_keys=True, indent=1).encode()


def _plain(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
