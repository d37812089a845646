"""The text of e-mails in both languages: a subject and a sentence or two for each kind of message.

They name people only where the reader must know whose form it is; reasons and answers are read after signing in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from parsers.values import indonesian_date
from service.notifications.messages import Message
from service.store.notifications import DueEmail, Notification


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text; the placeholders are filled from `Notification.about`."""

    subject: str
    text: str


INDONESIAN: Mapping[str, Words] = {
    Message.WAITING: Words(
        "Formulir menunggu tanda tangan Anda",
        "Formulir dari {employee} menunggu tanda tangan Anda sebagai {role}.",
    ),
    Message.REMINDER: Words(
        "Pengingat: formulir masih menunggu tanda tangan Anda",
        "Formulir dari {employee} masih menunggu tanda tangan Anda sebagai {role}.",
    ),
    Message.RETURNED: Words(
        "Formulir Anda dikembalikan",
        "{by} mengembalikan formulir Anda. Baca alasannya di layanan ini, perbaiki, lalu kirim lagi.",
    ),
    Message.VERIFIED: Words(
        "Formulir Anda lulus pemeriksaan",
        "Formulir {submission} lulus pemeriksaan dan menunggu pengesahan Biro SDM. "
        "Tidak ada yang perlu Anda lakukan sekarang.",
    ),
    Message.REFUSED: Words(
        "Formulir Anda belum dapat diterima",
        "Formulir {submission} tersimpan, tetapi tidak lulus pemeriksaan. "
        "Alasan dan langkah berikutnya dapat Anda baca di layanan ini.",
    ),
    Message.APPROVED: Words(
        "Formulir Anda disahkan",
        "Biro SDM mengesahkan formulir {submission}. JP Anda sudah bertambah sesuai ketentuan.",
    ),
    Message.REJECTED: Words(
        "Formulir Anda ditolak",
        "Biro SDM menolak formulir {submission}. Alasannya dapat Anda baca di layanan ini.",
    ),
    Message.CERTIFICATE: Words(
        "Sertifikat Anda siap diunduh",
        "Sertifikat tahun {year} dengan nomor {number} sudah terbit dan siap diunduh.",
    ),
    Message.REVOKED: Words(
        "Sertifikat Anda tidak berlaku lagi",
        "Sertifikat {number} dicabut. Alasannya dapat Anda baca di layanan ini.",
    ),
    Message.BEHIND: Words(
        "JP Anda belum mencapai sasaran",
        "Pada evaluasi terakhir, JP Anda tahun {year} masih di bawah sasaran. "
        "Lihat kegiatan yang masih dapat dihitung dan rencanakan bersama atasan Anda.",
    ),
    Message.RECAP_DUE: Words(
        "Rekapitulasi triwulanan perlu dikirim",
        "Rekapitulasi {unit} untuk triwulan {quarter} perlu diperiksa dan dikirim kepada Biro SDM.",
    ),
    Message.DELEGATED: Words(
        "Anda ditunjuk menandatangani atas nama pejabat lain",
        "Anda menandatangani untuk {from} dari {starts} sampai {ends}.",
    ),
    Message.WITHDRAWAL_ASKED: Words(
        "Pencabutan pengesahan menunggu persetujuan Anda",
        "Seorang rekan di Biro SDM meminta pengesahan formulir {submission} dicabut. Baca alasannya, lalu setujui atau "
        "tolak.",
    ),
    Message.WITHDRAWN: Words(
        "Pengesahan sebuah formulir dicabut",
        "Biro SDM mencabut pengesahan formulir {submission}; JP bulan dan tahunnya dihitung ulang. "
        "Alasannya dapat dibaca di layanan ini.",
    ),
    Message.RECAP_CHANGED: Words(
        "Rekapitulasi triwulanan berubah",
        "Isi rekapitulasi {unit} untuk triwulan {quarter} berubah karena sebuah pengesahan dicabut. Periksa, lalu "
        "kirim versi berikutnya kepada Biro SDM.",
    ),
    Message.ROLES_ASKED: Words(
        "Pemberian peran menunggu persetujuan Anda",
        "Seorang admin meminta peran {person} diubah. Periksa di layanan ini, lalu setujui atau tolak.",
    ),
    Message.ROLES_SET: Words(
        "Peran pegawai diubah",
        "Peran {person} di layanan ini diubah oleh {by}. Bila ini tidak seharusnya, beri tahu admin segera.",
    ),
    Message.PASSWORD_RESET: Words(
        "Kata sandi diganti dengan yang baru",
        "Kata sandi pertama yang baru diberikan untuk akun {person} oleh {by}; semua sesi sebelumnya berakhir. "
        "Bila ini bukan permintaannya, beri tahu admin segera.",
    ),
    Message.REPRESENTED: Words(
        "Seseorang menandatangani atas nama Anda",
        "{to} menandatangani atas nama Anda dari {starts} sampai {ends}. Bila ini tidak seharusnya, akhiri di "
        "layanan ini.",
    ),
    Message.DELEGATION_ASKED: Words(
        "Delegasi panjang menunggu persetujuan Anda",
        "{to} diusulkan menandatangani atas nama Anda dari {starts} sampai {ends}. Karena lebih dari 92 hari, "
        "delegasi itu baru berlaku setelah Anda setujui.",
    ),
    Message.ASSIGNED: Words(
        "Anda mendapat penugasan pengembangan kompetensi",
        "Pimpinan unit kerja menugaskan Anda (nomor {assignment}), selambat-lambatnya {ends}.",
    ),
    Message.LEARNING_APPROVED: Words(
        "Pembelajaran lain Anda disahkan",
        "Biro SDM mengesahkan pembelajaran {learning}. JP-nya dihitung terpisah dari CMB.",
    ),
    Message.LEARNING_REJECTED: Words(
        "Pembelajaran lain Anda tidak disahkan",
        "Biro SDM tidak mengesahkan pembelajaran {learning}. Alasannya dapat Anda baca di layanan ini.",
    ),
    Message.EVALUATION_DUE: Words(
        "Evaluasi empat bulanan perlu dilihat",
        "Evaluasi masa {period} tahun {year} siap: siapa belum mencapai sasaran, dan apa yang dapat ditugaskan.",
    ),
    Message.ISSUE_DUE: Words(
        "Sertifikat setahun perlu diterbitkan",
        "Tahun {year} sudah berakhir. Putuskan kiriman yang masih menunggu, lalu terbitkan sertifikatnya.",
    ),
    Message.DECISIONS_WAIT: Words(
        "Kiriman menunggu keputusan Biro SDM",
        "{count} kiriman menunggu keputusan lebih dari {days} hari.",
    ),
    Message.SIGNATURE_FOUND: Words(
        "Tanda tangan Anda lewat BSrE ditemukan",
        "Jawaban BSrE yang terputus sudah diperoleh: formulirnya memuat tanda tangan Anda. "
        "Jangan menandatangani ulang.",
    ),
    Message.SIGNATURE_UNKNOWN: Words(
        "Tanda tangan Anda lewat BSrE belum dapat dipastikan",
        "Layanan ini tidak memperoleh berkas bertanda tangan dari BSrE untuk satu formulir. Periksa riwayat pada "
        "BSrE, lalu unggah berkasnya, atau tandatangani ulang bila ternyata belum.",
    ),
}

