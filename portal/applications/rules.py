"""The path of an application, and what it announces."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from portal.calls.rules import ApplicantRule
from portal.core.i18n import lazy_, locale
from portal.core.money import format_cents
from portal.core.moves import Move


class ApplicationStatus(StrEnum):
    """Where an application stands (domain: §2, life cycle)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INTEGRATION_REQUESTED = "integration_requested"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    SCORED = "scored"
    SUITABLE = "suitable"
    SELECTED = "selected"
    NOT_SUITABLE = "not_suitable"
    FUNDED = "funded"
    RESERVE_LIST = "reserve_list"
    WITHDRAWN = "withdrawn"
    RENOUNCED = "renounced"
    EXCLUDED = "excluded"


S = ApplicationStatus
SUBMIT = Move("submit", frozenset({S.DRAFT}), S.SUBMITTED)
REOPEN = Move("reopen", frozenset({S.SUBMITTED}), S.DRAFT)
RESTORE = Move("restore", frozenset({S.DRAFT}), S.SUBMITTED)
"""A reopened application that was not sent again: its last registered version counts."""
WITHDRAW = Move("withdraw", frozenset({S.DRAFT, S.SUBMITTED, S.INTEGRATION_REQUESTED}), S.WITHDRAWN)
ASK_INTEGRATION = Move("ask_integration", frozenset({S.SUBMITTED}), S.INTEGRATION_REQUESTED)
REPLY = Move("reply", frozenset({S.INTEGRATION_REQUESTED}), S.SUBMITTED)
"""What was missing was sent: the office decides again."""
ADMIT = Move("admit", frozenset({S.SUBMITTED, S.INTEGRATION_REQUESTED}), S.ADMISSIBLE)
NOT_ADMIT = Move("not_admit", frozenset({S.SUBMITTED, S.INTEGRATION_REQUESTED}), S.INADMISSIBLE)
SCORE = Move("score", frozenset({S.ADMISSIBLE}), S.SCORED)
SCORE_AGAIN = Move("score_again", frozenset({S.SCORED}), S.ADMISSIBLE)
"""A final sheet was opened again before the ranking was published."""
RANK_FUNDED = Move("rank_funded", frozenset({S.SCORED, S.RESERVE_LIST}), S.FUNDED)
RANK_SELECTED = Move("rank_selected", frozenset({S.SCORED, S.RESERVE_LIST}), S.SELECTED)
"""The final ranking of a phase that is not the last: no money moves, the next phase opens to it."""
RANK_RESERVE = Move("rank_reserve", frozenset({S.SCORED}), S.RESERVE_LIST)
RANK_NOT_SUITABLE = Move("rank_not_suitable", frozenset({S.SCORED}), S.NOT_SUITABLE)
RERANK_FUNDED = Move("rerank_funded", frozenset({S.RESERVE_LIST, S.NOT_SUITABLE}), S.FUNDED)
RERANK_SELECTED = Move("rerank_selected", frozenset({S.RESERVE_LIST, S.NOT_SUITABLE}), S.SELECTED)
RERANK_RESERVE = Move("rerank_reserve", frozenset({S.FUNDED, S.SELECTED, S.NOT_SUITABLE}), S.RESERVE_LIST)
RERANK_NOT_SUITABLE = Move("rerank_not_suitable", frozenset({S.FUNDED, S.SELECTED, S.RESERVE_LIST}), S.NOT_SUITABLE)
"""A version after the final ranking took its place."""
RENOUNCE = Move("renounce", frozenset({S.FUNDED, S.SELECTED}), S.RENOUNCED)
LAPSE = Move("lapse", frozenset({S.FUNDED, S.SELECTED}), S.EXCLUDED)
"""A winner lost what it had won, by an act."""
EXCLUDE = Move(
    "exclude",
    frozenset({S.SUBMITTED, S.INTEGRATION_REQUESTED, S.ADMISSIBLE, S.SCORED, S.SUITABLE, S.RESERVE_LIST, S.SELECTED}),
    S.EXCLUDED,
)
"""The office takes it out with its reasons: a requirement that was lost, or never there."""

