"""Job 3, issue: one living certificate per employee and year, sealed; idempotent whatever is killed when."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from forms.certificate import SEAL_BOX, CertificateContent, CertifiedActivity, KindTotal
from forms.certificate_pdf import draw_certificate
from forms.indonesian import moment_text
from forms.typesetting.fonts import FontFamily
from parsers.certificate import differences
from parsers.values import pangkat
from service.bootstrap import open_key, seal_key_of, timestamper_of, trust_of
from service.certificates.lasting import level_of, make_lasting, require_level
from service.config import Official, Settings, local_day
from service.errors import MissingResource, NotGranted, ServiceError
from service.identifiers import certificate_number
from service.language import Message, Reader, words
from service.law import AssessedActivity
from service.notifications.messages import notify_issued, notify_revoked
from service.records import Certificate, CertificateState, EmployeeEntry, Event, Submission
from service.store import Store, Tenure, WriteTransaction
from service.store.certificates import Copy, Seal
from service.store.errors import StaysRevoked
from service.year import Accumulation, accumulate
from signing.keys import KeyHolder
from signing.revocation.fetch import Network
from signing.sign import seal
from signing.stamp import Stamp
from signing.timestamps import Timestamper
from signing.trust import Trust
from signing.validation.inspect import inspect


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueContext:
    """The dependencies of issuing: fonts, the agency's key, its time-stamp authority, the font of the stamp.

    `crls` and `network` say where the status of the seal's and the authority's certificates may be learnt.
    """

    letters: FontFamily
    holder: KeyHolder
    timestamper: Timestamper | None
    timestamp_roots: tuple[bytes, ...]
    font: bytes
    settings: Settings
    crls: tuple[bytes, ...] = ()
    network: Network | None = None

    def trust(self, now: dt.datetime) -> Trust:
        """Return what the seal is judged by: the root of its own key, and what is known about revocation."""
        return Trust(
            roots=(self.anchor,),
            timestamp_roots=self.timestamp_roots,
            moment=now,
            crls=self.crls,
            network=self.network,
        )

    @property
    def anchor(self) -> bytes:
        """The certificate (DER) that ends the key's chain."""
        return self.holder.chain[-1] if self.holder.chain else self.holder.certificate


