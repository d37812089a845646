"""A yearly certificate: milliseconds to draw it and to read it back, by number of activities."""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import time
from collections.abc import Callable
from decimal import Decimal

from forms.certificate import CertificateContent, CertifiedActivity, KindTotal, draw_certificate
from forms.letters import Letters
from parsers.certificate import differences, read_certificate


def content(activities: int) -> CertificateContent:
    one = CertifiedActivity(
        date=dt.date(2026, 4, 7),
        kind="coaching",
        scope="nasional",
        title="Pemahaman pola karier dan penyusunan kesenjangan kompetensi",
        guide="Contoh Pembimbing, S.Psi., M.Si.",
        jp=Decimal(2),
    )
    total = Decimal(2 * activities)
    return CertificateContent(
        number="CMB-2026-000123-K7Q2M9XD",
        year=2026,
        nip="199708212020122005",
        name="Contoh Pegawai, S.Kom.",
        grade="Penata Muda Tingkat I, III/b",
        position="Analis SDM Aparatur",
        unit="Biro Contoh",
        total_jp=total,
        target=Decimal(20),
        by_kind=(KindTotal(kind="coaching", label="Coaching", activities=activities, jp=total),),
        activities=(one,) * activities,
        norms=("Contoh norma pertama", "Contoh norma kedua", "Contoh norma ketiga"),
        place="Jakarta",
        issued_on=dt.date(2027, 1, 11),
        official_name="Contoh Pejabat, S.H.",
        official_nip="197203151998031002",
        official_position="Kepala Biro Contoh",
        check_url="https://contoh.example/periksa/CMB-2026-000123-K7Q2M9XD",
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
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    letters = Letters()
    for activities in (1, 10, 60):
        wanted = content(activities)
        drawn = draw_certificate(wanted, letters)
        print(f"{activities} activities, {len(drawn) / 1000:.0f} kB")
        print(f"  draw                 {median_ms(lambda it=wanted: draw_certificate(it, letters), times):8.1f} ms")
        print(f"  differences          {median_ms(lambda it=wanted, pdf=drawn: differences(it, pdf), times):8.1f} ms")
        print(f"  read a stranger's    {median_ms(lambda pdf=drawn: read_certificate(pdf), times):8.1f} ms")


if __name__ == "__main__":
    main()
