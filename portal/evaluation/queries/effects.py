"""What a publication will do, in numbers, before it is done."""

from collections import Counter
from dataclasses import dataclass

from portal.evaluation.models import Ranking
from portal.evaluation.queries.commissions import CommissionPage
from portal.evaluation.ranking import Outcome


@dataclass(frozen=True, slots=True)
class Effects:
    """How many applications take which outcome, the money it means, and between whom a draw must decide."""

    ranking: Ranking
    funded: int
    selected: int
    reserve: int
    not_suitable: int
    inadmissible: int
    awarded_cents: int
    left_cents: int
    draw_between: list[str]

    @property
    def told(self) -> int:
        """How many applicants are told their outcome."""
        return self.funded + self.selected + self.reserve + self.not_suitable + self.inadmissible


def effects_of(page: CommissionPage) -> Effects | None:
    """The effects of publishing the version that waits for it."""
    ranking = page.current
    if ranking is None or ranking.is_rectifying:
        return None
    counts = Counter(each["outcome"] for each in ranking.results)
    lines = ranking.output_document["lines"]
    return Effects(
        ranking=ranking,
        funded=counts[Outcome.FUNDED] + counts[Outcome.FUNDED_PARTIALLY],
        selected=counts[Outcome.SELECTED],
        reserve=counts[Outcome.SUITABLE_NOT_FUNDED],
        not_suitable=counts[Outcome.NOT_SUITABLE],
        inadmissible=counts[Outcome.INADMISSIBLE],
        awarded_cents=sum(line["awarded_cents"] for line in lines),
        left_cents=sum(line["left_cents"] for line in lines),
        draw_between=[reference for line in lines for reference in line["draw_between"]],
    )
