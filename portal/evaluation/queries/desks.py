"""The problem of who scores what, as it stands: wishes of applications, desks of evaluators."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.calls.rules import CallDesign
from portal.evaluation.distribution import Desk, Wish
from portal.evaluation.models import Assignment, Commission, EvaluatorTerms
from portal.evaluation.queries.conflicts import barred_pairs
from portal.evaluation.rules import LIVE
from portal.questionnaires.rules.design import Text


def terms_of(session: Session, commission_id: UUID) -> dict[UUID, EvaluatorTerms]:
    """What the office said of each evaluator, by person."""
    query = select(EvaluatorTerms).where(EvaluatorTerms.commission_id == commission_id)
    return {each.person_id: each for each in session.scalars(query)}


def wishes_of(applications: Sequence[Application], wants: int) -> list[Wish]:
    """What each application wants: so many evaluators, one of whom knows its area or its line."""
    return [Wish(each.id, wants, topics_of(each)) for each in applications]


def topics_of(application: Application) -> frozenset[str]:
    """The keys of its area and of the budget line that serves it."""
    line = application.design.line_for(application.entered_as[0], application.area)
    return frozenset(each for each in (application.area, line.key) if each)


def topics_known(design: CallDesign) -> list[tuple[str, str | Text]]:
    """What an evaluator may be said to know: the areas of the call, then its budget lines, by key and name."""
    areas: list[tuple[str, str | Text]] = [(each.key, each.name) for each in design.areas]
    keys = {key for key, _name in areas}
    return areas + [(each.key, each.name) for each in design.budget_lines if each.key not in keys]


def desk_of(
    session: Session,
    *,
    commission: Commission,
    applications: Sequence[Application],
    standing: Sequence[Assignment],
    now: datetime,
    together: int | None = None,
    seed: str = "",
) -> Desk:
    """Who votes, in the order of their seats; what stands, what is barred, and what the office asked for."""
    people = [member.person_id for member in commission.members]
    terms = terms_of(session, commission.id)
    barred = barred_pairs(session, people=people, applications=applications, now=now)
    return Desk(
        evaluators=people,
        standing=[(each.application_id, each.person_id) for each in standing if each.status in LIVE],
        barred=barred,
        most={key: each.most for key, each in terms.items() if each.most is not None},
        topics={key: frozenset(each.topics) for key, each in terms.items() if each.topics},
        together=together,
        seed=seed,
    )
