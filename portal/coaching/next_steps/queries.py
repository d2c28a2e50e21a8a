"""Reading next steps: those of a team, and those that wait on somebody's desk."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.policy import Action, Tie, authorise
from portal.access.queries import MEMBER_TIES
from portal.coaching.models import Engagement, NextStep
from portal.coaching.next_steps.rules import StepStatus
from portal.coaching.rules import ROME
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import _, ngettext
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def steps_of(session: Session, engagement: Engagement) -> Sequence[NextStep]:
    """The next steps of a team, with all its coaches: open ones first, by their day, then those that are settled."""
    query = (
        select(NextStep)
        .join(Engagement, Engagement.id == NextStep.engagement_id)
        .where(Engagement.application_id == engagement.application_id)
        .options(joinedload(NextStep.owner), joinedload(NextStep.engagement))
    )
    found = session.scalars(query.order_by(NextStep.due_on, NextStep.id))
    return sorted(found, key=lambda each: each.status is not StepStatus.OPEN)


def step_to_settle(session: Session, actor: Actor, next_step_id: UUID) -> NextStep:
    """A step locked for a change that the actor may make: somebody of the team, or its coach. NotFound otherwise."""
    query = select(NextStep).where(NextStep.id == next_step_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.NEXT_STEP_SETTLE, found)
    return found


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Open next steps of this person, ticked off on their desk, as long as they belong to the team or coach it."""
    if actor.person_id is None:
        return
    teams = frozenset[UUID]().union(*(actor.objects_tied_as(each) for each in MEMBER_TIES))
    coaches = Engagement.application_id.in_(actor.objects_tied_as(Tie.COACHES))
    query = (
        select(
            *line(
                id=NextStep.id, name=NextStep.what, more=Organisation.name, of=NextStep.engagement_id,
                number=NextStep.carried, day=NextStep.due_on,
            )
        )
        .join(Engagement, Engagement.id == NextStep.engagement_id)
        .join(Organisation, Organisation.id == Engagement.organisation_id)
        .where(NextStep.owner_id == actor.person_id, NextStep.status == StepStatus.OPEN)
        .where(Engagement.organisation_id.in_(teams) | coaches)
        .where(Engagement.organisation_id.not_in(actor.objects_tied_as(Tie.CONFLICTED)))
    )  # fmt: skip
    yield Ask(query, (NextStep.due_on, NextStep.id), _step)


def _step(found: Any) -> DueStep:
    put_off = ngettext("It was put off %(num)d time.", "It was put off %(num)d times.", found.number)
    return DueStep(
        what=found.name,
        button=_("Tick off"),
        path=f"/next-steps/{found.id}/done",
        by=datetime.combine(found.day, time(23, 59), ROME),
        why=put_off if found.number else _("Agreed in a coaching session."),
        place=found.more,
        more=f"/engagements/{found.of}#next-steps",
        acts=True,
    )
