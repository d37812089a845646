"""What the answers of one form owe each other: which are needed when, and which contradict each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from forms.schema import Field, Form
from parsers.complaints import about, wrong
from parsers.records import Problem
from parsers.times import impossible_span, zone_of
from parsers.values import END, Value

PEMBIMBING = ("nama_pembimbing", "nip_pembimbing")
SOURCE = "sumber_pembelajaran"
SELF_STUDY = "belajar_mandiri"
_GUIDED = ("coaching", "mentoring")


def needs(field: Field, kind: str) -> bool:
    """Tell whether an activity of that kind must answer the field; an unknown kind asks for nothing extra."""
    if field.name in PEMBIMBING:
        return kind in _GUIDED
    if field.name == SOURCE:
        return kind == SELF_STUDY
    return field.required


def missing(field: Field, kind: str) -> Problem:
    """Say that a needed answer is not there, and for which kind of activity it is needed."""
    demand = "belum diisi"
    if field.name in PEMBIMBING:
        demand = f"wajib diisi untuk kegiatan {kind}"
    elif field.name == SOURCE:
        demand = "wajib diisi untuk kegiatan belajar mandiri"
    return Problem(
        field=field.name,
        code="missing_value",
        message=f"Kolom “{field.label}” {demand}.",
        hint=f"Isi kolom “{field.label}” sebelum formulir ditandatangani.",
    )


def contradictions(form: Form, values: Mapping[str, Value], answers: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every pair of answers that cannot both be true; only answers that were understood are compared."""
    begins, ends = values.get("waktu_mulai"), values.get(END)
    if isinstance(begins, dt.time) and isinstance(ends, dt.time):
        zones = {zone for name in ("waktu_mulai", END) if (zone := zone_of(answers[name]))}
        if len(zones) > 1:
            hint = "Tulis kedua waktu menurut zona waktu tempat kegiatan."
            yield about(form.field(END), wrong("zona waktunya berbeda dari waktu mulai.", hint))
        elif (found := impossible_span(begins, ends, written=answers[END])) is not None:
            yield about(form.field(END), found)
    if values.get("jenis_kegiatan") == SELF_STUDY:
        for name in PEMBIMBING:
            if name in values:
                hint = "Kosongkan nama dan NIP pembimbing, atau pilih jenis kegiatan yang benar."
                yield about(form.field(name), wrong("harus kosong untuk kegiatan belajar mandiri.", hint))
    employee = values.get("nip_pegawai")
    for name, role in (("nip_pembimbing", "pembimbing"), ("nip_atasan", "atasan langsung")):
        if employee is not None and values.get(name) == employee:
            hint = "Periksa NIP itu; orang yang melapor tidak dapat menilai kegiatannya sendiri."
            yield about(form.field(name), wrong(f"NIP {role} sama dengan NIP pegawai yang melapor.", hint))