def open_issue_context(
    settings: Settings,
    *,
    store: Store,
    clock: Callable[[], dt.datetime],
    key: Path | None = None,
    passphrase_file: Path | None = None,
    timestamp_url: str | None = None,
) -> IssueContext:
    """Return the context of issuing; `key`, `passphrase_file` and `timestamp_url` replace those of the settings."""
    from forms.catalog import form_font
    from forms.typesetting.fonts import FontFamily

    trust = trust_of(store, settings, clock())
    return IssueContext(
        letters=FontFamily(),
        holder=seal_key_of(settings) if key is None else open_key(key, passphrase_file),
        timestamper=timestamper_of(timestamp_url or settings.timestamp_url, settings, clock),
        timestamp_roots=trust.timestamp_roots,
        font=form_font(),
        settings=settings,
        crls=trust.crls,
        network=trust.network,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissue:
    """A person's decision to issue a certificate again after `number` was revoked."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate and its sealed bytes; `new` is False when it had been issued before.

    `level` is the PAdES level of these bytes, and `because` why it is not the highest, where that is known.
    """

    certificate: Certificate
    content: bytes
    new: bool
    level: str
    because: Message | None = None


def issue(
    nip: str,
    year: int,
    *,
    store: Store,
    issue_context: IssueContext,
    now: dt.datetime,
    randomness: Callable[[int], bytes],
    actor: str,
    early: bool = False,
    reissue: Reissue | None = None,
) -> Issued:
    """Issue and return the year's certificate of one employee; NotGranted (with the reason) when there is none to give.

    The same approved activities give the same bytes again. Other activities supersede the old certificate, and so does
    a correction of the person recorded after the issue. It shows the person as they were last in the year.

    Where the last one was revoked there is none to give (StillRevoked), whatever was approved since, until a person
    decides so: `reissue`. A decision that was carried out is not carried out twice.
    """
    # (1) Is it granted? The year is over (5.b.8: once a year), something was approved and counts.
    if year >= local_day(now, issue_context.settings).year and not early:
        raise NotGranted("certificate_too_early", year=year)
    with store.reading() as tx:
        employee = tx.employees.in_year(nip, year) or tx.employees.get(nip)
        accumulation = accumulate(nip, year, tx)
        living, intention = tx.certificates.living(nip, year), tx.certificates.intention(nip, year)
        revoked = tx.certificates.standing_revocation(nip, year)
    if employee is None:
        raise NotGranted("certificate_for_unknown_nip", nip=nip)
    if accumulation.assessment.total <= 0:
        raise NotGranted("certificate_without_jp", name=employee.name, year=year)
    decided = reissue or _decision_of(intention)
    if revoked is not None and (decided is None or decided.number != revoked.number):
        raise StillRevoked(revoked, issue_context.settings)
    if reissue is not None and revoked is None and (living is None or living.reissues != reissue.number):
        raise NotGranted("reissue_not_awaited", number=reissue.number)
    # (2) What was intended and not finished (a killed process) is finished first, word for word.
    if intention is not None:
        if revoked is not None and reissue is not None:
            with store.transaction() as tx:
                intention = tx.certificates.reissue(intention.number, revoked=reissue.number, reason=reissue.reason)
        finished = _finish(intention, store=store, issue_context=issue_context, now=now, actor=actor)
        living = finished.certificate
        if is_current(living, accumulation, employee):
            return finished
    # (3) The same basis, and nothing corrected: the same bytes.
    if living is not None and is_current(living, accumulation, employee):
        return _as_issued(living, store=store, issue_context=issue_context)
    # (4) Reserve the number and keep the intention before anything is sealed.
    basis = accumulation.basis
    if living is not None and _same_activities(living, accumulation):
        basis = accumulation.basis_with(identity_of(employee))
    build = _intend(
        accumulation,
        employee,
        basis=basis,
        issue_context=issue_context,
        now=now,
        randomness=randomness,
        reissue=reissue if revoked is not None else None,
    )
    with store.transaction() as tx:
        reserved = tx.certificates.reserve(nip, year, build)
        if reserved.intended_at == now:  # else it was there already
            detail = {"supersedes": living.number} if living else _reissued(reserved)
            event = Event(at=now, actor=actor, action="certificate.intended", subject=reserved.number, detail=detail)
            tx.events.append(event)
    if reserved.state is CertificateState.ISSUED:  # another run was faster, on the same basis
        return _as_issued(reserved, store=store, issue_context=issue_context)
    # (5) to (9)
    return _finish(reserved, store=store, issue_context=issue_context, now=now, actor=actor)


class StillRevoked(NotGranted):
    """The year's certificate of a person is revoked; `certificate` is that one."""

    def __init__(self, certificate: Certificate, settings: Settings) -> None:
        said = revocation(certificate, settings)
        super().__init__(said.code, **said.params)
        self.certificate = certificate


def revocation(certificate: Certificate, settings: Settings) -> Message:
    """Return number, day and reason of a revocation; its hint says how the certificate is issued again."""
    number, reason = certificate.number, certificate.end_reason or Message("revocation_reason_unrecorded")
    if certificate.ended_at is None:
        return Message("certificate_revoked.undated", number=number, reason=reason)
    day = local_day(certificate.ended_at, settings)
    return Message("certificate_revoked", number=number, day=day, reason=reason)


def _decision_of(intention: Certificate | None) -> Reissue | None:
    if intention is None or intention.reissues is None:
        return None
    return Reissue(number=intention.reissues, reason=intention.reissue_reason or "")


def _reissued(certificate: Certificate) -> dict[str, str]:
    """Return what the log says of a decision to issue again; empty without one."""
    if certificate.reissues is None:
        return {}
    return {"reissues": certificate.reissues, "reason": certificate.reissue_reason or ""}


def is_current(living: Certificate, accumulation: Accumulation, employee: EmployeeEntry | Tenure) -> bool:
    """Tell whether a living certificate says what would be issued now.

    Its data of the person are compared only with corrections recorded after it was made: an older certificate is not
    superseded by what was not known at its time.
    """
    recorded_at = employee.recorded_at if isinstance(employee, Tenure) else None
    corrected = (
        recorded_at is not None
        and recorded_at > living.intended_at
        and identity_of(employee) != _certified_identity(living)
    )
    return _same_activities(living, accumulation) and not corrected


def _same_activities(living: Certificate, accumulation: Accumulation) -> bool:
    return living.basis in {accumulation.basis, accumulation.basis_with(_certified_identity(living))}


def _certified_identity(certificate: Certificate) -> tuple[str, ...]:
    return tuple(str(certificate.content[name]) for name in ("name", "grade", "position", "unit"))


def _intend(
    accumulation: Accumulation,
    employee: EmployeeEntry | Tenure,
    *,
    basis: str,
    issue_context: IssueContext,
    now: dt.datetime,
    randomness: Callable[[int], bytes],
    reissue: Reissue | None,
) -> Callable[[int], Certificate]:
    official = issue_context.settings.official
    if official is None:
        raise MissingResource("certificate_official_missing")

    def build(sequence: int) -> Certificate:
        number = certificate_number(accumulation.year, sequence, randomness)
        content = certificate_content(
            accumulation,
            employee,
            number=number,
            official=official,
            check_url=issue_context.settings.check_url,
            issued_on=local_day(now, issue_context.settings),
        )
        return Certificate(
            number=number,
            nip=employee.nip,
            year=accumulation.year,
            sequence=sequence,
            jp=accumulation.assessment.total,
            state=CertificateState.INTENDED,
            content=content.to_json(),
            basis=basis,
            digest=None,
            intended_at=now,
            reissues=reissue.number if reissue else None,
            reissue_reason=reissue.reason if reissue else None,
        )

    return build


def _finish(
    intention: Certificate, *, store: Store, issue_context: IssueContext, now: dt.datetime, actor: str
) -> Issued:
    content = CertificateContent.from_json(intention.content)
    # (5) Render, (6) read back and compare: nobody seals a page that says something else than the register.
    drawn = draw_certificate(content, issue_context.letters)
    differing = differences(content, drawn)
    if differing:
        raise ServiceError("certificate_drawn_otherwise", number=intention.number, parts=differing)
    # (7) Seal, (8) inspect our own seal as a stranger would, and make it last as long as can be.
    sealed = seal(
        drawn,
        holder=issue_context.holder,
        at=now,
        timestamper=issue_context.timestamper,
        stamp=_stamp(content, issue_context, now),
        box=SEAL_BOX,
        reason=f"Sertifikat {intention.number}",
    )
    lasting = make_lasting(sealed, timestamper=issue_context.timestamper, trust=issue_context.trust(now))
    require_level(lasting, issue_context.settings.seal_level)
    # (9) Keep: bytes first, then the row; an older living certificate ends in the same transaction.
    digest = store.keep_document(lasting.content)
    sealed_with = hashlib.sha256(issue_context.holder.certificate).hexdigest()
    with store.transaction() as tx, _as_still_revoked():
        tx.certificates.keep_seal(Seal(fingerprint=sealed_with, anchor=issue_context.anchor, first_used_at=now))
        older = tx.certificates.living(intention.nip, intention.year)
        issued = tx.certificates.keep_issued(intention.number, digest, now)
        if issued.digest == digest:  # else another run finished the same intention first, and its bytes are kept
            copy = Copy(digest=digest, number=issued.number, level=lasting.level, made_at=now)
            tx.certificates.keep_copy(copy, after=None)
            detail = {"digest": digest, "level": lasting.level}
            event = Event(at=now, actor=actor, action="certificate.issued", subject=issued.number, detail=detail)
            tx.events.append(event)
            if older is not None:
                by = {"superseded_by": issued.number}
                tx.events.append(
                    Event(at=now, actor=actor, action="certificate.superseded", subject=older.number, detail=by)
                )
            if issued.reissues is not None:
                again = _reissued(issued)
                tx.events.append(
                    Event(at=now, actor=actor, action="certificate.reissued", subject=issued.number, detail=again)
                )
            notify_issued(tx, issued, now)
            issued = _still_granted(issued, tx, now=now, actor=actor)
    if issued.digest != digest:
        return replace(_as_issued(issued, store=store, issue_context=issue_context), new=True)
    return Issued(certificate=issued, content=lasting.content, new=True, level=lasting.level, because=lasting.because)


def _as_issued(certificate: Certificate, *, store: Store, issue_context: IssueContext) -> Issued:
    """Return what was issued before, as it was kept; its level is read where it was not."""
    content = _document(certificate, store)
    with store.reading() as tx:
        copy = tx.certificates.copy_of_digest(certificate.digest or "")
        anchors = tuple({issue_context.anchor, *(seal.anchor for seal in tx.certificates.seals())})
    level = copy.level if copy is not None else None
    if level is None:
        at = certificate.issued_at or certificate.intended_at
        level = level_of(inspect(content, trust=replace(issue_context.trust(at), roots=anchors, network=None)))
    return Issued(certificate=certificate, content=content, new=False, level=level)


def _still_granted(issued: Certificate, tx: WriteTransaction, *, now: dt.datetime, actor: str) -> Certificate:
    """Return the certificate, revoked at once when an approval it rests on was withdrawn while it was made."""
    tx.submissions.alone_with(issued.nip)
    if accumulate(issued.nip, issued.year, tx).assessment.total >= issued.jp:
        return issued
    why = words(Message("certificate_rests_on_less"), Reader())
    tx.certificates.end(issued.number, CertificateState.REVOKED, now, why, None)
    tx.events.append(
        Event(at=now, actor=actor, action="certificate.revoked", subject=issued.number, detail={"reason": why})
    )
    notify_revoked(tx, issued, now)
    return tx.certificates.find(issued.number) or issued


@contextmanager
def _as_still_revoked() -> Iterator[None]:
    """Answer no where somebody revoked the certificate while its successor was drawn."""
    try:
        yield
    except StaysRevoked as error:
        number = str(error.params["number"])
        raise NotGranted("certificate_revoked.meanwhile", number=number, why=Message.of(error)) from error


def _stamp(content: CertificateContent, issue_context: IssueContext, now: dt.datetime) -> Stamp:
    return Stamp(
        heading="Disegel secara elektronik oleh:",
        name="Badan Kepegawaian Negara",
        lines=(content.number, moment_text(now, issue_context.settings.timezone)),
        qr_text=content.check_url,
        font=issue_context.font,
    )


def _document(certificate: Certificate, store: Store) -> bytes:
    """Return (10) the sealed bytes, as kept."""
    if certificate.digest is None:
        raise ServiceError("certificate_unfinished", number=certificate.number)
    return store.document(certificate.digest)


# --- The content of a certificate

KIND_LABELS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}


