"""What may change in a grant, and within which terms (`domain.md` §2: variations, revocation)."""

from dataclasses import dataclass
from decimal import Decimal

from portal.questionnaires.rules.design import Exact


@dataclass(frozen=True)
class ChangeRules(Exact):
    """What may change in a grant.

    `free_shift`: per cent of the budget that a recipient may move between categories without asking, in all; 0, each
    shift is asked. `answer_days`: how long the office has to answer a request (art. 2 L. 241/1990). `reply_days`: how
    long a recipient is waited for before an act that ends or lowers its grant (artt. 7 and 10-bis). `extension_months`:
    how far the end may move in all from the first one; None, no limit.
    """

    free_shift: Decimal = Decimal(0)
    answer_days: int = 30
    reply_days: int = 10
    extension_months: int | None = None
