"""A piece of other learning as it is told, and everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from forms.indonesian import comma, long_date

KINDS = ("pelatihan", "workshop", "sosialisasi", "seminar", "cmb_terdahulu", "lainnya")
# More than a year of working hours is a slip of the pen.
MOST_JP = Decimal(2000)
_PLACES = -3


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One piece of learning, not checked yet."""

    nip: str
    kind: str
    title: str
    organiser: str
    starts: dt.date
    ends: dt.date
    jp: Decimal

    @property
    def key(self) -> tuple[str, str, str, dt.date]:
        """The same person, kind, title and first day are the same learning."""
        return self.nip, self.kind, self.title, self.starts


def wrong(draft: Draft, today: dt.date) -> list[str]:
    """All that is wrong, as sentences; empty when it can be kept."""
    found = []
    if draft.kind not in KINDS:
        found.append(f"jenis “{draft.kind}” tidak dikenal ({', '.join(KINDS)}).")
    if not draft.title.strip():
        found.append("judul kosong.")
    if not draft.organiser.strip():
        found.append("penyelenggara kosong.")
    if draft.ends < draft.starts:
        found.append(f"selesai {long_date(draft.ends)} mendahului mulai {long_date(draft.starts)}.")
    if draft.ends > today:
        found.append(f"selesai {long_date(draft.ends)} belum tiba; catat sesudah kegiatan selesai.")
    if not 0 < draft.jp <= MOST_JP:
        found.append(f"jp {comma(draft.jp)} tidak mungkin; isi angka lebih dari 0, paling banyak {MOST_JP}.")
    elif int(draft.jp.as_tuple().exponent) < _PLACES:
        found.append(f"jp {comma(draft.jp)} terlalu rinci; paling banyak tiga angka di belakang koma.")
    return found
