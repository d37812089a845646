"""Which names of units look alike, so that people are asked before one unit becomes two."""

from __future__ import annotations

import pytest

from service.people.unit_names import similar_unit

SDM = "Biro Sumber Daya Manusia"


@pytest.mark.parametrize(
    ("written", "existing"),
    [
        ("BIRO SUMBER DAYA MANUSIA", SDM),
        ("Biro Sumber  Daya Manusia", SDM),
        ("Biro. Sumber Daya Manusia", SDM),
        ("Biro Sumber Daya Manusai", SDM),
        ("Biro SDM", SDM),
        ("Biro Sumberdaya Manusia", SDM),
        ("Biro Humas & Protokol", "Biro Humas dan Protokol"),
        ("Re\u0301gional Contoh", "R\u00e9gional Contoh"),
        ("Direktorat PP", "Direktorat Pengadaan dan Penilaian"),
    ],
)
def test_another_spelling_of_an_existing_unit_is_seen(written: str, existing: str) -> None:
    assert similar_unit(written, ["Inspektorat", existing]) == existing
    assert similar_unit(existing, [written]) == written


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kantor Regional I BKN", "Kantor Regional II BKN"),
        ("Kantor Regional 1", "Kantor Regional 11"),
        ("Kantor Regional Contoh", "Kantor Regional Contoh Barat"),
        ("Biro Hukum", "Biro Umum"),
        ("Subbagian A", "Subbagian B"),
        ("Biro Keuangan", "Biro Kepegawaian"),
        ("Direktorat Jabatan", "Direktorat Kinerja"),
        ("Biro", SDM),
    ],
)
def test_units_that_differ_on_purpose_are_not_asked_about(one: str, other: str) -> None:
    assert similar_unit(one, [other]) is None
    assert similar_unit(other, [one]) is None


def test_a_unit_does_not_look_like_itself() -> None:
    assert similar_unit(SDM, [SDM]) is None
