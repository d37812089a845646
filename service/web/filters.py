"""Template filters, the menu, and labels of stored codes, in the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Flask, current_app, request
from flask_babel import format_date, get_locale, gettext
from flask_babel import lazy_gettext as _

from forms.indonesian import ZONES
from service.demo.sample import parts
from service.law import jp_text
from service.law.duties import Duty, DutyKind
from service.law.outlook import Suggestion, Way
from service.monitoring import wording as indonesian
from service.monitoring.evaluation import Mark
from service.records import ActivityFacts
from service.verification.reasons import Reason
from service.verification.wording import shown_reason
from service.web.auth import current_visitor
from service.web.context import current_services
from service.web.i18n import advice, reader, said, translate
from service.web.requests import attachments_of

_MEGA = 1_000_000


def install(app: Flask) -> None:
    app.jinja_env.filters |= {
        "day": day,
        "moment": moment,
        "clock": clock,
        "hours": hours,
        "jp": jp,
        "nip": nip,
        "size": size,
        "kind": kind,
        "level": level,
        "learned": learned,
        "duty": duty,
        "translated": translate,
        "said": said,
        "advice": advice,
        "reason_words": reason_words,
        "training": training,
        "holder": holder,
    }
    # Globals, because imported macros do not see the context.
    app.jinja_env.globals |= {
        "event_label": event_label,
        "has_endpoint": app.view_functions.__contains__,
        "attachments_of": attachments_of,
        "sample_people": lambda: parts() if current_services().settings.sample else (),
    }
    app.context_processor(_request_variables)


def _request_variables() -> dict[str, object]:
    settings = current_services().settings
    return {"visitor": current_visitor(), "menu": menu(), "sample": settings.sample, "mails": settings.mail is not None}


def reason_words(reason: Mapping[str, Any] | Reason) -> dict[str, Any]:
    """Return a reason with title, message and hint in the reader's language."""
    return shown_reason(reason, reader())


def kind(value: str) -> str:
    """`Belajar mandiri`."""
    return {
        "coaching": "Coaching",
        "mentoring": "Mentoring",
        "belajar_mandiri": str(gettext("Belajar mandiri")),
    }.get(value, value)


def holder(subject: str) -> str:
    """`Cahya Lestari`: the common name in a certificate's subject (RFC 4514)."""
    found = re.search(r"(?:^|,)CN=((?:\\.|[^,\\])+)", subject)
    return re.sub(r"\\(.)", r"\1", found.group(1)) if found else subject


def day(value: dt.date | str | None) -> str:
    """`7 April 2026`."""
    if not value:
        return ""
    date = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(date, "d MMMM yyyy", rebase=False))


def moment(value: dt.datetime | str | None) -> str:
    """`7 April 2026 09.00 WIB`, in the agency's time zone."""
    if not value:
        return ""
    local = _local(value)
    return f"{day(local.date())} {clock(local)}"


def clock(value: dt.datetime | dt.time | str) -> str:
    """`09.00 WIB` of a moment, `09.00` of a time of day (English: `09:00`)."""
    dot = "." if str(get_locale() or "id") == "id" else ":"
    if isinstance(value, dt.time):
        return value.strftime(f"%H{dot}%M")
    local = _local(value)
    offset = (local.utcoffset() or dt.timedelta()) // dt.timedelta(hours=1)
    return f"{local.strftime(f'%H{dot}%M')} {ZONES.get(offset, local.strftime('%Z'))}"


def hours(value: ActivityFacts | Mapping[str, str]) -> str:
    """`22.30–00.30 hari berikutnya` of an activity or of its record in `verify`'s JSON (English: `22:30–00:30`)."""
    if isinstance(value, Mapping):
        begins, ends = (dt.time.fromisoformat(value[name]) for name in ("begins", "ends"))
    else:
        begins, ends = value.begins, value.ends
    span = f"{clock(begins)}–{clock(ends)}"
    return str(gettext("%(hours)s hari berikutnya", hours=span)) if ends <= begins else span


def jp(value: Decimal | str) -> str:
    """`2,4` (English: `2.4`)."""
    text = jp_text(Decimal(value))
    return text.replace(".", ",") if str(get_locale() or "id") == "id" else text


