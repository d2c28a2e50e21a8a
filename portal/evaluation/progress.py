"""How far an evaluation is: by evaluator, by criterion, by application. Pure.

Nothing done for two weeks is overdue: no state changed, nothing written. (The call declares no term for single scores.)
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.calls.rules import CallDesign, Criterion
from portal.evaluation.agreeing import is_apart, may_have_to_agree, spread_of, to_agree
from portal.evaluation.points import scored
from portal.evaluation.rules import LIVE, AssignmentStatus

OVERDUE_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment as it stands; `given` are its last final scores in hundredths, `touched` when it last moved."""

    assignment_id: UUID
    application_id: UUID
    person_id: UUID
    status: AssignmentStatus
    touched: datetime
    given: Mapping[str, int] | None = None

    @property
    def is_final(self) -> bool:
        """Whether its scores are closed."""
        return self.status is AssignmentStatus.FINALISED

    def is_overdue(self, now: datetime) -> bool:
        """Whether it waits and nothing was done on it for too long."""
        return self.status in LIVE and not self.is_final and now - self.touched > OVERDUE_AFTER


@dataclass(frozen=True, slots=True)
class ByEvaluator:
    """One evaluator's work in numbers."""

    person_id: UUID
    live: int
    final: int
    to_declare: int
    overdue: int
    stepped_back: int

    @property
    def per_cent(self) -> int:
        """How much of it is final."""
        return 100 * self.final // self.live if self.live else 0


@dataclass(frozen=True, slots=True)
class ByCriterion:
    """One criterion in numbers: marks wanted, written and final; how far marks lie apart, where it may be told."""

    criterion: Criterion
    wanted: int
    written: int
    final: int
    widest: int | None
    apart: int


@dataclass(frozen=True, slots=True)
class ByApplication:
    """One application: who is done, where marks lie furthest apart, how many marks are still to be agreed."""

    application_id: UUID
    works: Sequence[Work]
    final: int
    widest: tuple[Criterion, int] | None
    to_agree: int


def by_evaluator(works: Collection[Work], people: Sequence[UUID], now: datetime) -> list[ByEvaluator]:
    """One line each, in the order given."""
    return [_of_evaluator(person, [each for each in works if each.person_id == person], now) for person in people]


def _of_evaluator(person: UUID, works: Sequence[Work], now: datetime) -> ByEvaluator:
    return ByEvaluator(
        person_id=person,
        live=sum(each.status in LIVE for each in works),
        final=sum(each.is_final for each in works),
        to_declare=sum(each.status is AssignmentStatus.ASSIGNED for each in works),
        overdue=sum(each.is_overdue(now) for each in works),
        stepped_back=sum(each.status is AssignmentStatus.RECUSED for each in works),
    )


def by_criterion(
    design: CallDesign, applications: Sequence[ByApplication], told: Collection[UUID], written: Mapping[str, int]
) -> list[ByCriterion]:
    """One line for each criterion that evaluators score; spreads over the applications whose marks may be told."""
    wanted = sum(len(each.works) for each in applications)
    final = sum(each.final for each in applications)
    lines = []
    for criterion in scored(design):
        marks = [given_of(each.works, criterion.key) for each in applications if each.application_id in told]
        spreads = [spread_of(each) for each in marks if len(each) > 1]
        lines.append(
            ByCriterion(
                criterion=criterion,
                wanted=wanted,
                written=written.get(criterion.key, 0),
                final=final,
                widest=max(spreads, default=None),
                apart=sum(is_apart(design, criterion, each) for each in marks),
            )
        )
    return lines


def by_application(
    design: CallDesign, application_id: UUID, works: Sequence[Work], agreed: Collection[str], *, told: bool
) -> ByApplication:
    """One line; `agreed` are the criteria whose common mark holds, `told` whether the reader may know of spreads."""
    live = [each for each in works if each.status in LIVE]
    given = {each.key: given_of(live, each.key) for each in scored(design)}
    spreads = [(each, spread_of(given[each.key])) for each in scored(design) if len(given[each.key]) > 1]
    is_done = bool(live) and all(each.is_final for each in live)
    needed = to_agree(design, given) if is_done and may_have_to_agree(design) else []
    return ByApplication(
        application_id=application_id,
        works=live,
        final=sum(each.is_final for each in live),
        widest=max(spreads, key=lambda each: each[1], default=None) if told else None,
        to_agree=sum(each.key not in agreed for each in needed),
    )


def given_of(works: Sequence[Work], criterion: str) -> list[int]:
    """What final sheets gave under a criterion."""
    return [each.given[criterion] for each in works if each.is_final and each.given and criterion in each.given]