ENGLISH: Mapping[str, Words] = {
    Message.WAITING: Words(
        "A form is waiting for your signature", "A form from {employee} is waiting for your signature as {role}."
    ),
    Message.REMINDER: Words(
        "Reminder: a form is still waiting for your signature",
        "A form from {employee} is still waiting for your signature as {role}.",
    ),
    Message.RETURNED: Words(
        "Your form was returned",
        "{by} returned your form. Read the reason in the service, correct the form, and send it again.",
    ),
    Message.VERIFIED: Words(
        "Your form passed the check",
        "Form {submission} passed the check and is waiting for approval by Biro SDM. There is nothing to do for now.",
    ),
    Message.REFUSED: Words(
        "Your form could not be accepted yet",
        "Form {submission} is kept safely, but it did not pass the check. "
        "The reasons and what to do next are in the service.",
    ),
    Message.APPROVED: Words(
        "Your form was approved", "Biro SDM approved form {submission}. Your learning hours (JP) were added."
    ),
    Message.REJECTED: Words(
        "Your form was rejected", "Biro SDM rejected form {submission}. The reason is in the service."
    ),
    Message.CERTIFICATE: Words(
        "Your certificate is ready", "The certificate of {year}, number {number}, was issued and is ready for download."
    ),
    Message.REVOKED: Words(
        "Your certificate no longer holds", "Certificate {number} was revoked. The reason is in the service."
    ),
    Message.BEHIND: Words(
        "Your learning hours are behind the target",
        "At the last evaluation your learning hours (JP) of {year} were below the target. "
        "See which activities can still count and plan them with your supervisor.",
    ),
    Message.RECAP_DUE: Words(
        "A quarterly summary is due", "The summary of {unit} for {quarter} is to be checked and sent to Biro SDM."
    ),
    Message.DELEGATED: Words(
        "You were appointed to sign for another official", "You sign for {from} from {starts} to {ends}."
    ),
    Message.WITHDRAWAL_ASKED: Words(
        "The withdrawal of an approval waits for your consent",
        "A colleague in Biro SDM asks that the approval of form {submission} be withdrawn. Read the reason, then "
        "agree or decline.",
    ),
    Message.WITHDRAWN: Words(
        "The approval of a form was withdrawn",
        "Biro SDM withdrew the approval of form {submission}; the learning hours (JP) of its month and year were "
        "counted anew. The reason is in the service.",
    ),
    Message.RECAP_CHANGED: Words(
        "A quarterly summary has changed",
        "The summary of {unit} for {quarter} has changed because an approval was withdrawn. Check it, then send the "
        "next version to Biro SDM.",
    ),
    Message.ROLES_ASKED: Words(
        "A change of roles waits for your consent",
        "An admin asks that the roles of {person} be changed. Look at it in the service, then agree or decline.",
    ),
    Message.ROLES_SET: Words(
        "Roles of an employee were changed",
        "The roles of {person} in this service were changed by {by}. If this should not be, tell an admin at once.",
    ),
    Message.PASSWORD_RESET: Words(
        "A new first password was given",
        "A new first password for the account of {person} was given by {by}; all earlier sessions ended. If nobody "
        "asked for this, tell an admin at once.",
    ),
    Message.REPRESENTED: Words(
        "Somebody signs on your behalf",
        "{to} signs on your behalf from {starts} to {ends}. If this should not be, end it in the service.",
    ),
    Message.DELEGATION_ASKED: Words(
        "A long delegation waits for your consent",
        "{to} is proposed to sign on your behalf from {starts} to {ends}. Being longer than 92 days, it holds only "
        "once you agree.",
    ),
    Message.ASSIGNED: Words(
        "You were given a development assignment",
        "Your head of unit gave you an assignment (number {assignment}), to be done by {ends}.",
    ),
    Message.LEARNING_APPROVED: Words(
        "Your other learning was approved",
        "Biro SDM approved your learning {learning}. Its JP are counted apart from CMB.",
    ),
    Message.LEARNING_REJECTED: Words(
        "Your other learning was not approved",
        "Biro SDM did not approve your learning {learning}. The reason is in the service.",
    ),
    Message.EVALUATION_DUE: Words(
        "A four-month evaluation is due",
        "The evaluation of period {period} of {year} is ready: who is behind, and what can be assigned.",
    ),
    Message.ISSUE_DUE: Words(
        "The year's certificates are to be issued",
        "The year {year} is over. Decide the submissions that still wait, then issue the certificates.",
    ),
    Message.DECISIONS_WAIT: Words(
        "Submissions wait for Biro SDM", "{count} submissions have waited for a decision for more than {days} days."
    ),
    Message.SIGNATURE_FOUND: Words(
        "Your signature through BSrE was found",
        "BSrE's answer had been cut off and has arrived now: the form carries your signature. Do not sign again.",
    ),
    Message.SIGNATURE_UNKNOWN: Words(
        "It is not known whether you signed through BSrE",
        "The service did not get the signed file of a form from BSrE. Look into the history at BSrE, then upload "
        "the file, or sign again if it was not signed.",
    ),
}

