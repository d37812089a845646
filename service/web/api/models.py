"""What programs send and what they get, declared once: checks of input, answers and the OpenAPI document come from it.

Names of classes are the names in the document. A field whose annotation is `Maybe` may be left out, but not be null;
`| None` is a value that may be null.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from service.law import KINDS, SCOPES, jp_text
from service.notifications.messages import EVENTS
from service.records import SEAL_LEVELS, CertificateState, Decision, Status
from service.store.jobs import BatchState, ItemState

Json = dict[str, Any]
T = TypeVar("T")
H = TypeVar("H", bound=Hashable)

# --- How a declared type is read and written


@dataclass(frozen=True, slots=True)
class _Inner:
    """Check the value itself: the None beside it stands only for "left out"."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (inner,) = (kind for kind in get_args(source) if kind is not type(None))
        return handler.generate_schema(inner)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these words."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        words = list(self.words)
        return core_schema.custom_error_schema(
            core_schema.literal_schema(words),
            custom_error_type="not_one_of",
            custom_error_message="none of the words",
            custom_error_context={"words": words},
        )


@dataclass(frozen=True, slots=True)
class JsonOf:
    """JSON that a feature writes in the shape of `model`; it is sent as it is."""

    model: type[Any]

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        unchanged = core_schema.simple_ser_schema("any")
        return core_schema.no_info_after_validator_function(
            lambda value: value, handler.generate_schema(self.model), serialization=unchanged
        )


def _number(value: object) -> object:
    """Return the number that a text of the address is; other texts are refused as no number."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"-?[0-9]{1,40}", value):
        raise PydanticCustomError("int_type", "no number")
    return int(value)


def _day(value: object) -> dt.date:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_type", "no date")


def _unrepeated(values: tuple[H, ...]) -> tuple[H, ...]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("repeated", "repeated")
    return values


def _is_left_out(value: object) -> bool:
    return value is None


Maybe = Annotated[T | None, Field(exclude_if=_is_left_out), _Inner()]
Digits = Annotated[T, BeforeValidator(_number)]
_UNIQUE: Json = {"uniqueItems": True}

# --- Values

# No control characters: people do not type them, and PostgreSQL stores no NUL.
_PLAIN = "^[^\\u0000-\\u001f\\u007f]*$"
_LETTERS = "[0-9A-HJKMNP-TV-Z]"
Nip = Annotated[str, Field(pattern="^[0-9]{18}$", min_length=18, max_length=18)]
Year = Annotated[int, Field(ge=2022, le=2999)]
Number = Annotated[
    str, Field(pattern=f"^CMB-[0-9]{{4}}-[0-9]{{6}}-{_LETTERS}{{8}}$", examples=["CMB-2026-000123-K7Q2M9XD"])
]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
SubmissionId = Annotated[str, Field(pattern=f"^K-{_LETTERS}{{10}}$")]
BatchId = Annotated[str, Field(pattern=f"^B-{_LETTERS}{{10}}$")]
WebhookId = Annotated[str, Field(pattern=f"^W-{_LETTERS}{{10}}$")]
Moment = Annotated[
    AwareDatetime, PlainSerializer(dt.datetime.isoformat), WithJsonSchema({"type": "string", "format": "date-time"})
]
Day = Annotated[
    dt.date,
    PlainValidator(_day),
    PlainSerializer(dt.date.isoformat),
    WithJsonSchema({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
]
Jp = Annotated[
    Decimal,
    PlainSerializer(jp_text),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "examples": ["2.4"]}),
]
Count = Annotated[int, Field(ge=0)]
Measure = Annotated[float, Field(ge=0)]
Activity = Annotated[str, OneOf(KINDS)]
Scope = Annotated[str, OneOf(SCOPES)]
Verdict = Annotated[str, OneOf(("passed", "review", "failed"))]
EventName = Annotated[str, OneOf(EVENTS)]
Pdf = Annotated[str, Field(json_schema_extra={"contentEncoding": "base64", "contentMediaType": "application/pdf"})]


class Sent:
    """Base of what programs send: nothing else is allowed, nothing is converted."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)


class Answered:
    """Base of what programs get: every field is there, more may be added later."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True)


def _described(text: str) -> ConfigDict:
    """Return the settings of an answer that the document says this about."""
    return ConfigDict(strict=True, json_schema_extra={"description": text})


# --- Parameters: those named in the operation's path, and those of the query


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing(Sent):
    """No parameters, or no body that is an object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paged(Sent):
    """Base of lists: how many at once."""

    limit: Digits[Annotated[int, Field(ge=1, le=200, description="Paling banyak sekian butir; bawaan 50.")]] = 50


