"""A yearly certificate by number of activities: milliseconds of processor time to issue, draw and read it back."""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from forms.certificate import CertificateContent, CertifiedActivity, KindTotal
from forms.certificate_pdf import draw_certificate
from forms.indonesian import MONTHS
from forms.typesetting.fonts import FontFamily
from parsers.certificate import differences, read_certificate
from service.certificates.issue import Issued, Reissue
from service.certificates.lifecycle import revoke
from service.store import migrate, open_store
from support.office import NOW, Office, open_office, plain_settings

STEPS = (1, 10, 60)
# What counts of every month, so that sixty activities stand on the certificate.
EVERY_MONTH = (("coaching", 3), ("coaching", 10), ("mentoring", 5), ("mentoring", 12), ("belajar_mandiri", 17))


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
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)


def issue_again(office: Office, times: int) -> tuple[Issued, float]:
    """Issue, revoke, issue the next number: every run draws, compares, seals, inspects and keeps a new certificate."""
    taken, reissue = [], None
    for _ in range(times):
        began = time.process_time()
        issued = office.issue(reissue=reissue)
        taken.append((time.process_time() - began) * 1000)
        reissue = Reissue(number=issued.certificate.number, reason="Pengukuran.")
        revoke(issued.certificate.number, "Pengukuran.", store=office.store, now=NOW, actor="biro")
    return issued, statistics.median(taken)


def issuing(office: Office, times: int) -> None:
    office.approved(EVERY_MONTH[0][0], tanggal=f"{EVERY_MONTH[0][1]} {MONTHS[0]} 2025")
    issue_again(office, 1)  # what a process does once
    done = 1
    for wanted in STEPS:
        for place in range(done, wanted):
            month, (kind, day) = MONTHS[place // len(EVERY_MONTH)], EVERY_MONTH[place % len(EVERY_MONTH)]
            office.approved(kind, tanggal=f"{day} {month} 2025")
        done = wanted
        issued, taken = issue_again(office, times)
        listed = len(issued.certificate.content["activities"])
        print(f"issue one certificate, {listed:2} activities  {taken:6.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    letters = FontFamily()
    for activities in STEPS:
        wanted = content(activities)
        drawn = draw_certificate(wanted, letters)
        print(f"{activities} activities, {len(drawn) / 1000:.0f} kB")
        print(f"  draw                 {median_ms(lambda it=wanted: draw_certificate(it, letters), times):8.1f} ms")
        print(f"  differences          {median_ms(lambda it=wanted, pdf=drawn: differences(it, pdf), times):8.1f} ms")
        print(f"  read a stranger's    {median_ms(lambda pdf=drawn: read_certificate(pdf), times):8.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'store.sqlite3'}"
        migrate(url)
        with open_store(database_url=url, storage_url=str(Path(folder) / "documents")) as store:
            issuing(open_office(store, plain_settings(folder)), times)


if __name__ == "__main__":
    main()
