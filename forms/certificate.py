"""The yearly certificate: its content as frozen values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from forms.attachment import canonical_json, json_payload

# Where the visible stamp of the seal goes on the first page (66 x 24.5 mm).
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
    """Everything a certificate says. `total_jp` is the sum of `activities`; `check_url` is the public check page.

    `grade` has the pangkat before it (`Penata Muda Tingkat I, III/b`), except for PPPK (`IX`). A NIP is 18 digits.
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
        """Return the content as JSON values: decimals as strings, dates ISO 8601."""
        return json_payload(asdict(self))

    def canonical(self) -> bytes:
        """Return the bytes to attach; the same content gives the same bytes."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, payload: Mapping[str, Any]) -> CertificateContent:
        """Read what `to_json` returned; KeyError, TypeError, ValueError or ArithmeticError for anything else."""
        values = {
            field.name: payload[field.name]
            for field in fields(cls)
            if field.name in payload or field.default is MISSING
        }
        values["total_jp"], values["target"] = Decimal(payload["total_jp"]), Decimal(payload["target"])
        values["issued_on"] = dt.date.fromisoformat(payload["issued_on"])
        values["norms"] = tuple(payload["norms"])
        values["by_kind"] = tuple(KindTotal(**{**total, "jp": Decimal(total["jp"])}) for total in payload["by_kind"])
        values["activities"] = tuple(
            CertifiedActivity(
                **{**activity, "date": dt.date.fromisoformat(activity["date"]), "jp": Decimal(activity["jp"])}
            )
            for activity in payload["activities"]
        )
        return cls(**values)
