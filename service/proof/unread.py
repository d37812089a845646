"""Files no verdict is given on: too large, not to be opened, or too much for our readers; each is told why."""

from __future__ import annotations

from service.errors import BadInput
from service.proof.answer import Answer
from service.proof.reasons import Reason, Verdict, reason, told
from service.sources import LARGEST, Source
from signing.report import Report, Trouble


def content_of(source: Source) -> bytes | Report:
    """The bytes of a file, or the report of one that is not read at all; a byte too much is never in memory."""
    if source.size > LARGEST:
        trouble = Trouble(
            code="too_large",
            message=f"Berkas sebesar {source.size / 2**20:.0f} MB melebihi batas {LARGEST // 2**20} MB.",
            hint="Unggah formulirnya saja, langsung dari aplikasi tanda tangan; lampiran dikirim terpisah.",
        )
        return Report(sha256=source.digest(), readable=False, problem=trouble, signatures=())
    try:
        return source.read()
    except BadInput as error:
        trouble = Trouble(code="broken_pdf", message=error.message, hint=error.hint)
        return Report(sha256="", readable=False, problem=trouble, signatures=())


def refused_unread(source: Source, report: Report) -> Answer:
    """The answer of the proof for a file that is not read."""
    reasons: tuple[Reason, ...] = ()
    if report.problem is not None:
        reasons = (told(report.problem.code, report.problem.message, report.problem.hint),)
    return Answer(file=source.name, report=report, verdict=Verdict.FAILED, reasons=reasons)


def given_up(source: Source, cause: str) -> Answer:
    """The answer for a file that was too much for the reader: nobody is accused, a person looks at it."""
    why = reason("reader_gave_up", sebab=_CAUSES[cause])
    trouble = Trouble(code=why.code, message=why.message, hint=why.hint)
    report = Report(sha256=source.digest(), readable=False, problem=trouble, signatures=())
    return Answer(file=source.name, report=report, verdict=Verdict.REVIEW, reasons=(why,))


_CAUSES = {
    "time": "melewati batas waktu",
    "memory": "melewati batas memori",
    "crash": "terhenti mendadak",
}