def nip(value: str | None) -> str:
    """`19970821 202012 2 005`: grouped as on letters (8-6-1-3)."""
    digits = value or ""
    if len(digits) != 18:  # noqa: PLR2004 - the length of a NIP
        return digits
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def size(value: int) -> str:
    """`1,2 MB`, `34 KB`."""
    text = f"{max(value // 1000, 1)} KB" if value < _MEGA else f"{value / _MEGA:.1f} MB"
    return text.replace(".", ",") if str(get_locale() or "id") == "id" else text


def _local(value: Any) -> dt.datetime:
    when: dt.datetime = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return when.astimezone(current_services().settings.timezone)


# --- Menu


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """One link of the menu, shown to those with one of the roles (no roles: to everybody signed in)."""

    endpoint: str
    label: object
    roles: tuple[str, ...] = ()

    @property
    def aria_current(self) -> str:
        """`page` on that page, `true` on other pages of its blueprint when it is for some roles only, else empty."""
        if request.endpoint == self.endpoint:
            return "page"
        return "true" if self.roles and request.blueprint == self.endpoint.partition(".")[0] else ""


ENTRIES = (
    MenuEntry(endpoint="pegawai.home", label=_("Beranda")),
    MenuEntry(endpoint="pegawai.activities", label=_("Kegiatan saya")),
    MenuEntry(endpoint="signing.waiting", label=_("Menunggu tanda tangan saya")),
    MenuEntry(endpoint="pegawai.certificates", label=_("Sertifikat")),
    MenuEntry(endpoint="unit.overview", label=_("Unit saya"), roles=("pengelola", "pimpinan")),
    MenuEntry(endpoint="biro.overview", label=_("Biro SDM"), roles=("biro_sdm",)),
    MenuEntry(endpoint="admin.overview", label=_("Admin"), roles=("admin",)),
)


def menu() -> tuple[MenuEntry, ...]:
    """Return the menu of the current visitor."""
    visitor = current_visitor()
    if visitor is None:
        return ()
    return tuple(
        entry
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions and (not entry.roles or visitor.holds(*entry.roles))
    )


# --- Labels that other packages have in Indonesian only

_MARKS = {Mark.REACHED: "Reached", Mark.BEHIND: "Behind", Mark.OUT_OF_REACH: "Target out of reach"}
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
    DutyKind.RECAP: "Each unit sends its summary of {part} to Biro SDM.",
    DutyKind.EVALUATION: "Evaluation of {part}: who has not reached the target, and what is assigned.",
    DutyKind.YEAR_END: "Activities for {part} take place by 31 December {part}.",
    DutyKind.ISSUE: "The submissions of {part} are decided, then certificates are issued and sent to SIASN.",
}


def level(scope: str) -> str:
    """`nasional`, `internasional`."""
    return str({"nasional": gettext("nasional"), "internasional": gettext("internasional")}.get(scope, scope))


def learned(kind: str) -> str:
    """The kind of other learning: `Pelatihan`."""
    return (_LEARNING if _english() else indonesian.LEARNING).get(kind, kind)


def training(kind: str) -> str:
    """The kind of learning of an assignment."""
    return str(gettext("Coaching, mentoring, atau belajar mandiri")) if kind == "cmb" else learned(kind)


def marks() -> Mapping[Mark, str]:
    """Return the labels of the marks, in their order."""
    return _MARKS if _english() else indonesian.MARKS


def period(number: int) -> str:
    """`September–Desember`."""
    return (_PERIODS if _english() else indonesian.PERIODS)[number]


def duty(value: Duty) -> str:
    """The sentence of a duty in the calendar."""
    return _DUTIES[value.work].format(part=value.part) if _english() else value.sentence


def suggestion(value: Suggestion) -> str:
    """Return the sentence on what would bring somebody to the target; empty when it is reached."""
    if not _english():
        return indonesian.suggestion(value)
    sentence = _ways(value.ways)
    if not value.rest:
        return sentence
    other = f"{jp_text(value.rest)} JP from training, a workshop or an information session (5.f.6)."
    return f"{sentence} The remaining {other}" if sentence else f"Assign {other}"


