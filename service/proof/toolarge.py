"""Files that are not read at all because of their size: said so before a byte of them is in memory."""

from __future__ import annotations

from service.proof.answer import Answer
from service.proof.reasons import Verdict, told
from service.sources import LARGEST, Source
from signing.report import Report, Trouble


def unread(source: Source) -> Report | None:
    """The report of a file above the limit; None for one that may be read."""
    if source.size <= LARGEST:
        return None
    trouble = Trouble(
        code="too_large",
        message=f"Berkas sebesar {source.size / 2**20:.0f} MB melebihi batas {LARGEST // 2**20} MB.",
        hint="Unggah formulirnya saja, langsung dari aplikasi tanda tangan; lampiran dikirim terpisah.",
    )
    return Report(sha256=source.digest(), readable=False, problem=trouble, signatures=())


def refused_unread(source: Source) -> Answer | None:
    """The same as an answer of the proof."""
    report = unread(source)
    if report is None or report.problem is None:
        return None
    trouble = report.problem
    refusal = told(trouble.code, trouble.message, trouble.hint)
    return Answer(file=source.name, report=report, verdict=Verdict.FAILED, reasons=(refusal,))
