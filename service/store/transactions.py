"""What one transaction offers, by subject: finding in every one, keeping only in those that write."""

from __future__ import annotations

from sqlalchemy import Connection

from service.store.accounts import Accounts, AccountsRead, Tokens, TokensRead
from service.store.certificates import Certificates, CertificatesRead, Checks, ChecksRead, Shares, SharesRead
from service.store.circulations import Attachments, AttachmentsRead, Blanks, BlanksRead, Circulations, CirculationsRead
from service.store.delegations import Delegations, DelegationsRead
from service.store.events import Events, EventsRead
from service.store.gateway_calls import GatewayCalls, GatewayCallsRead
from service.store.jobs import Batches, BatchesRead
from service.store.learning import OtherLearningRead, OtherLearnings, PastActivities, PastActivitiesRead
from service.store.monitoring import Assignments, AssignmentsRead, Cards, CardsRead, Recaps, RecapsRead
from service.store.notifications import Notifications, NotificationsRead, Webhooks, WebhooksRead
from service.store.siasn import Sendings, SendingsRead
from service.store.signers import Proposals, ProposalsRead, Signers, SignersRead, Trust, TrustRead
from service.store.staff import Employees, EmployeesRead, PeopleRead
from service.store.submissions import (
    AwaitingRead,
    Listings,
    Submissions,
    SubmissionsRead,
    Verifications,
    VerificationsRead,
)
from service.store.totals import AssessedMonths, AssessedMonthsRead, OutcomesRead, StandingsRead


class Transaction:
    """Everything as it can be found; what both kinds of transaction have in common."""

    accounts: AccountsRead
    tokens: TokensRead
    employees: EmployeesRead
    trust: TrustRead
    signers: SignersRead
    blanks: BlanksRead
    submissions: SubmissionsRead
    verifications: VerificationsRead
    assessed_months: AssessedMonthsRead
    standings: StandingsRead
    awaiting: AwaitingRead
    outcomes: OutcomesRead
    assignments: AssignmentsRead
    other_learning: OtherLearningRead
    past_activities: PastActivitiesRead
    certificates: CertificatesRead
    delegations: DelegationsRead
    gateway_calls: GatewayCallsRead
    proposals: ProposalsRead
    circulations: CirculationsRead
    attachments: AttachmentsRead
    cards: CardsRead
    recaps: RecapsRead
    sendings: SendingsRead
    listings: Listings
    events: EventsRead
    people: PeopleRead
    shares: SharesRead
    checks: ChecksRead
    batches: BatchesRead
    notifications: NotificationsRead
    webhooks: WebhooksRead

    def __init__(self, connection: Connection) -> None:
        self.accounts = AccountsRead(connection)
        self.tokens = TokensRead(connection)
        self.employees = EmployeesRead(connection)
        self.trust = TrustRead(connection)
        self.signers = SignersRead(connection)
        self.blanks = BlanksRead(connection)
        self.submissions = SubmissionsRead(connection)
        self.verifications = VerificationsRead(connection)
        self.assessed_months = AssessedMonthsRead(connection)
        self.standings = StandingsRead(connection)
        self.awaiting = AwaitingRead(connection)
        self.outcomes = OutcomesRead(connection)
        self.assignments = AssignmentsRead(connection)
        self.other_learning = OtherLearningRead(connection)
        self.past_activities = PastActivitiesRead(connection)
        self.certificates = CertificatesRead(connection)
        self.delegations = DelegationsRead(connection)
        self.gateway_calls = GatewayCallsRead(connection)
        self.proposals = ProposalsRead(connection)
        self.circulations = CirculationsRead(connection)
        self.attachments = AttachmentsRead(connection)
        self.cards = CardsRead(connection)
        self.recaps = RecapsRead(connection)
        self.sendings = SendingsRead(connection)
        self.listings = Listings(connection)
        self.events = EventsRead(connection)
        self.people = PeopleRead(connection)
        self.shares = SharesRead(connection)
        self.checks = ChecksRead(connection)
        self.batches = BatchesRead(connection)
        self.notifications = NotificationsRead(connection)
        self.webhooks = WebhooksRead(connection)


class WriteTransaction(Transaction):
    """The same with the verbs that write; all of it is kept at the end of the block, or none."""

    accounts: Accounts
    tokens: Tokens
    employees: Employees
    trust: Trust
    signers: Signers
    blanks: Blanks
    submissions: Submissions
    verifications: Verifications
    assessed_months: AssessedMonths
    assignments: Assignments
    other_learning: OtherLearnings
    past_activities: PastActivities
    certificates: Certificates
    delegations: Delegations
    gateway_calls: GatewayCalls
    proposals: Proposals
    circulations: Circulations
    attachments: Attachments
    cards: Cards
    recaps: Recaps
    sendings: Sendings
    events: Events
    shares: Shares
    checks: Checks
    batches: Batches
    notifications: Notifications
    webhooks: Webhooks

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.accounts = Accounts(connection)
        self.tokens = Tokens(connection)
        self.employees = Employees(connection)
        self.trust = Trust(connection)
        self.signers = Signers(connection)
        self.blanks = Blanks(connection)
        self.submissions = Submissions(connection)
        self.verifications = Verifications(connection)
        self.assessed_months = AssessedMonths(connection)
        self.assignments = Assignments(connection)
        self.other_learning = OtherLearnings(connection)
        self.past_activities = PastActivities(connection)
        self.certificates = Certificates(connection)
        self.delegations = Delegations(connection)
        self.gateway_calls = GatewayCalls(connection)
        self.proposals = Proposals(connection)
        self.circulations = Circulations(connection)
        self.attachments = Attachments(connection)
        self.cards = Cards(connection)
        self.recaps = Recaps(connection)
        self.sendings = Sendings(connection)
        self.events = Events(connection)
        self.shares = Shares(connection)
        self.checks = Checks(connection)
        self.batches = Batches(connection)
        self.notifications = Notifications(connection)
        self.webhooks = Webhooks(connection)
