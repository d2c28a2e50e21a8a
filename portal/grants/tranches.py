"""How a grant is split into tranches: amounts are fixed first, shares part what they leave. Pure, in cents."""

from collections.abc import Sequence

from portal.calls.rules import TrancheTemplate
from portal.core.money import split_cents

HUNDREDTHS = 100


def tranche_amounts(granted_cents: int, templates: Sequence[TrancheTemplate]) -> list[int]:
    """The cents of each tranche, in order; they add up to the grant exactly, whatever it is.

    A grant that its fixed amounts would use up (never awarded: see `tranches_fit`) fills them in order; without a
    share, the last tranche takes what is left.
    """
    amounts, left = [], granted_cents
    for template in templates:
        fixed = min(template.amount_cents, left)
        left -= fixed
        amounts.append(fixed)
    weights = [int((template.share or 0) * HUNDREDTHS) for template in templates]
    if weights and not any(weights):
        weights[-1] = 1
    rests = split_cents(left, weights) if weights else []
    return [fixed + rest for fixed, rest in zip(amounts, rests, strict=True)]


def tranches_fit(granted_cents: int, templates: Sequence[TrancheTemplate]) -> bool:
    """Whether every tranche of such a grant has money: the fixed amounts, and something of each share."""
    return not any(template.amount for template in templates) or all(
        cents > 0 and cents >= template.amount_cents
        for cents, template in zip(tranche_amounts(granted_cents, templates), templates, strict=True)
    )
