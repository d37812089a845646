"""What other rooms put into Indonesian words, said on a page in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from service.monitoring import words as indonesian
from service.monitoring.evaluated import Mark
from service.policy import jp_text
from service.policy.duties import Duty, Work
from service.policy.ways import Suggestion, Way

_MARKS = {Mark.REACHED: "Reached", Mark.BEHIND: "Behind", Mark.OUT_OF_REACH: "20 JP out of reach"}
_PERIODS = {1: "January–April", 2: "May–August", 3: "September–December"}
_KINDS = {"coaching": "coaching", "mentoring": "mentoring", "belajar_mandiri": "self-study"}
_LEARNING = {
    "pelatihan": "Training",
    "workshop": "Workshop",
    "sosialisasi": "Information session",
    "seminar": "Seminar",
    "cmb_terdahulu": "CMB before this service",
    "lainnya": "Other",
}
_DUTIES = {
    Work.RECAP: "Each unit sends its summary of {part} to Biro SDM.",
    Work.EVALUATION: "Evaluation of {part}: who has not reached the target, and what is assigned.",
    Work.YEAR_END: "Activities for {part} take place by 31 December {part}.",
    Work.ISSUE: "The submissions of {part} are decided, then certificates are issued and sent to SIASN.",
}


def level(scope: str) -> str:
    """`nasional`, `internasional`."""
    return str({"nasional": _("nasional"), "internasional": _("internasional")}.get(scope, scope))


def learned(kind: str) -> str:
    """What kind of other learning: `Pelatihan`."""
    return (_LEARNING if _english() else indonesian.LEARNING).get(kind, kind)


def training(kind: str) -> str:
    """What somebody was assigned to."""
    return str(_("Coaching, mentoring, atau belajar mandiri")) if kind == "cmb" else learned(kind)


def marks() -> Mapping[Mark, str]:
    """How people stand towards the target, in their order."""
    return _MARKS if _english() else indonesian.MARKS


def period(number: int) -> str:
    """`September–Desember`."""
    return (_PERIODS if _english() else indonesian.PERIODS)[number]


def duty(told: Duty) -> str:
    """What a duty of the calendar asks."""
    return _DUTIES[told.work].format(part=told.part) if _english() else told.sentence


def suggestion(told: Suggestion) -> str:
    """What would bring somebody to 20 JP; nothing when it is reached."""
    if not _english():
        return indonesian.suggestion(told)
    sentence = _ways(told.ways)
    if not told.rest:
        return sentence
    other = f"{jp_text(told.rest)} JP from training, a workshop or an information session (5.f.6)."
    return f"{sentence} The remaining {other}" if sentence else f"Assign {other}"


def _ways(told: Sequence[Way]) -> str:
    """`Coaching 2 times and mentoring 1 time until June.`, the months apart where they differ."""
    months = {each.until for each in told}
    if len(months) > 1:
        text = _listed([f"{_way(each)} until {_month(each.until)}" for each in told])
    else:
        text = f"{_listed([_way(each) for each in told])} until {_month(months.pop())}" if told else ""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _way(told: Way) -> str:
    scope = "" if told.scope == "nasional" else "international "
    return f"{scope}{_KINDS[told.kind]} {told.times} {'time' if told.times == 1 else 'times'}"


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _month(number: int) -> str:
    return str(format_date(dt.date(dt.MINYEAR, number, 1), "LLLL"))


def _english() -> bool:
    return str(get_locale() or "id") == "en"
