"""Who may do what: the words, the table, the judge."""

from portal.access.policy.judging import Guard, Guarded, allowed, authorise
from portal.access.policy.table import ALLOWED, EVERYBODY, FRESH, MONEY_MOVES, STRONG
from portal.access.policy.vocabulary import FINANCE_ROLES, STAFF, Action, Role, Tie

__all__ = [
    "ALLOWED",
    "EVERYBODY",
    "FINANCE_ROLES",
    "FRESH",
    "MONEY_MOVES",
    "STAFF",
    "STRONG",
    "Action",
    "Guard",
    "Guarded",
    "Role",
    "Tie",
    "allowed",
    "authorise",
]
