"""Turn raw answers into a typed record, or into a list of everything that is wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.schema import Field, Form
from parsers.records import ActivityRecord, Employee, Person, Problem, field_label, make_problem
from parsers.values import (
    END,
    Value,
    coerce,
    impossible_span,
    minutes_between,
    problem_of_field,
    zone_of,
)

_SECTIONS = ("identifikasi_kebutuhan", "hubungan_tanggung_jawab", "kegiatan_pengembangan", "hasil_pengembangan")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """A record or, when it is None, problems in the order of the fields of the form."""

    record: ActivityRecord | None
    problems: tuple[Problem, ...]


def build(answers: Mapping[str, str], form: Form) -> BuildResult:
    """Build the record of Lampiran I (SE Kepala BKN 3/2022) from the raw answers to a form.

    Required answers depend on the kind of activity: coaching and mentoring name a pembimbing, self-study names its
    source and no pembimbing.
    """
    read = {
        field.name: coerce(answers[field.name], field) for field in form.fields if answers.get(field.name, "").strip()
    }
    values = {name: value for name, value in read.items() if not isinstance(value, Problem)}
    problems = [value for value in read.values() if isinstance(value, Problem)]
    kind = str(values.get("jenis_kegiatan", ""))
    problems += [
        missing_answer(field, kind) for field in form.fields if is_required(field, kind) and field.name not in read
    ]
    problems += contradictions(form, values, answers)
    if problems:
        order = {field.name: place for place, field in enumerate(form.fields)}
        return BuildResult(
            record=None, problems=tuple(sorted(problems, key=lambda problem: order[problem.field or ""]))
        )
    return BuildResult(record=_record(values, kind), problems=())


def _record(values: Mapping[str, Value], kind: str) -> ActivityRecord:
    def text(name: str) -> str:
        return str(values[name])

    date, begins, ends, signed_on = (
        values[name] for name in ("tanggal", "waktu_mulai", "waktu_selesai", "tanggal_tanda_tangan")
    )
    # The reader of each kind returns this type; only a wrong schema could violate it.
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


# --- Required and contradicting answers

PEMBIMBING = ("nama_pembimbing", "nip_pembimbing")
SOURCE = "sumber_pembelajaran"
SELF_STUDY = "belajar_mandiri"
_GUIDED = ("coaching", "mentoring")


def is_required(field: Field, kind: str) -> bool:
    """Tell whether the field is required for that kind of activity; an unknown kind requires nothing extra."""
    if field.name in PEMBIMBING:
        return kind in _GUIDED
    if field.name == SOURCE:
        return kind == SELF_STUDY
    return field.required


def missing_answer(field: Field, kind: str) -> Problem:
    """Return the problem of a missing answer; it says for which kind of activity the answer is required."""
    wording = "missing_value.field"
    if field.name in PEMBIMBING:
        kind_label = make_problem(f"kind.{kind}")
        return make_problem("missing_value.guided", field=field.name, label=field_label(field.name), kind=kind_label)
    if field.name == SOURCE:
        wording = "missing_value.source"
    return make_problem(wording, field=field.name, label=field_label(field.name))


def contradictions(form: Form, values: Mapping[str, Value], answers: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for every pair of answers that cannot both be true; unreadable answers are not compared."""
    begins, ends = values.get("waktu_mulai"), values.get(END)
    if isinstance(begins, dt.time) and isinstance(ends, dt.time):
        zones = {zone for name in ("waktu_mulai", END) if (zone := zone_of(answers[name]))}
        if len(zones) > 1:
            yield problem_of_field(form.field(END), make_problem("invalid_value.zones"))
        elif (problem := impossible_span(begins, ends, written=answers[END])) is not None:
            yield problem_of_field(form.field(END), problem)
    if values.get("jenis_kegiatan") == SELF_STUDY:
        for name in PEMBIMBING:
            if name in values:
                yield problem_of_field(form.field(name), make_problem("invalid_value.alone"))
    employee = values.get("nip_pegawai")
    for name, wording in (
        ("nip_pembimbing", "invalid_value.own_nip.pembimbing"),
        ("nip_atasan", "invalid_value.own_nip.atasan"),
    ):
        if employee is not None and values.get(name) == employee:
            yield problem_of_field(form.field(name), make_problem(wording))
