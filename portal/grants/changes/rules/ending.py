"""How a grant ends before its time: proceedings with a reply, and the money of each act. Pure, in cents.

What was not paid goes back to the budget; what was paid and is to be returned stands on the act.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.grants.rules import FORFEIT, RENOUNCE, REVOKE, GrantStatus


class EndKind(StrEnum):
    """What an act does to a grant."""

    RENUNCIATION = "renunciation"
    FORFEITURE = "forfeiture"
    REVOCATION = "revocation"
    PARTIAL_REVOCATION = "partial_revocation"


class Ground(StrEnum):
    """Why the office opens proceedings."""

    ACCEPTANCE_MISSED = "acceptance_missed"
    INCORPORATION_MISSED = "incorporation_missed"
    REQUIREMENTS_LOST = "requirements_lost"
    FALSE_DECLARATIONS = "false_declarations"
    NOT_CARRIED_OUT = "not_carried_out"
    RULES_BROKEN = "rules_broken"
    OTHER = "other"


MISSED_TERMS = (Ground.ACCEPTANCE_MISSED, Ground.INCORPORATION_MISSED)
"""Before the agreement alone."""


class ProceedingStatus(StrEnum):
    """Opened (told to the recipient, or declared by it), replied, closed by an act, dropped or taken back."""

    OPENED = "opened"
    REPLIED = "replied"
    ACTED = "acted"
    DROPPED = "dropped"


P = ProceedingStatus
REPLY = Move("reply", frozenset({P.OPENED, P.REPLIED}), P.REPLIED)
ACT = Move("act", frozenset({P.OPENED, P.REPLIED}), P.ACTED)
DROP = Move("drop", frozenset({P.OPENED, P.REPLIED}), P.DROPPED)
OPEN_PROCEEDINGS = frozenset({P.OPENED, P.REPLIED})
BEFORE_THE_AGREEMENT = FORFEIT.sources
MOVES = {EndKind.RENUNCIATION: RENOUNCE, EndKind.FORFEITURE: FORFEIT, EndKind.REVOCATION: REVOKE}


def ends_now(kind: EndKind) -> bool:
    """Whether the grant is over with the act: all but a partial revocation."""
    return kind in MOVES


def kinds_open_to(status: GrantStatus) -> tuple[EndKind, ...]:
    """The ends that a grant in this state can come to."""
    found = [kind for kind, move in MOVES.items() if status in move.sources]
    return (*found, EndKind.PARTIAL_REVOCATION) if status in REVOKE.sources else tuple(found)


@dataclass(frozen=True, slots=True)
class Money:
    """Where the money of a grant stands: not released yet, released and not paid, paid, of which asked back before."""

    unreleased: int
    on_its_way: int
    paid: int
    asked_back: int = 0

    @property
    def returnable(self) -> int:
        """What was paid and no act has asked back."""
        return max(self.paid - self.asked_back, 0)


@dataclass(frozen=True, slots=True)
class Shares:
    """What an act does with the money: to the budget, to be returned by the recipient."""

    freed: int
    to_return: int


def total(money: Money, to_return: int) -> Shares:
    """The whole grant ends: all that was not paid is freed. Raises Invalid beyond what was paid and not asked back."""
    if not 0 <= to_return <= money.returnable:
        raise Invalid(lazy_("At most what was paid can be asked back, and once."), "to_return")
    return Shares(freed=money.unreleased + money.on_its_way, to_return=to_return)


def partial(money: Money, cents: int) -> Shares:
    """So much of the grant goes: from what is not released, and only then from what was paid. Raises Invalid."""
    if not 0 < cents < money.unreleased + money.on_its_way + money.returnable:
        raise Invalid(lazy_("Write an amount above zero and below the whole grant."), "cents")
    freed = min(cents, money.unreleased)
    if cents > freed and money.on_its_way:
        raise Invalid(
            lazy_("A payment is on its way: lower the amount, or wait until the bank has paid or refused it."), "cents"
        )
    return Shares(freed=freed, to_return=cents - freed)
