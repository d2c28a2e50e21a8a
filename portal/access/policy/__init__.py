"""Who may do what: the words, the table, the judge."""

from portal.access.policy.judging import Guard, Guarded, allowed, authorise
from portal.access.policy.proof import STEP_UP_FOR, ProofMissing, is_fresh, lacks_proof, must_have_proved
from portal.access.policy.sealed import Sealed
from portal.access.policy.table import ALLOWED, EVERYBODY, FRESH, MONEY_MOVES, STRONG
from portal.access.policy.vocabulary import FINANCE_ROLES, STAFF, Action, Role, Tie

__all__ = [
    "ALLOWED",
    "EVERYBODY",
    "FINANCE_ROLES",
    "FRESH",
    "MONEY_MOVES",
    "STAFF",
    "STEP_UP_FOR",
    "STRONG",
    "Action",
    "Guard",
    "Guarded",
    "ProofMissing",
    "Role",
    "Sealed",
    "Tie",
    "allowed",
    "authorise",
    "is_fresh",
    "lacks_proof",
    "must_have_proved",
]
