"""What maturity asks of people: a rating of the team, one of the coach, a look of the officer at what is wrong."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from portal.access.models import Organisation
from portal.access.policy import Role, Tie
from portal.access.queries import MEMBER_TIES
from portal.coaching.maturity.rules import LIVE, Side
from portal.coaching.models import Assessment, EarlyWarning, Rating
from portal.core.actor import Actor
from portal.core.i18n import _, ngettext
from portal.grants.models import Grant
from portal.grants.rules import end_of_day, local_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Ratings to give, and warnings that nobody has seen."""
    today = local_day(now)
    teams = actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR)
    if teams:
        yield _to_rate(Side.TEAM, Assessment.organisation_id.in_(teams), today)
    coached = actor.objects_tied_as(Tie.COACHES)
    if coached and actor.authorities_as(Role.COACH):
        yield _to_rate(Side.COACH, Assessment.application_id.in_(coached), today)
    offices = actor.authorities_as(Role.OFFICER)
    if offices:
        own = (actor.objects_tied_as(each) for each in MEMBER_TIES)
        yield _to_look_at(offices, actor.objects_tied_as(Tie.CONFLICTED).union(*own))


def _to_rate(side: Side, mine: ColumnElement[bool], today: date) -> Ask:
    given = select(Rating.assessment_id).where(Rating.side == side, Rating.final_at.is_not(None))
    query = (
        select(*line(id=Assessment.id, name=Organisation.name, more=Grant.reference, day=Assessment.due_on))
        .select_from(Assessment)
        .join(Grant, Grant.id == Assessment.grant_id)
        .join(Organisation, Organisation.id == Assessment.organisation_id)
        .where(mine, Assessment.opens_on <= today, Grant.status.in_(LIVE), Assessment.id.not_in(given))
    )
    return Ask(query, (Assessment.due_on, Assessment.id), partial(_rating, side))


def _rating(side: Side, found: Any) -> DueStep:
    return DueStep(
        what=_("Say where your team stands") if side is Side.TEAM else _("Say where the team stands"),
        button=_("Rate"),
        path=f"/maturity/{found.id}",
        by=end_of_day(found.day),
        why=_("Team and coach each rate on their own; the two ratings are then compared."),
        place=f"{found.more} · {found.name}",
    )


def _to_look_at(offices: Collection[UUID], apart: Collection[UUID]) -> Ask:
    query = (
        select(*line(id=Grant.id, name=Organisation.name, more=Grant.reference, number=func.count(EarlyWarning.id)))
        .select_from(EarlyWarning)
        .join(Grant, Grant.id == EarlyWarning.grant_id)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(EarlyWarning.authority_id.in_(offices), EarlyWarning.seen_at.is_(None), EarlyWarning.over_at.is_(None))
        .where(Grant.application_id.not_in(apart), Grant.organisation_id.not_in(apart))
        .group_by(Grant.id, Grant.reference, Organisation.name)
    )
    return Ask(query, (func.min(EarlyWarning.raised_at), Grant.id), _look)


def _look(found: Any) -> DueStep:
    return DueStep(
        what=ngettext("%(num)d early warning about a team", "%(num)d early warnings about a team", found.number),
        button=_("Take a look"),
        path=f"/grants/{found.id}/maturity#warnings",
        why=_("The rules of the call found that the team may need help."),
        place=f"{found.more} · {found.name}",
    )