_CURSOR = Field(description="`next_cursor` dari halaman sebelumnya.")
_OF_EMPLOYEE = Field(description="Hanya milik pegawai ini.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(Sent):
    """What is asked beside an uploaded form."""

    file_name: Annotated[
        str,
        Field(pattern=_PLAIN, min_length=1, max_length=120, description="Nama berkas menurut pengirimnya."),
    ] = "formulir.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionsAsked(_Paged):
    """Which submissions are asked for."""

    employee_nip: Annotated[Maybe[Nip], _OF_EMPLOYEE] = None
    cursor: Annotated[Maybe[SubmissionId], _CURSOR] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSubmission(Sent):
    """The submission in the address."""

    id: Annotated[SubmissionId, Field(description="Nomor kiriman.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesAsked(_Paged):
    """Which certificates are asked for."""

    nip: Annotated[Maybe[Nip], _OF_EMPLOYEE] = None
    year: Annotated[Maybe[Digits[Year]], Field(description="Hanya tahun ini.")] = None
    cursor: Annotated[Maybe[Number], _CURSOR] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCertificate(Sent):
    """The certificate in the address."""

    number: Annotated[Number, Field(description="Nomor sertifikat.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedNumber(Sent):
    """A certificate's number as people type it."""

    number: Annotated[
        str, Field(pattern=_PLAIN, min_length=1, max_length=60, description="Nomor, seperti orang mengetiknya.")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneYear(Sent):
    """A person's year."""

    nip: Annotated[Nip, Field(description="Pegawai.")]
    year: Annotated[Digits[Year], Field(description="Tahun kalender.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchesAsked(_Paged):
    """Which page of batches is asked for."""

    cursor: Annotated[Maybe[BatchId], _CURSOR] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneBatch(Sent):
    """The batch in the address."""

    id: Annotated[BatchId, Field(description="Nomor pekerjaan.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsAsked(_Paged):
    """Which items of a batch are asked for."""

    id: Annotated[BatchId, Field(description="Nomor pekerjaan.")]
    cursor: Annotated[Maybe[Digits[Annotated[int, Field(ge=0, le=10**8)]]], _CURSOR] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWebhook(Sent):
    """The webhook in the address."""

    id: Annotated[WebhookId, Field(description="Nomor webhook.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesAsked(_Paged):
    """Which deliveries to a webhook are asked for."""

    id: Annotated[WebhookId, Field(description="Nomor webhook.")]
    cursor: Annotated[Maybe[Digits[Annotated[int, Field(ge=1, le=10**9 - 1)]]], _CURSOR] = None


# --- Bodies


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWanted(Sent):
    """The blank form to be made."""

    kind: Activity
    employee_nip: Nip
    scope: Scope = "nasional"
    meeting: Annotated[int, Field(ge=1, le=4)] = 1
    pembimbing_nip: Maybe[Nip] = None
    day: Maybe[Day] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewing(Sent):
    """The numbers that are to get this year's archive time stamp; without them all valid ones that wait for it."""

    numbers: Maybe[
        Annotated[
            tuple[Number, ...],
            Field(min_length=1, max_length=1000, json_schema_extra=_UNIQUE),
            AfterValidator(_unrepeated),
        ]
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing(Sent):
    """The year, and if given only the employees, whose certificates are to be issued.

    `reissue` are revoked certificates to be issued again, with the `reason` for it.
    """

    year: Year
    nips: Maybe[
        Annotated[
            tuple[Nip, ...],
            Field(min_length=1, max_length=1000, json_schema_extra=_UNIQUE),
            AfterValidator(_unrepeated),
        ]
    ] = None
    early: Maybe[bool] = None
    reissue: Maybe[
        Annotated[
            tuple[Number, ...],
            Field(min_length=1, max_length=1000, json_schema_extra=_UNIQUE),
            AfterValidator(_unrepeated),
        ]
    ] = None
    reason: Maybe[Annotated[str, Field(pattern=_PLAIN, min_length=3, max_length=500)]] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation(Sent):
    """Why a certificate is revoked; whoever checks it reads this."""

    reason: Annotated[str, Field(pattern=_PLAIN, min_length=3, max_length=500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWanted(Sent):
    """The address to be added and the events it is for."""

    url: Annotated[str, Field(pattern="^https?://[!-~]+$", min_length=10, max_length=500)]
    events: Annotated[
        tuple[EventName, ...],
        Field(min_length=1, max_length=len(EVENTS), json_schema_extra=_UNIQUE),
        AfterValidator(_unrepeated),
    ]


# --- Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Answered):
    """One thing that is wrong with what was sent."""

    place: str
    message: str
    code: Maybe[str] = None
    params: Maybe[Json] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Answered):
    """An error (RFC 9457), with everything wrong in `errors`."""

    __pydantic_config__: ClassVar[ConfigDict] = _described(
        "RFC 9457; `errors` menyebut setiap isi yang keliru: `code` dan `params` bagi program, `message` bagi orang."
    )

    type: Annotated[str, Field(json_schema_extra={"format": "uri"})]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    hint: str
    code: Maybe[str] = None
    params: Maybe[Json] = None
    errors: Maybe[tuple[Fault, ...]] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Answered):
    """One reason of a verdict (contract); those of earlier versions have no `title`, `weight` or `params`."""

    code: str
    message: str
    hint: str
    cites: tuple[str, ...]
    title: Maybe[str] = None
    weight: Maybe[Verdict] = None
    params: Maybe[Json] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedForm(Answered):
    """The published form a blank was made from."""

    id: str
    version: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Answered):
    """A blank with its PDF."""

    serial: str
    form: PublishedForm
    kind: Activity
    scope: Scope
    meeting: Count
    employee_nip: Nip
    pembimbing_nip: Nip | None
    supervisor_nip: Nip
    digest: Digest
    prepared_at: Moment
    pdf: Pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Answered):
    """A submission in a list."""

    id: SubmissionId
    digest: Digest
    file_name: str
    received_at: Moment
    status: Status
    decision: Decision
    decided_at: Moment | None
    decision_reason: str | None
    employee_nip: Nip | None
    kind: str | None
    date: Day | None
    minutes: Count | None
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionPage(Answered):
    """A page of submissions."""

    items: tuple[Submission, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionWhole(Answered):
    """A submission with the answer of `cmb verify` when it was received."""

    __pydantic_config__: ClassVar[ConfigDict] = _described("`answer` adalah jawaban `cmb verify` saat berkas diterima.")

    submission: Submission
    answer: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Answered):
    """What became of an uploaded form."""

    __pydantic_config__: ClassVar[ConfigDict] = _described(
        "`kept`: diterima sebagai formulir lengkap, `state` statusnya. `moved`: formulir yang "
        "sedang beredar maju ke penanda tangan berikutnya, atau sudah sejauh itu. `unmoved`: berkas disimpan, "
        "tetapi formulir tidak maju."
    )

    outcome: Annotated[str, OneOf(("kept", "moved", "unmoved"))]
    state: str
    digest: Digest
    submission: SubmissionId | None
    serial: str | None
    verdict: Verdict | None
    reasons: tuple[Annotated[Json, JsonOf(Reason)], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Answered):
    """What one rule of the law found in one activity."""

    rule: str
    outcome: str
    because: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedActivity(Answered):
    """An activity with its JP."""

    kind: Activity
    scope: Scope
    date: Day
    minutes: Count | None
    jp: Jp
    counted: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Answered):
    """A person's year in JP."""

    nip: Nip
    year: Year
    total: Jp
    target: Jp
    items: tuple[Annotated[Json, JsonOf(AssessedActivity)], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Answered):
    """A certificate."""

    number: Number
    nip: Nip
    year: Year
    jp: Jp
    state: CertificateState
    sha256: Digest | None
    level: Annotated[str, OneOf(SEAL_LEVELS)] | None
    issued_at: Moment | None
    ended_at: Moment | None
    end_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePage(Answered):
    """A page of certificates."""

    items: tuple[Certificate, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Answered):
    """What the public may know of a certificate, with the NIP masked."""

    __pydantic_config__: ClassVar[ConfigDict] = _described("`nip` tersamar, seperti pada halaman pemeriksaan.")

    state: Annotated[str, OneOf(("valid", "revoked", "superseded", "altered", "unconfirmed", "unknown"))]
    number: Number | None
    year: Year | None
    jp: Jp | None
    holder: str | None
    issued_at: Moment | None
    nip: Maybe[str] = None
    level: Annotated[Maybe[str], OneOf(SEAL_LEVELS)] = None
    reason: Maybe[str] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Answered):
    """How far a batch is."""

    total: Count
    waiting: Count
    done: Count
    failed: Count
    outcomes: dict[str, Count]
    per_second: Measure
    seconds_left: Measure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Answered):
    """Long work and its progress."""

    id: BatchId
    kind: str
    title: str
    state: BatchState
    created_at: Moment
    ended_at: Moment | None
    problem: str | None
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage(Answered):
    """A page of batches."""

    items: tuple[Batch, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem(Answered):
    """One item of a batch and its outcome."""

    place: Count
    name: str
    state: ItemState
    outcome: str | None
    answer: Json | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItemPage(Answered):
    """A page of items."""

    items: tuple[BatchItem, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(Answered):
    """An address that events are sent to."""

    id: WebhookId
    url: str
    events: tuple[EventName, ...]
    created_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWithSecret(Webhook):
    """The same with its secret, said once."""

    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPage(Answered):
    """All webhooks of the account."""

    items: tuple[Webhook, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Answered):
    """One event on its way to a webhook."""

    __pydantic_config__: ClassVar[ConfigDict] = _described(
        "`last_answer`: status HTTP yang diterima, atau sepatah kata mengapa tidak ada."
    )

    id: Count
    event: EventName
    body: Json
    created_at: Moment
    state: Annotated[str, OneOf(("waiting", "delivered", "given_up"))]
    tries: Count
    next_at: Moment | None
    delivered_at: Moment | None
    last_answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage(Answered):
    """A page of deliveries."""

    items: tuple[Delivery, ...]
    next_cursor: str | None
