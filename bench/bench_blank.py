"""A prefilled blank against a fresh render of the same page: milliseconds each, and how many times faster."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from forms.catalog import LAMPIRAN_I_V1, blank_bytes
from forms.fill import fill, prefill
from forms.genuine import genuine
from forms.publish import render_form
from forms.render import Renderer
from forms.serial import new_serial

KNOWN = {
    "nama_pegawai": "Contoh Pegawai, S.Kom.",
    "nip_pegawai": "199708212020122005",
    "unit_kerja": "Direktorat Contoh dan Percontohan",
    "jabatan": "Pranata Komputer Ahli Pertama",
    "pangkat_gol": "Penata Muda Tingkat I, III/b",
    "nama_atasan": "Contoh Atasan",
    "nip_atasan": "197503152000031002",
}
LONG = "Menyusun bahan kebijakan berbasis data, membaca tabel, dan menuliskannya dengan ringkas. " * 5
ANSWERS = dict.fromkeys(
    ("identifikasi_kebutuhan", "hubungan_tanggung_jawab", "kegiatan_pengembangan", "hasil_pengembangan"), LONG
)


def median_ms(work: Callable[[], object], times: int) -> float:
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    times = parser.parse_args().times
    form, renderer = LAMPIRAN_I_V1, Renderer()
    blank = blank_bytes(form)
    serial = new_serial(form, lambda count: bytes(range(count)))

    def prefilled_blank() -> bytes:
        return prefill(form, blank, serial=serial, answers=KNOWN, read_only=KNOWN)

    given = prefilled_blank()
    filled = fill(form, given, ANSWERS)
    fresh = median_ms(lambda: render_form(form, renderer), max(3, times // 5))
    prefilled = median_ms(prefilled_blank, times)
    print(f"fresh render          {fresh:8.1f} ms")
    print(f"prefilled blank       {prefilled:8.1f} ms   {fresh / prefilled:.0f} times faster")
    print(f"four long answers     {median_ms(lambda: fill(form, given, ANSWERS), times):8.1f} ms")
    print(f"genuine               {median_ms(lambda: genuine(filled, form), times):8.1f} ms")
    print(f"blank {len(blank) / 1000:.0f} kB, filled {len(filled) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
