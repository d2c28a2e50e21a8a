"""What `access` asks of people: whoever represents an organisation, and the administrator where nobody does."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.policy import Role, Tie
from portal.access.queries.waiting import Waiting, WaitingFor, answers_due, unrepresented_organisations
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.notices.rules import DueStep


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """Requests to be let in, questions to take part in a consortium or to lead it, organisations left alone."""
    answers = [_step(each) for each in answers_due(session, actor.objects_tied_as(Tie.OWNER))]
    return [*answers, *_left_alone(session, actor)]


def _step(waiting: Waiting) -> DueStep:
    if waiting.kind is WaitingFor.REQUEST:
        return DueStep(
            what=_("%(person)s asks to be let in", person=waiting.about),
            button=_("Give an answer"),
            path=f"/organisations/{waiting.organisation_id}/members#requests",
            why=_("Only whoever represents the organisation decides who belongs to it."),
            place=waiting.organisation,
        )
    leads = waiting.kind is WaitingFor.LEAD
    return DueStep(
        what=_("Lead %(name)s?", name=waiting.about) if leads else _("Take part in %(name)s?", name=waiting.about),
        button=_("Give an answer"),
        path=f"/organisations/{waiting.organisation_id}/consortia",
        why=_("Nobody takes part in a consortium, or leads it, without having agreed."),
        place=waiting.organisation,
    )


def _left_alone(session: Session, actor: Actor) -> Iterator[DueStep]:
    authorities = actor.authorities_as(Role.ADMINISTRATOR)
    for organisation in unrepresented_organisations(session, authorities) if authorities else ():
        yield DueStep(
            what=_("Appoint who represents %(name)s", name=organisation.name),
            button=_("Open"),
            path=f"/organisations/{organisation.id}/members#appoint",
            why=_("Nobody with an open account represents it any more: it can neither sign nor ask for money."),
            place=organisation.name,
        )