DOCUMENTS = "documents"
"""The section of files, beside those of the form."""

TITLE, AREA, REQUESTED, COST = "application.title", "application.area", "budget.requested", "budget.cost"
"""What the questions with these tags mean to the house."""

REGISTERED = frozenset(S) - {S.DRAFT}
LEFT = frozenset({S.EXCLUDED, S.WITHDRAWN, S.RENOUNCED})
"""Gone from the call, by themselves or by an act."""
UNDER_EVALUATION = frozenset({S.ADMISSIBLE, S.SCORED})


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    """An application was registered."""

    application_id: UUID
    submission_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn:
    """An application left the call."""

    application_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AdmissibilityDecided:
    """The office admitted an application to evaluation, or did not."""

    application_id: UUID
    is_admissible: bool
    at: datetime


class AdmissibilityPoint(StrEnum):
    """What the office checks, point by point; each follows from the design of the call."""

    IN_TIME = "in_time"
    APPLICANT = "applicant"
    AREA = "area"
    DOCUMENTS = "documents"
    AMOUNTS = "amounts"
    COFINANCING = "cofinancing"
    ELIGIBILITY = "eligibility"
    PEOPLE = "people"
    CONSORTIUM = "consortium"
    COSTS = "costs"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps an application from being sent: where it is, and its mend."""

    section: str
    key: str
    message: object


@dataclass(frozen=True, slots=True)
class Euro:
    """Cents that are written in the reader's language only when they are read."""

    cents: int

    def __str__(self) -> str:
        return f"€ {format_cents(self.cents, locale())}"


@dataclass(frozen=True, slots=True)
class Amounts:
    """What an application costs, and what it asks for, in cents."""

    requested: int
    total: int

    @property
    def own(self) -> int:
        """The applicant's own share."""
        return self.total - self.requested


def cents_of(euro: Decimal) -> int:
    """Whole cents of an amount of the design."""
    return int(euro * 100)


def own_share_needed(rule: ApplicantRule, total: int) -> int:
    """The least own share of a total cost, in cents, rounded up: a cent less is too little."""
    exact = Decimal(total) * rule.cofinancing / 100
    whole = int(exact)
    return whole if exact == whole else whole + 1


def is_within_limits(rule: ApplicantRule, amounts: Amounts) -> bool:
    """Whether the request is between the smallest and the largest grant."""
    return cents_of(rule.minimum) <= amounts.requested <= cents_of(rule.maximum)


def has_own_share(rule: ApplicantRule, amounts: Amounts) -> bool:
    """Whether (total - requested) / total is at least the share of the call, exactly."""
    return amounts.total > 0 and amounts.own >= own_share_needed(rule, amounts.total)


def amount_faults(rule: ApplicantRule, amounts: Amounts) -> list[object]:
    """What is wrong with the amounts, each with its mend; empty when nothing is."""
    found: list[object] = []
    if not is_within_limits(rule, amounts):
        found.append(
            lazy_(
                "The grant requested is %(requested)s: this call gives from %(minimum)s to %(maximum)s.",
                requested=Euro(amounts.requested),
                minimum=Euro(cents_of(rule.minimum)),
                maximum=Euro(cents_of(rule.maximum)),
            )
        )
    if not has_own_share(rule, amounts):
        needed = own_share_needed(rule, amounts.total)
        found.append(
            lazy_(
                "Costs are %(total)s, the grant requested %(requested)s: your own share is %(own)s and must be at"
                " least %(needed)s (%(share)s %%). Ask for at most %(most)s, or complete the costs.",
                total=Euro(amounts.total),
                requested=Euro(amounts.requested),
                own=Euro(amounts.own),
                needed=Euro(needed),
                share=f"{rule.cofinancing.normalize():f}",
                most=Euro(amounts.total - needed),
            )
        )
    return found