def _ways(ways: Sequence[Way]) -> str:
    """`Coaching 2 times and mentoring 1 time until June.`; each with its own month where they differ."""
    months = {way.until for way in ways}
    if len(months) > 1:
        text = _enumeration([f"{_way(way)} until {_month(way.until)}" for way in ways])
    else:
        text = f"{_enumeration([_way(way) for way in ways])} until {_month(months.pop())}" if ways else ""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _way(way: Way) -> str:
    scope = "" if way.scope == "nasional" else "international "
    return f"{scope}{_KINDS[way.kind]} {way.times} {'time' if way.times == 1 else 'times'}"


def _enumeration(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _month(number: int) -> str:
    return str(format_date(dt.date(dt.MINYEAR, number, 1), "LLLL"))


def _english() -> bool:
    return str(get_locale() or "id") == "en"


# --- Labels of token scopes

SCOPE_LABELS = {
    "forms:write": _("Membuat formulir"),
    "submissions:read": _("Membaca formulir yang dikirim"),
    "submissions:write": _("Mengirim formulir"),
    "jp:read": _("Membaca jam pelajaran"),
    "certificates:read": _("Membaca sertifikat"),
    "certificates:issue": _("Menerbitkan sertifikat (Biro SDM)"),
    "certificates:revoke": _("Mencabut sertifikat (Biro SDM)"),
    "checks:read": _("Memeriksa keaslian sertifikat"),
    "batches:read": _("Membaca kemajuan pekerjaan panjang"),
    "batches:write": _("Menghentikan pekerjaan panjang"),
    "webhooks:read": _("Membaca alamat webhook (Biro SDM)"),
    "webhooks:write": _("Mengatur alamat webhook (Biro SDM)"),
}


# --- Labels of the event log

_EVENT_LABELS = {
    "submission.received": _("Berkas diterima dan disimpan"),
    "submission.verified": _("Lulus pemeriksaan"),
    "submission.review": _("Diteruskan kepada Biro SDM untuk dilihat"),
    "submission.refused": _("Belum dapat diterima"),
    "submission.approved": _("Disahkan oleh Biro SDM"),
    "submission.rejected": _("Tidak disahkan oleh Biro SDM"),
    "submission.reverified": _("Diperiksa lagi"),
    "blank.prepared": _("Formulir dibuat"),
    "circulation.started": _("Draf dimulai"),
    "circulation.saved": _("Draf disimpan"),
    "circulation.signed": _("Ditandatangani"),
    "circulation.returned": _("Dikembalikan kepada pegawai"),
    "circulation.withdrawn": _("Ditarik oleh pegawai"),
    "circulation.kept": _("Berkas diterima dan disimpan"),
    "circulation.refused": _("Berkas tidak dapat dipakai"),
    "circulation.unsigned": _("Berkas tanpa tanda tangan baru disimpan"),
    "circulation.out_of_turn": _("Ditandatangani sebelum gilirannya"),
    "circulation.unknown_next": _("Penanda tangan berikutnya tidak ada pada data kepegawaian"),
    "circulation.unknown_signer": _("Menunggu pencocokan sertifikat penanda tangan"),
    "circulation.submitted": _("Diserahkan"),
    "circulation.reminded": _("Diingatkan"),
    "gateway.started": _("Dikirim ke BSrE untuk ditandatangani"),
    "gateway.signed": _("Ditandatangani lewat BSrE"),
    "gateway.refused": _("Belum jadi ditandatangani lewat BSrE"),
    "gateway.unknown": _("Jawaban BSrE terputus; hasilnya belum diketahui"),
    "gateway.settled": _("Hasil dari BSrE sudah diketahui"),
    "gateway.looked": _("Hasil dari BSrE ditanyakan lagi"),
    "gateway.looked_in_vain": _("Hasil dari BSrE tidak dapat dipastikan"),
    "attachment.added": _("Lampiran ditambahkan"),
    "attachment.removed": _("Lampiran dihapus"),
    "account.opened": _("Akun dibuka"),
    "account.signed_in": _("Masuk ke layanan ini"),
    "account.refused": _("Percobaan masuk ditolak"),
    "proxy.untrusted": _("Permintaan datang melalui proxy yang tidak dipercaya"),
    "account.password_set": _("Kata sandi diganti"),
    "account.reset": _("Kata sandi pertama yang baru diberikan"),
    "account.closed": _("Akun ditutup"),
    "account.reopened": _("Akun dibuka lagi"),
    "account.linked": _("Akun instansi dihubungkan"),
    "signer.enrolled": _("Sertifikat penanda tangan didaftarkan"),
    "signer.ended": _("Sertifikat penanda tangan tidak dipakai lagi"),
    "signer.proposed": _("Sertifikat penanda tangan diusulkan"),
    "signer.confirmed": _("Usulan sertifikat penanda tangan dibenarkan"),
    "signer.declined": _("Usulan sertifikat penanda tangan ditolak"),
    "token.made": _("Token dibuat"),
    "token.revoked": _("Token dicabut"),
    "certificate.intended": _("Sertifikat tahunan disiapkan"),
    "certificate.issued": _("Sertifikat tahunan diterbitkan"),
    "certificate.renewed": _("Stempel waktu arsip ditambahkan"),
    "certificate.shared": _("Sertifikat tahunan dibagikan"),
    "certificate.unshared": _("Sertifikat tahunan tidak dibagikan lagi"),
    "certificate.reissued": _("Sertifikat tahunan diterbitkan kembali setelah pencabutan"),
    "certificate.superseded": _("Sertifikat tahunan digantikan"),
    "certificate.unconfirmed": _("Catatan sertifikat tidak dapat dipastikan"),
    "certificate.revoked": _("Sertifikat tahunan dicabut"),
    "employee.roles_set": _("Peran diubah"),
    "approval.withdrawal_asked": _("Pencabutan pengesahan diminta"),
    "approval.withdrawn": _("Pengesahan dicabut oleh Biro SDM"),
    "approval.withdrawal_declined": _("Pengesahan tidak jadi dicabut"),
    "roles.asked": _("Perubahan peran menunggu admin kedua"),
    "roles.declined": _("Perubahan peran ditolak"),
    "delegation.made": _("Delegasi dibuat"),
    "delegation.asked": _("Delegasi menunggu persetujuan pejabatnya"),
    "delegation.agreed": _("Delegasi disetujui pejabatnya"),
    "delegation.ended": _("Delegasi diakhiri"),
    "assignment.made": _("Penugasan dibuat"),
    "assignment.done": _("Penugasan selesai"),
    "assignment.cancelled": _("Penugasan dibatalkan"),
    "learning.entered": _("Pembelajaran lain dicatat"),
    "learning.approved": _("Pembelajaran lain disahkan oleh Biro SDM"),
    "learning.rejected": _("Pembelajaran lain tidak disahkan oleh Biro SDM"),
    "card.made": _("Kartu pengendali disiapkan untuk ditandatangani"),
    "card.signed": _("Kartu pengendali ditandatangani"),
    "recap.sent": _("Rekapitulasi triwulan dikirim ke Biro SDM"),
    "paper.signed": _("Naskah ditandatangani"),
    "siasn.accepted": _("Sertifikat tercatat di SIASN"),
    "siasn.found": _("Sertifikat sudah tercatat di SIASN"),
    "employees.imported": _("Data pegawai diimpor"),
    "unit.renamed": _("Unit kerja berganti nama"),
    "units.merged": _("Unit kerja digabung"),
    "months.recounted": _("JP dihitung ulang"),
    "batch.asked": _("Pekerjaan besar diserahkan"),
    "batch.cancelled": _("Pekerjaan besar dihentikan"),
    "webhook.added": _("Alamat webhook ditambahkan"),
    "webhook.ended": _("Alamat webhook tidak dipakai lagi"),
    "trust.added": _("Sertifikat akar dipercaya"),
    "trust.removed": _("Sertifikat akar tidak dipercaya lagi"),
    "reminders.told": _("Pengingat disampaikan"),
    "sample.registered": _("Kantor contoh dibuat"),
}


def event_label(action: str) -> str:
    """Return the label of an event's action; the action itself when it is not known any more."""
    if action.startswith("submission."):  # the others are reasons why a file could not be stored
        return str(_EVENT_LABELS.get(action, _("Berkas tidak dapat disimpan")))
    return str(_EVENT_LABELS.get(action, action))
