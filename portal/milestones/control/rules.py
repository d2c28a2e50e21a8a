"""What a control finds, and what of a report stands after it. Pure, in cents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.calls.rules import CostRules
from portal.milestones.costs.rules.rates import with_rates

LONGEST_REASON = 2000
LONGEST_WHAT = 1000
LONGEST_ANSWER = 4000
LONGEST_SEED = 180
MOST_DAYS = 60


class Outcome(StrEnum):
    """What was found on one line."""

    ACCEPTED = "accepted"
    CUT = "cut"
    REFUSED = "refused"


class Answer(StrEnum):
    """What was found on one question of the checklist."""

    YES = "yes"
    NO = "no"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Charged:
    """One line as it was sent: its number, its category, what it charges, the fingerprint of its document."""

    number: int
    category: str
    cents: int
    document: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One category: what was claimed, and what stands."""

    category: str
    claimed_cents: int
    accepted_cents: int

    @property
    def cut_cents(self) -> int:
        """What does not stand."""
        return self.claimed_cents - self.accepted_cents


def outcome_of(charged_cents: int, accepted_cents: int) -> Outcome:
    """The word for what stands of a line."""
    if accepted_cents == charged_cents:
        return Outcome.ACCEPTED
    return Outcome.CUT if accepted_cents else Outcome.REFUSED


def standing_of(costs: CostRules, lines: Iterable[Charged], found: Mapping[int, int]) -> list[Standing]:
    """By category what stands: of a line that was looked at what was found, of any other all that it charges.

    `found`: accepted cents by number of line. Flat rates are computed again on what stands of their base.
    """
    claimed: dict[str, int] = {}
    accepted: dict[str, int] = {}
    for line in lines:
        claimed[line.category] = claimed.get(line.category, 0) + line.cents
        accepted[line.category] = accepted.get(line.category, 0) + found.get(line.number, line.cents)
    whole, left = with_rates(costs, claimed), with_rates(costs, accepted)
    return [Standing(key, cents, left.get(key, 0)) for key, cents in whole.items()]


def accepted_total(standings: Iterable[Standing]) -> int:
    """What stands of the whole report."""
    return sum(each.accepted_cents for each in standings)