WORDS: Mapping[str, Mapping[str, Words]] = {"id": INDONESIAN, "en": ENGLISH}

ROLES: Mapping[str, Mapping[str, str]] = {
    "id": {"pegawai": "pegawai", "pembimbing": "pembimbing", "atasan": "atasan langsung"},
    "en": {"pegawai": "employee", "pembimbing": "coach or mentor", "atasan": "direct supervisor"},
}
# Subject of a digest by how many messages it holds.
DIGEST: Mapping[str, str] = {"id": "{count} pesan untuk Anda", "en": "{count} messages for you"}


# --- The e-mail

# The pages a message links to: the page looks up what it is about, so that the address tells nothing.
MESSAGE_PLACE, ACCOUNT_PLACE = "/pesan", "/data-saya"


def compose_email(
    due: Sequence[DueEmail], *, names: Mapping[str, str], base_url: str, sender: str, now: dt.datetime
) -> EmailMessage:
    """Return one e-mail, as plain text and HTML, with these messages to one person; `names` by NIP of those mentioned.

    ValueError when the address cannot be written to.
    """
    first = due[0]
    language = first.language
    paragraphs = [
        {
            "text": message_text(item.notification, language, names),
            "link": f"{base_url}{MESSAGE_PLACE}/{item.notification.id}",
        }
        for item in due
    ]
    payload = {
        "language": language,
        "name": first.name,
        "paragraphs": paragraphs,
        "account": f"{base_url}{ACCOUNT_PLACE}",
    }
    message = EmailMessage()
    message["From"] = sender
    message["To"] = _address(first.email)
    message["Subject"] = f"[CMB] {_subject(due, language)}"
    message["Date"] = format_datetime(now)
    # The same for every attempt, so that a server or reader that has it already recognises it.
    message["Message-ID"] = f"<pesan-{first.notification.id}-{len(due)}@{urlsplit(base_url).hostname or 'cmb'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_environment().get_template("letter.txt").render(payload))
    message.add_alternative(_environment().get_template("letter.html").render(payload), subtype="html")
    return message


