"""Signing with a key file that is used for this one action and lives in memory only; one form, or several in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.circulation.draft import finished
from service.circulation.errors import Stale
from service.circulation.means import KeyOrder, Means
from service.circulation.take import take_signed
from service.circulation.taken import Taken
from service.circulation.who import Mover, require_turn
from service.problems import PublicProblem, problem_of
from service.store.circulations import WITH_EMPLOYEE
from signing.errors import BadKeyFile, WrongPassphrase


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """The very bytes the actor is to sign now, and in which role's slot."""

    mover: Mover
    role: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Of several documents: what became of this one. Exactly one of `taken` and `problem` is there."""

    serial: str
    taken: Taken | None = None
    problem: PublicProblem | None = None


def to_sign(serial: str, *, revision: int, means: Means, actor: str) -> ToSign:
    """What the actor signs; a draft is filled and kept first. Stale when it is not what the actor was shown.

    NotGranted when it is not the actor's turn, Unready for a draft with problems.
    """
    with means.store.reading() as tx:
        mover = require_turn(tx, serial, actor, now=means.clock(), zone=means.zone)
    kept = mover.circulation
    if kept.revision != revision:
        raise Stale(kept)
    if kept.state in WITH_EMPLOYEE:
        content = finished(kept, means=means)
        means.store.keep_document(content)
        return ToSign(mover=mover, role="pegawai", content=content)
    return ToSign(mover=mover, role=kept.awaits or "", content=means.store.document(kept.digest))


def sign_with_key(serial: str, *, revision: int, key: bytes, passphrase: bytes, means: Means, actor: str) -> Taken:
    """Sign with the actor's own key (PKCS#12), whose certificate has to be enrolled for the actor; then as uploaded.

    NotGranted for somebody else's key, WrongPassphrase and BadKeyFile as the key file has it.
    """
    wanted = to_sign(serial, revision=revision, means=means, actor=actor)
    with means.store.reading() as tx:
        enrolled = frozenset(each.fingerprint for each in tx.signers.of(actor) if each.ended_at is None)
        entry = tx.employees.get(actor)
    order = KeyOrder(
        content=wanted.content,
        role=wanted.role,
        actor=actor,
        actor_name=entry.name if entry else actor,
        delegation=wanted.mover.delegation,
        key=key,
        passphrase=passphrase,
        enrolled=enrolled,
        at=means.clock(),
        zone=means.zone,
    )
    content, warnings = means.sign(order)
    taken = take_signed(content, f"{serial}.pdf", means=means, actor=actor, serial=serial, revision=revision)
    return replace(taken, warnings=warnings)


def sign_many(
    choices: Sequence[tuple[str, int]], *, key: bytes, passphrase: bytes, means: Means, actor: str
) -> tuple[Signed, ...]:
    """Sign several documents (serial, revision) in one go; what stops one does not stop the others.

    A key file that does not open stops all: WrongPassphrase, BadKeyFile.
    """
    done = []
    for serial, revision in choices:
        try:
            taken = sign_with_key(serial, revision=revision, key=key, passphrase=passphrase, means=means, actor=actor)
        except (WrongPassphrase, BadKeyFile):
            raise
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            done.append(Signed(serial=serial, problem=problem))
        else:
            done.append(Signed(serial=serial, taken=taken))
    return tuple(done)
