"""What the other evaluators of an application gave, as far as the round lets an evaluator see it (P12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.calls.rules.design import EvaluationRound, OthersScores
from portal.evaluation.models import Assignment
from portal.evaluation.queries.sheets import last_sheets


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one of the others gave under a criterion, in hundredths, and why."""

    evaluator: str
    given: int
    reason: str


def may_see_others(assignment: Assignment, seen: EvaluationRound) -> bool:
    """Whether the round shows this evaluator what the others gave: never, once their own are final, or always."""
    match seen.others:
        case OthersScores.NEVER:
            return False
        case OthersScores.AFTER_OWN:
            return assignment.is_final
        case OthersScores.ALWAYS:
            return True


def others_opinions(
    session: Session, assignment: Assignment, seen: EvaluationRound
) -> Mapping[str, Sequence[Opinion]] | None:
    """The final scores of the others by criterion, by name; None where they are not to be seen. Drafts never are."""
    if not may_see_others(assignment, seen):
        return None
    found: dict[str, list[Opinion]] = {}
    for other, sheet in last_sheets(session, [assignment.application_id]):
        if other.person_id == assignment.person_id or not other.is_final:
            continue
        for criterion, given in sheet.given.items():
            opinion = Opinion(other.person.name, given, sheet.scores[criterion]["reason"])
            found.setdefault(criterion, []).append(opinion)
    return {criterion: sorted(each, key=lambda one: one.evaluator) for criterion, each in found.items()}
