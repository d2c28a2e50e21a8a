"""The path of a final account, what it counts, and what keeps a grant from being closed. Pure."""

from enum import StrEnum

from portal.core.moves import Move
from portal.grants.rules import GrantStatus


class AccountStatus(StrEnum):
    """Prepared by one person; approved by another one, which is the act; or withdrawn before that."""

    PREPARED = "prepared"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


A = AccountStatus
APPROVE = Move("approve", frozenset({A.PREPARED}), A.APPROVED)
WITHDRAW = Move("withdraw", frozenset({A.PREPARED}), A.WITHDRAWN)
MOVES = (APPROVE, WITHDRAW)


class Basis(StrEnum):
    """What shows that the grant was earned: approved costs, or the results that its tranches wait for."""

    COSTS = "costs"
    RESULTS = "results"


class Matter(StrEnum):
    """What is still open on a grant."""

    NOT_BEGUN = "not_begun"
    SUSPENDED = "suspended"
    PROCEEDING = "proceeding"
    AMENDMENT = "amendment"
    IRREGULARITY = "irregularity"
    COST_REPORT = "cost_report"
    MILESTONE = "milestone"
    PAYMENT = "payment"
    CLAIM = "claim"
    RECOVERY = "recovery"
    LAST_TRANCHE = "last_tranche"


CLOSABLE = frozenset({GrantStatus.ACTIVE})
"""A grant whose final account can be prepared and approved."""
SETTLING = frozenset({GrantStatus.CLOSING, GrantStatus.CLOSED})
"""A grant whose final account was approved."""
LONGEST_NOTE = 2000
