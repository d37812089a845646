"""Raw answers become one typed record, or a list of everything that is wrong with them, all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.schema import Field, Form
from parsers.records import ActivityRecord, Employee, Person, Problem
from parsers.values import END, Value, about, coerce, impossible_span, minutes_between, wrong, zone_of

_SECTIONS = ("identifikasi_kebutuhan", "hubungan_tanggung_jawab", "kegiatan_pengembangan", "hasil_pengembangan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """`record` is None exactly when there are problems; they stand in the order of the form's fields."""

    record: ActivityRecord | None
    problems: tuple[Problem, ...]


def build(answers: Mapping[str, str], form: Form) -> Built:
    """Build the record of Lampiran I (SE Kepala BKN 3/2022) from the raw answers to a form that asks its questions.

    Questions that depend on the kind of activity are asked for here: coaching and mentoring name a pembimbing,
    self-study names its source and nobody.
    """
    read = {each.name: coerce(answers[each.name], each) for each in form.fields if answers.get(each.name, "").strip()}
    values = {name: value for name, value in read.items() if not isinstance(value, Problem)}
    problems = [value for value in read.values() if isinstance(value, Problem)]
    kind = str(values.get("jenis_kegiatan", ""))
    problems += [missing(each, kind) for each in form.fields if needs(each, kind) and each.name not in read]
    problems += contradictions(form, values, answers)
    if problems:
        order = {each.name: place for place, each in enumerate(form.fields)}
        return Built(record=None, problems=tuple(sorted(problems, key=lambda each: order[each.field or ""])))
    return Built(record=_record(values, kind), problems=())


def _record(values: Mapping[str, Value], kind: str) -> ActivityRecord:
    def text(name: str) -> str:
        return str(values[name])

    date, begins, ends, signed_on = (
        values[name] for name in ("tanggal", "waktu_mulai", "waktu_selesai", "tanggal_tanda_tangan")
    )
    # The coercer of each kind promises its type; the schema, not a reader, would be at fault here.
    assert isinstance(date, dt.date)
    assert isinstance(signed_on, dt.date)
    assert isinstance(begins, dt.time)
    assert isinstance(ends, dt.time)
    guided = kind != SELF_STUDY
    first, second, third, fourth = (text(name) for name in _SECTIONS)
    return ActivityRecord(
        kind=kind,
        scope=text("tingkat"),
        meeting=int(text("pertemuan_ke")),
        date=date,
        begins=begins,
        ends=ends,
        minutes=minutes_between(begins, ends),
        place=text("tempat"),
        title=text("nama_kegiatan"),
        source=text("sumber_pembelajaran") if "sumber_pembelajaran" in values else None,
        sections=(first, second, third, fourth),
        employee=Employee(
            nip=text("nip_pegawai"),
            name=text("nama_pegawai"),
            unit=text("unit_kerja"),
            position=text("jabatan"),
            grade=text("pangkat_gol"),
        ),
        pembimbing=Person(nip=text("nip_pembimbing"), name=text("nama_pembimbing")) if guided else None,
        supervisor=Person(nip=text("nip_atasan"), name=text("nama_atasan")),
        signed_place=text("tempat_tanda_tangan"),
        signed_on=signed_on,
    )


# --- What the answers of one form owe each other: which are needed when, and which contradict each other

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
