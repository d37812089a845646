"""Raw answers become one typed record, or a list of everything that is wrong with them, all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from forms.schema import Form
from parsers.records import ActivityRecord, Employee, Person, Problem
from parsers.rules import SELF_STUDY, contradictions, missing, needs
from parsers.times import minutes_between
from parsers.values import Value, coerce

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
