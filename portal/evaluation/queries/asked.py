"""Questions to the applicant as every evaluator of the application reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calls.rules.design import EvaluationRound
from portal.evaluation.clarifying import OPEN
from portal.evaluation.queries.clarifications import clarifications_of
from portal.evaluation.striking import striker


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the applicant as every evaluator reads it: never who asked; the answer without hidden names."""

    asked_at: datetime
    question: str
    told: str | None
    answer: str | None
    is_open: bool


def asked_of(session: Session, application_id: UUID, content: Mapping[str, Any], seen: EvaluationRound) -> list[Asked]:
    """The questions on one application, the oldest first; answers without the names that the round hides."""
    strike = striker(content) if seen.blind else str
    return [
        Asked(each.asked_at, each.question, each.told, strike(each.answer.text or "–") if each.answer else None,
              each.status in OPEN)
        for each in clarifications_of(session, application_id)
    ]  # fmt: skip
