"""The final versions of one evaluator's sheet, for whoever may open it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action
from portal.calls.rules import Criterion
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Assignment, ScoreReopening, ScoreSheet
from portal.evaluation.points import scored
from portal.evaluation.queries.matters import matter_for
from portal.evaluation.queries.others import may_see_others
from portal.evaluation.queries.rounds import is_kept_from, label_of, round_of


@dataclass(frozen=True, slots=True)
class ReopeningPage:
    """A sheet with every version it had, and the acts by which it was opened again.

    `sheets` is empty for a chair who scores the application too, and may not compare yet.
    """

    assignment: Assignment
    label: str
    slug: str
    phase_key: str
    criteria: Sequence[Criterion]
    sheets: Sequence[ScoreSheet]
    reopenings: Sequence[ScoreReopening]
    is_own: bool

    @property
    def may_be_opened(self) -> bool:
        """Whether the reader may open it again now: it is final, and not their own."""
        return self.assignment.is_final and not self.is_own


def reopening_page(session: Session, actor: Actor, assignment_id: UUID) -> ReopeningPage:
    """A sheet as chair or office meets it; NotFound for others."""
    query = select(Assignment).where(Assignment.id == assignment_id).options(joinedload(Assignment.person))
    assignment = session.scalars(query).one_or_none()
    if assignment is None:
        raise NotFound
    matter = matter_for(session, assignment.application_id, actor, Action.SCORE_REOPEN)
    application = matter.application
    seen = round_of(session, application.phase)
    is_own = assignment.person_id == actor.person_id
    mine = select(Assignment).where(
        Assignment.application_id == application.id, Assignment.person_id == actor.person_id
    )
    own = session.scalars(mine).one_or_none()
    shows = is_own or own is None or may_see_others(own, seen)
    sheets = select(ScoreSheet).where(ScoreSheet.assignment_id == assignment.id).order_by(ScoreSheet.version)
    reopenings = select(ScoreReopening).where(ScoreReopening.assignment_id == assignment.id)
    return ReopeningPage(
        assignment=assignment,
        label=label_of(application, seen) if is_kept_from(actor, matter.commission_id, seen) else application.reference,
        slug=application.call.slug,
        phase_key=application.phase.key,
        criteria=scored(application.design),
        sheets=session.scalars(sheets).all() if shows else [],
        reopenings=session.scalars(reopenings.order_by(ScoreReopening.id)).all(),
        is_own=is_own,
    )
