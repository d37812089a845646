"""An activity as the law sees it: nothing the law has no words for ever reaches a rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.policy.errors import PolicyError

KINDS = ("coaching", "mentoring", "belajar_mandiri")
SCOPES = ("nasional", "internasional")


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """`date` and `begins` are those of the place where it happened; `minutes` only matters for belajar mandiri."""

    kind: str
    date: dt.date
    scope: str = "nasional"
    minutes: int | None = None
    begins: dt.time | None = None

    def __post_init__(self) -> None:
        """Refuse with `PolicyError` what cannot be judged, before any rule sees it."""
        if self.kind not in KINDS:
            raise PolicyError(f"Jenis kegiatan “{self.kind}” tidak dikenal. Pilih salah satu: {', '.join(KINDS)}.")
        if self.scope not in SCOPES:
            raise PolicyError(f"Tingkat “{self.scope}” tidak dikenal. Pilih salah satu: {', '.join(SCOPES)}.")
        if self.minutes is not None and self.minutes < 0:
            raise PolicyError(f"Lama kegiatan {self.minutes} menit tidak mungkin; menit tidak boleh negatif.")
        if isinstance(self.date, dt.datetime):
            raise PolicyError("Tanggal kegiatan tidak boleh memuat jam. Tulis tanggalnya saja.")
        if self.begins is not None and self.begins.tzinfo is not None:
            raise PolicyError("Waktu mulai ditulis menurut jam setempat. Hapus zona waktunya.")
