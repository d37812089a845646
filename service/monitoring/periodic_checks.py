"""The report's last sections: what verification said and why it refused, certificates issued, other learning."""

from __future__ import annotations

from decimal import Decimal

from forms.dossier import Bars, Section, Table
from service.monitoring.periodic import Periodic
from service.monitoring.words import LEARNING, share
from service.records import Decision, Status
from service.store.outcomes import Outcomes

MOST_REASONS = 10
_STATES = {"issued": "Berlaku", "superseded": "Digantikan", "revoked": "Dicabut"}


def checks_section(outcomes: Outcomes) -> Section:
    """Of everything received in the span, as it stands now."""
    approved, rejected = outcomes.of(decision=Decision.APPROVED), outcomes.of(decision=Decision.REJECTED)
    refused = outcomes.of(status=Status.REFUSED, decision=Decision.PENDING)
    waiting = outcomes.received - approved - rejected - refused
    counts = (
        ("Disahkan Biro SDM", approved),
        ("Ditolak Biro SDM", rejected),
        ("Tidak lulus pemeriksaan", refused),
        ("Menunggu", waiting),
    )
    table = Table(
        title="Formulir yang diterima pada masa ini",
        columns=("Hasil", "Formulir", "Bagian"),
        rows=tuple((name, number, share(number, outcomes.received)) for name, number in counts),
        total=("Semua", outcomes.received, share(outcomes.received, outcomes.received)),
        widths=(40, 15, 15),
    )
    return Section(
        heading="Hasil verifikasi",
        charts=(_reasons_chart(outcomes),) if outcomes.refusals else (),
        tables=(
            table,
            Table(
                title="Alasan tidak lulus pemeriksaan yang paling sering",
                columns=("Alasan", "Formulir"),
                rows=tuple(outcomes.refusals.most_common(MOST_REASONS)),
                widths=(55, 15),
            ),
            Table(
                title="Alasan penolakan Biro SDM yang paling sering",
                columns=("Alasan", "Formulir"),
                rows=tuple(outcomes.rejections.most_common(MOST_REASONS)),
                widths=(55, 15),
            ),
        ),
    )


def issued_section(report: Periodic) -> Section:
    """Certificates, and what was learned besides CMB."""
    certificates = Table(
        title="Sertifikat yang terbit pada masa ini",
        columns=("Keadaan sekarang", "Sertifikat"),
        rows=tuple((name, report.certificates.get(state, 0)) for state, name in _STATES.items()),
        total=("Semua", sum(report.certificates.values())),
        widths=(40, 15),
    )
    found = report.other_learning
    learning = Table(
        title="Pembelajaran lain yang disahkan (tidak termasuk JP di atas)",
        columns=("Jenis", "Kegiatan", "JP"),
        rows=tuple((name, *found[kind]) for kind, name in LEARNING.items() if kind in found),
        total=("Semua", sum(each[0] for each in found.values()), sum((each[1] for each in found.values()), Decimal(0))),
        widths=(40, 15, 15),
    )
    return Section(heading="Sertifikat dan pembelajaran lain", tables=(certificates, learning))


def _reasons_chart(outcomes: Outcomes) -> Bars:
    top = outcomes.refusals.most_common(MOST_REASONS)
    told = "; ".join(f"{title}: {number} formulir" for title, number in top)
    return Bars(
        title="Alasan tidak lulus pemeriksaan",
        bars=tuple((title, Decimal(number)) for title, number in top),
        unit="formulir",
        told=f"Diagram batang alasan tidak lulus pemeriksaan. {told}.",
        upright=False,
    )
