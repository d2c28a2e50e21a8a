"""The whole permission model on one screen: action × (role, tie to the object).

A row says what a tie allows; what a state allows is said by moves. `conflicted` beats every other tie.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from portal.core.actor import Actor
from portal.core.errors import Forbidden, NotFound


class Role(StrEnum):
    """Who somebody is: a visitor, anybody signed in, or staff of one authority."""

    VISITOR = "visitor"
    PERSON = "person"
    OFFICER = "officer"
    EVALUATOR = "evaluator"
    CHAIR = "chair"
    COACH = "coach"
    FINANCE_MAKER = "finance_maker"
    FINANCE_APPROVER = "finance_approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


STAFF = frozenset(Role) - {Role.VISITOR, Role.PERSON}


class Tie(StrEnum):
    """What binds a person to an object: a dated row of `access`, or a fact of the object."""

    ANYONE = "anyone"
    SAME_AUTHORITY = "same_authority"
    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"
    REPORTER = "reporter"
    ASSIGNED = "assigned"
    COMMISSION = "commission"
    COACHES = "coaches"
    CONFLICTED = "conflicted"


class Action(StrEnum):
    """Everything somebody may ask the portal to do."""

    PUBLIC_READ = "public.read"
    SIGN_IN = "account.sign_in"
    SIGN_OUT = "account.sign_out"
    DESK_READ = "desk.read"
    ORGANISATION_CREATE = "organisation.create"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_EDIT = "organisation.edit"
    BANK_DETAILS_PROPOSE = "bank_details.propose"
    BANK_DETAILS_VERIFY = "bank_details.verify"
    FACT_RECORD = "fact.record"
    CALL_MANAGE = "call.manage"
    CALL_APPROVE = "call.approve"
    CALL_PUBLISH = "call.publish"
    CALL_EXTEND = "call.extend"
    APPLICATION_START = "application.start"
    DRAFT_READ = "application.draft_read"
    DRAFT_WRITE = "application.draft_write"
    APPLICATION_SUBMIT = "application.submit"
    APPLICATION_READ = "application.read"
    APPLICATION_LIST = "application.list"
    ADMISSIBILITY_DECIDE = "application.admissibility"
    COMMISSION_APPOINT = "commission.appoint"
    EVALUATION_READ = "evaluation.read"
    CONFLICT_DECLARE = "conflict.declare"
    SCORE_WRITE = "score.write"
    RANKING_READ = "ranking.read"
    RANKING_COMPUTE = "ranking.compute"
    RANKING_PUBLISH = "ranking.publish"
    OUTCOME_READ = "outcome.read"
    GRANT_AWARD = "grant.award"
    GRANT_READ = "grant.read"
    GRANT_PUBLISH = "grant.publish"
    INCORPORATION_RECORD = "incorporation.record"
    INCORPORATION_CONFIRM = "incorporation.confirm"
    AGREEMENT_PREPARE = "agreement.prepare"
    AGREEMENT_SIGN = "agreement.sign"
    AGREEMENT_COUNTERSIGN = "agreement.countersign"
    CUP_RECORD = "cup.record"
    COACH_ASSIGN = "coach.assign"
    COACHING_READ = "coaching.read"
    SESSION_LOG = "coaching.log"
    SESSION_ANSWER = "coaching.answer"
    MILESTONE_PLAN = "milestone.plan"
    MILESTONE_READ = "milestone.read"
    REPORT_SUBMIT = "report.submit"
    REPORT_RETURN = "report.return"
    REPORT_ACCEPT = "report.accept"
    TRANCHE_READ = "tranche.read"
    TRANCHE_REQUEST = "tranche.request"
    TRANCHE_VERIFY = "tranche.verify"
    TRANCHE_PROPOSE = "tranche.propose"
    TRANCHE_APPROVE = "tranche.approve"
    TRANCHE_SEND_BACK = "tranche.send_back"
    PAYMENT_ORDER = "payment.order"
    PAYMENT_RECORD = "payment.record"
    LEDGER_READ = "ledger.read"
    PORTFOLIO_READ = "portfolio.read"
    AUDIT_READ = "audit.read"
    PEOPLE_READ = "people.read"


MONEY_MOVES = frozenset(
    {
        Action.GRANT_AWARD,
        Action.TRANCHE_REQUEST,
        Action.TRANCHE_VERIFY,
        Action.TRANCHE_PROPOSE,
        Action.TRANCHE_APPROVE,
        Action.TRANCHE_SEND_BACK,
        Action.PAYMENT_ORDER,
        Action.PAYMENT_RECORD,
        Action.BANK_DETAILS_PROPOSE,
        Action.BANK_DETAILS_VERIFY,
    }
)

Allowed = frozenset[tuple[Role, Tie]]


def _at_home(*roles: Role) -> Allowed:
    return frozenset((role, Tie.SAME_AUTHORITY) for role in roles)


def _team(*ties: Tie) -> Allowed:
    return frozenset((Role.PERSON, tie) for tie in ties)


EVERYBODY: Allowed = frozenset({(Role.VISITOR, Tie.ANYONE)})
SIGNED_IN: Allowed = frozenset({(Role.PERSON, Tie.ANYONE)})
TEAM = _team(Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER)
WRITERS = _team(Tie.OWNER, Tie.EDITOR)
REPORTERS = _team(Tie.OWNER, Tie.EDITOR, Tie.REPORTER)
OWNERS = _team(Tie.OWNER)
EVALUATORS: Allowed = frozenset({(Role.EVALUATOR, Tie.ASSIGNED), (Role.CHAIR, Tie.ASSIGNED)})
COACHES: Allowed = frozenset({(Role.COACH, Tie.COACHES)})
OFFICERS = _at_home(Role.OFFICER)
FINANCE = _at_home(Role.FINANCE_MAKER, Role.FINANCE_APPROVER)
AUDITORS = _at_home(Role.AUDITOR)

ALLOWED: dict[Action, Allowed] = {
    Action.PUBLIC_READ: EVERYBODY,
    Action.SIGN_IN: EVERYBODY,
    Action.SIGN_OUT: SIGNED_IN,
    Action.DESK_READ: SIGNED_IN,
    Action.ORGANISATION_CREATE: SIGNED_IN,
    Action.ORGANISATION_READ: TEAM | OFFICERS | FINANCE | AUDITORS | COACHES,
    Action.ORGANISATION_EDIT: OWNERS,
    Action.BANK_DETAILS_PROPOSE: OWNERS | _at_home(Role.FINANCE_MAKER),
    Action.BANK_DETAILS_VERIFY: _at_home(Role.FINANCE_APPROVER),
    Action.FACT_RECORD: OFFICERS,
    Action.CALL_MANAGE: OFFICERS | AUDITORS | _at_home(Role.CHAIR, Role.FINANCE_MAKER, Role.FINANCE_APPROVER),
    Action.CALL_APPROVE: OFFICERS,
    Action.CALL_PUBLISH: OFFICERS,
    Action.CALL_EXTEND: OFFICERS,
    Action.APPLICATION_START: WRITERS,
    Action.DRAFT_READ: TEAM,
    Action.DRAFT_WRITE: WRITERS,
    Action.APPLICATION_SUBMIT: OWNERS,
    Action.APPLICATION_READ: TEAM | OFFICERS | AUDITORS | COACHES,
    Action.APPLICATION_LIST: OFFICERS | AUDITORS,
    Action.ADMISSIBILITY_DECIDE: OFFICERS,
    Action.COMMISSION_APPOINT: OFFICERS,
    Action.EVALUATION_READ: _at_home(Role.EVALUATOR, Role.CHAIR),
    Action.CONFLICT_DECLARE: EVALUATORS,
    Action.SCORE_WRITE: EVALUATORS,
    Action.RANKING_READ: OFFICERS | AUDITORS | _at_home(Role.CHAIR),
    Action.RANKING_COMPUTE: OFFICERS | _at_home(Role.CHAIR),
    Action.RANKING_PUBLISH: OFFICERS,
    Action.OUTCOME_READ: TEAM | OFFICERS | AUDITORS,
    Action.GRANT_AWARD: OFFICERS,
    Action.GRANT_READ: TEAM | OFFICERS | FINANCE | AUDITORS | COACHES,
    Action.GRANT_PUBLISH: OFFICERS,
    Action.INCORPORATION_RECORD: OWNERS,
    Action.INCORPORATION_CONFIRM: OFFICERS,
    Action.AGREEMENT_PREPARE: OFFICERS,
    Action.AGREEMENT_SIGN: OWNERS,
    Action.AGREEMENT_COUNTERSIGN: OFFICERS | _at_home(Role.FINANCE_APPROVER),
    Action.CUP_RECORD: OFFICERS,
    Action.COACH_ASSIGN: OFFICERS,
    Action.COACHING_READ: TEAM | COACHES | OFFICERS | AUDITORS,
    Action.SESSION_LOG: COACHES,
    Action.SESSION_ANSWER: OWNERS,
    Action.MILESTONE_PLAN: OFFICERS,
    Action.MILESTONE_READ: TEAM | OFFICERS | FINANCE | AUDITORS | COACHES,
    Action.REPORT_SUBMIT: REPORTERS,
    Action.REPORT_RETURN: OFFICERS,
    Action.REPORT_ACCEPT: OFFICERS,
    Action.TRANCHE_READ: TEAM | OFFICERS | FINANCE | AUDITORS | COACHES,
    Action.TRANCHE_REQUEST: OWNERS,
    Action.TRANCHE_VERIFY: OFFICERS,
    Action.TRANCHE_PROPOSE: _at_home(Role.FINANCE_MAKER),
    Action.TRANCHE_APPROVE: _at_home(Role.FINANCE_APPROVER),
    Action.TRANCHE_SEND_BACK: OFFICERS | FINANCE,
    Action.PAYMENT_ORDER: _at_home(Role.FINANCE_MAKER),
    Action.PAYMENT_RECORD: _at_home(Role.FINANCE_MAKER),
    Action.LEDGER_READ: OFFICERS | FINANCE | AUDITORS,
    Action.PORTFOLIO_READ: OFFICERS | AUDITORS,
    Action.AUDIT_READ: AUDITORS | _at_home(Role.ADMINISTRATOR),
    Action.PEOPLE_READ: _at_home(Role.ADMINISTRATOR, Role.AUDITOR),
}


@dataclass(frozen=True, slots=True)
class Guard:
    """What an object tells the policy: its authority, the ids to which people are tied, and who may know of it."""

    authority_id: UUID | None = None
    objects: tuple[UUID, ...] = ()
    is_public: bool = False
    is_secret: bool = False


class Guarded(Protocol):
    """An object that the policy can judge."""

    @property
    def guard(self) -> Guard: ...


def allowed(actor: Actor, action: Action, subject: Guarded | None = None) -> bool:
    """Whether the actor may do this to the subject; without a subject, whether to anything at all."""
    if actor.is_system:
        return True
    if subject is None:
        return any(_may_somewhere(actor, role, tie) for role, tie in ALLOWED[action])
    guard = subject.guard
    ties = _ties(actor, guard)
    if Tie.CONFLICTED in ties:
        return False
    return any(tie in ties and _holds(actor, role, guard.authority_id) for role, tie in ALLOWED[action])


def authorise(actor: Actor, action: Action, subject: Guarded) -> None:
    """Return if allowed; else raise NotFound where the object's existence is a secret, Forbidden elsewhere."""
    if allowed(actor, action, subject):
        return
    if subject.guard.is_secret:
        raise NotFound
    raise Forbidden


def _ties(actor: Actor, guard: Guard) -> frozenset[str]:
    found: set[str] = {Tie.SAME_AUTHORITY}
    if guard.is_public:
        found.add(Tie.ANYONE)
    for object_id in guard.objects:
        found |= actor.ties_to(object_id)
    return frozenset(found)


def _holds(actor: Actor, role: Role, authority_id: UUID | None) -> bool:
    if role is Role.VISITOR:
        return True
    if role is Role.PERSON:
        return not actor.is_anonymous
    return authority_id is not None and (role.value, authority_id) in actor.roles


def _may_somewhere(actor: Actor, role: Role, tie: Tie) -> bool:
    if role is Role.VISITOR:
        return True
    if role is Role.PERSON:
        return not actor.is_anonymous and (tie is Tie.ANYONE or any(name == tie for name, _ in actor.ties))
    return role.value in actor.role_names and (tie is Tie.SAME_AUTHORITY or any(name == tie for name, _ in actor.ties))
