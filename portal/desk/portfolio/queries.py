"""The teams of a call, gathered from every room in a fixed number of statements."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, load_only

from portal.access.models import Organisation
from portal.access.policy import Action, Tie, authorise
from portal.applications.models import Application
from portal.calls.models import Call
from portal.coaching.maturity.pictures import said_of
from portal.coaching.maturity.queries.standings import Grown, grown
from portal.coaching.maturity.rules import ORDER, Side, mean_hundredths
from portal.coaching.maturity.stages import Stage
from portal.coaching.models import EarlyWarning
from portal.coaching.queries.coached import coached_of
from portal.coaching.rules import Coached
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.desk.portfolio.rules import Step, Team
from portal.grants.models import Grant
from portal.grants.queries import is_of_the_team, money_of_call
from portal.milestones.models import Milestone
from portal.milestones.rules import DONE

STAGES = tuple(Stage)


def teams_of(session: Session, actor: Actor, slug: str, today: date) -> tuple[Call, list[Team]]:
    """The call and every team with a grant that the actor may read; NotFound for a call that may not be read."""
    call = session.scalars(select(Call).options(joinedload(Call.authority)).where(Call.slug == slug)).one_or_none()
    if call is None:
        raise NotFound
    authorise(actor, Action.PORTFOLIO_READ, call)
    grants = _grants(session, actor, call)
    keys = [each.id for each in grants]
    money, _left = money_of_call(session, call.id)
    coached, steps = coached_of(session, [each.application_id for each in grants]), _steps(session, keys, today)
    foreign = [each.id for each in grants if not is_of_the_team(actor, each.organisation_id)]
    stands, warnings = grown(session, grants), _warnings(session, foreign)
    areas = {each.key: each.name for each in call.design.areas}
    found = []
    for grant in grants:
        sums, stand = money.get(grant.id), stands.get(grant.id)
        found.append(
            Team(
                grant_id=grant.id,
                reference=grant.reference,
                title=grant.application.title,
                name=grant.organisation.name,
                area=areas.get(grant.application.area or ""),
                status=grant.status,
                stage=STAGES.index(stand.standing.stage) + 1 if stand else None,
                lacks=stand.standing.lacks if stand else (),
                trend=_trend(stand),
                coached=coached.get(grant.application_id, Coached()),
                steps=steps.get(grant.id, ()),
                awarded_cents=sums.awarded if sums else 0,
                paid_cents=sums.paid if sums else 0,
                warnings=tuple(warnings.get(grant.id, ())) if stand else (),
                say=said_of(stand.rules) if stand else str,
            )
        )
    return call, found


def _grants(session: Session, actor: Actor, call: Call) -> Sequence[Grant]:
    """By reference; never one that is in conflict with the actor."""
    query = (
        select(Grant)
        .join(Application, Application.id == Grant.application_id)
        .options(
            load_only(Grant.reference, Grant.status, Grant.call_id, Grant.organisation_id, Grant.application_id),
            joinedload(Grant.organisation).load_only(Organisation.name, Organisation.kind),
            joinedload(Grant.application).load_only(Application.title, Application.area),
        )
        .where(Grant.call_id == call.id)
        .order_by(Grant.reference)
    )
    if conflicts := actor.objects_tied_as(Tie.CONFLICTED):
        columns = (Grant.id, Grant.organisation_id, Grant.application_id, Grant.call_id)
        query = query.where(*(column.not_in(conflicts) for column in columns))
    return session.scalars(query).all()


def _steps(session: Session, keys: Sequence[UUID], today: date) -> dict[UUID, tuple[Step, ...]]:
    query = (
        select(Milestone.grant_id, Milestone.title, Milestone.due_on, Milestone.status)
        .where(Milestone.grant_id.in_(keys))
        .order_by(Milestone.grant_id, Milestone.number)
    )
    found: dict[UUID, tuple[Step, ...]] = {}
    for grant_id, title, due_on, status in session.execute(query):
        done = status in DONE
        found[grant_id] = (*found.get(grant_id, ()), Step(title, due_on, done, not done and due_on < today))
    return found


def _warnings(session: Session, keys: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Those that nobody of the office has seen, and whose facts hold; whoever belongs to a team never reads its own."""
    query = (
        select(EarlyWarning.grant_id, EarlyWarning.kind, EarlyWarning.figures)
        .where(EarlyWarning.grant_id.in_(keys), EarlyWarning.seen_at.is_(None), EarlyWarning.over_at.is_(None))
        .order_by(EarlyWarning.raised_at, EarlyWarning.id)
    )
    found: dict[UUID, list[Any]] = {}
    for each in session.execute(query):
        found.setdefault(each.grant_id, []).append(each)
    return found


def _trend(stand: Grown | None) -> tuple[int, ...]:
    """Mean levels as the coach rated them, in the order of the moments."""
    if stand is None:
        return ()
    rated = (stand.ratings.get((moment, Side.COACH)) for moment in ORDER)
    return tuple(mean_hundredths(levels) for levels in rated if levels)