def certificate_content(
    accumulation: Accumulation,
    employee: EmployeeEntry | Tenure,
    *,
    number: str,
    official: Official,
    check_url: str,
    issued_on: dt.date,
) -> CertificateContent:
    """Return the certificate of that year; only counted activities are listed, their JP add up to the total."""
    counted = [
        (submission, item)
        for submission, item in zip(accumulation.submissions, accumulation.assessment.items, strict=True)
        if item.counted
    ]
    name, grade, position, unit = identity_of(employee)
    return CertificateContent(
        number=number,
        year=accumulation.year,
        nip=employee.nip,
        name=name,
        grade=grade,
        position=position,
        unit=unit,
        total_jp=accumulation.assessment.total,
        target=accumulation.assessment.target,
        by_kind=tuple(_kind_total(kind, label, counted) for kind, label in KIND_LABELS.items()),
        activities=tuple(_activity(submission, item) for submission, item in counted),
        norms=_norms(counted),
        place=official.place,
        issued_on=issued_on,
        official_name=official.name,
        official_nip=official.nip,
        official_position=official.position,
        check_url=f"{check_url}/{number}",
    )


def identity_of(employee: EmployeeEntry | Tenure) -> tuple[str, str, str, str]:
    """Return name, grade with its pangkat, position and unit, as a certificate shows them."""
    rank = pangkat(employee.grade)
    grade = f"{rank}, {employee.grade}" if rank else employee.grade
    return employee.name, grade, employee.position, employee.unit


def _kind_total(kind: str, label: str, counted: list[tuple[Submission, AssessedActivity]]) -> KindTotal:
    jps = [item.jp for _, item in counted if item.activity.kind == kind]
    return KindTotal(kind=kind, label=label, activities=len(jps), jp=sum(jps, Decimal(0)))


def _activity(submission: Submission, item: AssessedActivity) -> CertifiedActivity:
    facts = submission.facts
    title = facts.title if facts else ""
    guide = (facts.pembimbing_name or facts.source or "") if facts else ""
    activity = item.activity
    return CertifiedActivity(
        date=activity.date, kind=activity.kind, scope=activity.scope, title=title, guide=guide, jp=item.jp
    )


def _norms(counted: list[tuple[Submission, AssessedActivity]]) -> tuple[str, ...]:
    """Return every norm a counted activity rests on, once, in the order met."""
    texts = [cite.text for _, item in counted for finding in item.findings for cite in finding.cites]
    return tuple(dict.fromkeys(texts))