def mentioned(notification: Notification) -> set[str]:
    """Return the NIPs a message mentions."""
    return {str(value) for key, value in notification.about.items() if key.endswith("_nip")}


def heading(notification: Notification, language: str) -> str:
    """Return the subject of a message."""
    return WORDS[language][notification.kind].subject


def _subject(due: Sequence[DueEmail], language: str) -> str:
    if len(due) > 1:
        return DIGEST[language].format(count=len(due))
    return heading(due[0].notification, language)


def message_text(notification: Notification, language: str, names: Mapping[str, str]) -> str:
    """Return the text of a message; KeyError for a kind that another version of the service wrote."""
    facts: dict[str, Any] = {}
    for key, value in notification.about.items():
        if key.endswith("_nip"):
            facts[key.removesuffix("_nip")] = names.get(str(value), str(value))
        elif key in {"starts", "ends"}:
            facts[key] = _day(dt.date.fromisoformat(value), language)
        elif key == "role":
            facts[key] = ROLES[language].get(value, value)
        else:
            facts[key] = value
    return WORDS[language][notification.kind].text.format(**facts)


def _day(day: dt.date, language: str) -> str:
    return indonesian_date(day) if language == "id" else f"{day.day} {day:%B %Y}"


def _address(email: str) -> str:
    """Return the address alone; ValueError for a second address or anything that starts a new header."""
    local, _, domain = email.strip().rpartition("@")
    if not local or not domain or any(character in email for character in '\r\n,;<>" \t'):
        raise ValueError("not an address")
    return email.strip()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("service.notifications"),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
