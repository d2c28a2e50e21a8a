"""The whole permission model on one screen: action × (role, tie to the object).

A row says what a tie allows; what a state allows is said by moves. `conflicted` beats every other tie.
"""

from portal.access.policy.vocabulary import STAFF, Action, Role, Tie

STRONG = frozenset({Action.AGREEMENT_SIGN})
"""Needs a second factor in this sign-in, from whoever asks; staff need one for everything."""

FRESH = frozenset(
    {
        Action.FACTORS_MANAGE,
        Action.BANK_DETAILS_PROPOSE,
        Action.BANK_DETAILS_VERIFY,
        Action.TRANCHE_APPROVE,
        Action.PAYMENT_ORDER,
        Action.PAYMENT_RECORD,
        Action.OWNER_APPOINT,
        Action.ROLE_GRANT,
        Action.ROLE_CONFIRM,
        Action.ROLE_DELEGATE,
        Action.IDENTITY_PROVIDER_EDIT,
        Action.TRAIL_EXPORT,
        Action.PRIVACY_DECIDE,
    }
)
"""Needs a second factor given within the last ten minutes: paying, accounts, roles, exports in bulk, erasing."""

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
        Action.BANK_DETAILS_REJECT,
    }
)

Allowed = frozenset[tuple[Role, Tie]]


def _at_home(*roles: Role) -> Allowed:
    return frozenset((role, Tie.SAME_AUTHORITY) for role in roles)


def _team(*ties: Tie) -> Allowed:
    return frozenset((Role.PERSON, tie) for tie in ties)


HOUSE_STAFF = STAFF - {Role.EVALUATOR, Role.CHAIR, Role.COACH}
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
ADMINISTRATORS = _at_home(Role.ADMINISTRATOR)

ALLOWED: dict[Action, Allowed] = {
    Action.PUBLIC_READ: EVERYBODY,
    Action.SIGN_IN: EVERYBODY,
    Action.SIGN_OUT: SIGNED_IN,
    Action.REGISTER: EVERYBODY,
    Action.ACCOUNT_MANAGE: SIGNED_IN,
    Action.SECOND_FACTOR: SIGNED_IN,
    Action.FACTORS_MANAGE: SIGNED_IN,
    Action.DESK_READ: SIGNED_IN,
    Action.ORGANISATION_CREATE: SIGNED_IN,
    Action.ORGANISATION_READ: TEAM | OFFICERS | FINANCE | AUDITORS | COACHES,
    Action.ORGANISATION_EDIT: OWNERS,
    Action.MEMBERS_READ: TEAM | OFFICERS | AUDITORS | ADMINISTRATORS,
    Action.MEMBERS_HISTORY: OWNERS | OFFICERS | AUDITORS | ADMINISTRATORS,
    Action.MEMBERS_MANAGE: OWNERS,
    Action.OWNER_APPOINT: ADMINISTRATORS,
    Action.MEMBERSHIP_LEAVE: TEAM,
    Action.MEMBERSHIP_ASK: SIGNED_IN,
    Action.INVITATION_ACCEPT: SIGNED_IN,
    Action.CONSORTIUM_MANAGE: OWNERS,
    Action.CONSORTIUM_AGREE: OWNERS,
    Action.FACT_OFFER: WRITERS,
    Action.LIKENESS_READ: OFFICERS | AUDITORS,
    Action.LIKENESS_DECIDE: OFFICERS,
    Action.BANK_DETAILS_PROPOSE: OWNERS | _at_home(Role.FINANCE_MAKER),
    Action.BANK_DETAILS_VERIFY: _at_home(Role.FINANCE_APPROVER),
    Action.BANK_DETAILS_REJECT: OWNERS | FINANCE,
    Action.BANK_DETAILS_READ: FINANCE,
    Action.FACT_RECORD: OFFICERS,
    Action.CALL_MANAGE: OFFICERS | AUDITORS | _at_home(Role.CHAIR, Role.FINANCE_MAKER, Role.FINANCE_APPROVER),
    Action.CALL_DESIGN: OFFICERS,
    Action.CALL_APPROVE: OFFICERS,
    Action.CALL_PUBLISH: OFFICERS,
    Action.CALL_EXTEND: OFFICERS,
    Action.CALL_RECTIFY: OFFICERS,
    Action.CALL_CANCEL: OFFICERS,
    Action.CALL_DOCUMENTS: OFFICERS,
    Action.CALL_ASK: SIGNED_IN,
    Action.CALL_ANSWER: OFFICERS,
    Action.CALL_FOLLOW: SIGNED_IN,
    Action.CALL_UNFOLLOW: EVERYBODY,
    Action.REHEARSAL_READ: OFFICERS | AUDITORS,
    Action.REHEARSAL_RUN: OFFICERS,
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
    Action.TRAIL_READ: SIGNED_IN,
    Action.TRAIL_EXPORT: OFFICERS | AUDITORS,
    Action.AUTHORITY_READ: frozenset((role, Tie.SAME_AUTHORITY) for role in HOUSE_STAFF),
    Action.AUTHORITY_EDIT: ADMINISTRATORS,
    Action.IDENTITY_PROVIDER_EDIT: ADMINISTRATORS,
    Action.PEOPLE_READ: ADMINISTRATORS | AUDITORS,
    Action.PERSON_DISABLE: ADMINISTRATORS,
    Action.ROLE_GRANT: ADMINISTRATORS,
    Action.ROLE_CONFIRM: ADMINISTRATORS,
    Action.ROLE_END: ADMINISTRATORS,
    Action.ROLE_DELEGATE: frozenset((role, Tie.SAME_AUTHORITY) for role in HOUSE_STAFF - {Role.ADMINISTRATOR}),
    Action.PROCESSING_READ: AUDITORS | ADMINISTRATORS | _at_home(Role.DATA_PROTECTION_OFFICER),
    Action.OWN_DATA: SIGNED_IN,
    Action.PRIVACY_DECIDE: _at_home(Role.DATA_PROTECTION_OFFICER),
}
