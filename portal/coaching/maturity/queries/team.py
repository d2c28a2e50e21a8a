"""The page of a team: its stage, its moments with what each side may see, the warnings of the office."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, Tie, allowed, authorise
from portal.calls.rules.design import MaturityMoment
from portal.coaching.maturity.queries.sheet import WITH_CALL
from portal.coaching.maturity.queries.standings import Grown, grown
from portal.coaching.maturity.rules import ORDER, Side, is_shown
from portal.coaching.models import Assessment, EarlyWarning, Rating
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.models import Grant
from portal.grants.queries import is_of_the_team


@dataclass(frozen=True, slots=True)
class MomentSeen:
    """One moment: the ratings that whoever looks may see, and whether theirs is still to be given."""

    assessment: Assessment
    shown: dict[Side, Rating]
    given: tuple[Side, ...]
    may_rate: bool


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Everything of the page."""

    grant: Grant
    grown: Grown
    moments: list[MomentSeen]
    warnings: Sequence[EarlyWarning] = field(default=())

    @property
    def rated(self) -> list[MomentSeen]:
        """The moments of which something may be seen, in their order."""
        return [each for each in self.moments if each.shown]

    @property
    def by_moment(self) -> dict[MaturityMoment, MomentSeen]:
        """The moments by name."""
        return {each.assessment.moment: each for each in self.moments}


def team_page(session: Session, actor: Actor, grant_id: UUID, today: date) -> TeamPage:
    """The maturity of one team, for whoever may read it; NotFound otherwise, and where the call rates none."""
    query = select(Grant).options(*WITH_CALL)
    grant = session.scalars(query.where(Grant.id == grant_id)).one_or_none()
    if grant is None:
        raise NotFound
    authorise(actor, Action.MATURITY_READ, grant)
    found = grown(session, [grant]).get(grant.id)
    if found is None:
        raise NotFound
    assessments = select(Assessment).options(selectinload(Assessment.ratings)).where(Assessment.grant_id == grant_id)
    moments = sorted(session.scalars(assessments), key=lambda each: (each.opens_on, ORDER.index(each.moment)))
    return TeamPage(
        grant, found, [_seen(each, actor, grant, found, today) for each in moments], _warnings(session, actor, grant)
    )


def _seen(assessment: Assessment, actor: Actor, grant: Grant, found: Grown, today: date) -> MomentSeen:
    viewer, finals = viewer_of(actor, grant), assessment.finals
    shown = {
        side: rating for side, rating in finals.items()
        if is_shown(found.rules.seen, viewer=viewer, of=side, finals=tuple(finals))
    }  # fmt: skip
    may_rate = (
        viewer is not None and viewer not in finals and assessment.opens_on <= today
        and allowed(actor, Action.MATURITY_RATE, assessment)
    )  # fmt: skip
    return MomentSeen(assessment, shown, tuple(finals), may_rate)


def viewer_of(actor: Actor, grant: Grant) -> Side | None:
    """As which side somebody looks; None for the office. Whoever belongs to the team is never the office."""
    if Tie.COACHES in actor.ties_to(grant.application_id):
        return Side.COACH
    return Side.TEAM if is_of_the_team(actor, grant.organisation_id) else None


def _warnings(session: Session, actor: Actor, grant: Grant) -> Sequence[EarlyWarning]:
    """For the office alone, never for an officer of the team; what is open first."""
    if not allowed(actor, Action.WARNING_SEE, grant) or is_of_the_team(actor, grant.organisation_id):
        return ()
    query = select(EarlyWarning).options(joinedload(EarlyWarning.seer)).where(EarlyWarning.grant_id == grant.id)
    rows = session.scalars(query.order_by(EarlyWarning.raised_at.desc(), EarlyWarning.id)).all()
    return sorted(rows, key=lambda each: not each.is_open)
