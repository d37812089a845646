"""The repositories of a transaction: reading in every transaction, writing only in those that may write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection

from service.store.accounts import Accounts, AccountsRead, Tokens, TokensRead
from service.store.certificates import Certificates, CertificatesRead, Checks, ChecksRead, Shares, SharesRead
from service.store.circulations import Attachments, AttachmentsRead, Blanks, BlanksRead, Circulations, CirculationsRead
from service.store.confirmations import Confirmations, ConfirmationsRead
from service.store.delegations import Delegations, DelegationsRead
from service.store.events import Events, EventsRead
from service.store.gateway_calls import GatewayCalls, GatewayCallsRead
from service.store.jobs import Batches, BatchesRead
from service.store.learning import OtherLearningRead, OtherLearnings, PastActivities, PastActivitiesRead
from service.store.monitoring import Assignments, AssignmentsRead, Cards, CardsRead, Recaps, RecapsRead
from service.store.notifications import Notifications, NotificationsRead, Webhooks, WebhooksRead
from service.store.operations import Operations, OperationsRead
from service.store.siasn import Sendings, SendingsRead
from service.store.signers import Proposals, ProposalsRead, Signers, SignersRead, Trust, TrustRead
from service.store.staff import Employees, EmployeesRead, PeopleWithAccounts
from service.store.submissions import (
    AwaitingDecision,
    Listings,
    Submissions,
    SubmissionsRead,
    Verifications,
    VerificationsRead,
)
from service.store.totals import AssessedMonths, AssessedMonthsRead, OutcomeCounts, Totals

_RepositoryT_co = TypeVar("_RepositoryT_co", covariant=True)


class _OnFirstUse(Generic[_RepositoryT_co]):
    """An attribute of a transaction that is made from its connection when it is first used, and then kept there."""

    def __init__(self, make: Callable[[Connection], _RepositoryT_co]) -> None:
        self._make = make

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = name

    def __get__(self, transaction: Transaction, owner: type[object]) -> _RepositoryT_co:
        repository = self._make(transaction._connection)  # noqa: SLF001 - a part of the transaction
        transaction.__dict__[self._name] = repository  # which is looked at before this descriptor
        return repository


class Transaction:
    """The repositories of one transaction, as far as they read; each is made when it is first used."""

    accounts = _OnFirstUse(AccountsRead)
    tokens = _OnFirstUse(TokensRead)
    employees = _OnFirstUse(EmployeesRead)
    trust = _OnFirstUse(TrustRead)
    signers = _OnFirstUse(SignersRead)
    blanks = _OnFirstUse(BlanksRead)
    submissions = _OnFirstUse(SubmissionsRead)
    verifications = _OnFirstUse(VerificationsRead)
    assessed_months = _OnFirstUse(AssessedMonthsRead)
    totals = _OnFirstUse(Totals)
    awaiting = _OnFirstUse(AwaitingDecision)
    outcomes = _OnFirstUse(OutcomeCounts)
    assignments = _OnFirstUse(AssignmentsRead)
    other_learning = _OnFirstUse(OtherLearningRead)
    past_activities = _OnFirstUse(PastActivitiesRead)
    certificates = _OnFirstUse(CertificatesRead)
    confirmations = _OnFirstUse(ConfirmationsRead)
    delegations = _OnFirstUse(DelegationsRead)
    gateway_calls = _OnFirstUse(GatewayCallsRead)
    proposals = _OnFirstUse(ProposalsRead)
    circulations = _OnFirstUse(CirculationsRead)
    attachments = _OnFirstUse(AttachmentsRead)
    cards = _OnFirstUse(CardsRead)
    recaps = _OnFirstUse(RecapsRead)
    sendings = _OnFirstUse(SendingsRead)
    listings = _OnFirstUse(Listings)
    events = _OnFirstUse(EventsRead)
    people = _OnFirstUse(PeopleWithAccounts)
    shares = _OnFirstUse(SharesRead)
    checks = _OnFirstUse(ChecksRead)
    batches = _OnFirstUse(BatchesRead)
    notifications = _OnFirstUse(NotificationsRead)
    webhooks = _OnFirstUse(WebhooksRead)
    operations = _OnFirstUse(OperationsRead)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection


class WriteTransaction(Transaction):
    """The repositories of a transaction that writes; all of it is kept at the end of the block, or nothing."""

    accounts = _OnFirstUse(Accounts)
    tokens = _OnFirstUse(Tokens)
    employees = _OnFirstUse(Employees)
    trust = _OnFirstUse(Trust)
    signers = _OnFirstUse(Signers)
    blanks = _OnFirstUse(Blanks)
    submissions = _OnFirstUse(Submissions)
    verifications = _OnFirstUse(Verifications)
    assessed_months = _OnFirstUse(AssessedMonths)
    assignments = _OnFirstUse(Assignments)
    other_learning = _OnFirstUse(OtherLearnings)
    past_activities = _OnFirstUse(PastActivities)
    certificates = _OnFirstUse(Certificates)
    confirmations = _OnFirstUse(Confirmations)
    delegations = _OnFirstUse(Delegations)
    gateway_calls = _OnFirstUse(GatewayCalls)
    proposals = _OnFirstUse(Proposals)
    circulations = _OnFirstUse(Circulations)
    attachments = _OnFirstUse(Attachments)
    cards = _OnFirstUse(Cards)
    recaps = _OnFirstUse(Recaps)
    sendings = _OnFirstUse(Sendings)
    events = _OnFirstUse(Events)
    shares = _OnFirstUse(Shares)
    checks = _OnFirstUse(Checks)
    batches = _OnFirstUse(Batches)
    notifications = _OnFirstUse(Notifications)
    webhooks = _OnFirstUse(Webhooks)
    operations = _OnFirstUse(Operations)
