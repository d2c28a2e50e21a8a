"""The sheet of one side at one moment: who may fill it in, with what stands on it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, Tie, authorise
from portal.calls.rules.design import MaturityRules
from portal.coaching.maturity.queries.standings import rules_of
from portal.coaching.maturity.rules import Side
from portal.coaching.models import Assessment, Rating
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.models import Grant

WITH_CALL = (joinedload(Grant.call), joinedload(Grant.application), joinedload(Grant.organisation))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One moment as one side rates it."""

    assessment: Assessment
    rules: MaturityRules
    side: Side

    @property
    def rating(self) -> Rating | None:
        """What this side has saved."""
        return self.assessment.rating_of(self.side)

    @property
    def version(self) -> int:
        """The version that is shown; 0 where nothing was saved."""
        return self.rating.version if self.rating else 0

    @property
    def is_final(self) -> bool:
        """Whether this side has given its rating for good."""
        return self.rating is not None and self.rating.final_at is not None


def sheet_for(session: Session, actor: Actor, assessment_id: UUID) -> Sheet:
    """The sheet that the actor fills in; NotFound for whoever is neither of the team nor its coach."""
    return _sheet(session, actor, assessment_id)


def assessment_to_rate(session: Session, actor: Actor, assessment_id: UUID) -> Sheet:
    """The same, its moment locked for a change."""
    locked = select(Assessment.id).where(Assessment.id == assessment_id).with_for_update()
    if session.scalars(locked).one_or_none() is None:
        raise NotFound
    return _sheet(session, actor, assessment_id)


def side_of(actor: Actor, assessment: Assessment) -> Side:
    """Whose rating it is: the coach is never of the team."""
    return Side.COACH if Tie.COACHES in actor.ties_to(assessment.application_id) else Side.TEAM


def _sheet(session: Session, actor: Actor, assessment_id: UUID) -> Sheet:
    query = (
        select(Assessment)
        .options(joinedload(Assessment.grant).options(*WITH_CALL))
        .options(selectinload(Assessment.ratings))
        .where(Assessment.id == assessment_id)
    )
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.MATURITY_RATE, found)
    rules = rules_of(found.grant)
    if rules is None:
        raise NotFound
    return Sheet(found, rules, side_of(actor, found))
