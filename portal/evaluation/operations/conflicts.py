"""Declaring a conflict, or its absence, before anything of the proposal is shown."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie, authorise
from portal.access.ties import tie, untie
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.evaluation.models import Assignment, ConflictDeclaration
from portal.evaluation.operations.assigning import fill, tell_officers
from portal.evaluation.operations.settling import settle, still_open
from portal.evaluation.points import LONGEST_REASON, evaluators_wanted
from portal.evaluation.queries.assignments import applications_under_evaluation, own_assignment
from portal.evaluation.queries.commissions import commission_of
from portal.evaluation.rules import DECLARE_FREE, RECUSE


def declare(
    session: Session, *, assignment_id: UUID, has_conflict: bool, reason: str, actor: Actor, now: datetime
) -> Assignment:
    """Record what the evaluator declares: free of conflict, or a conflict with its reason.

    A conflict ends the assignment at once, even after an earlier "none": the application no longer exists for them, and
    a substitute is looked for. Raises Invalid for a conflict without a reason.
    """
    assignment = own_assignment(session, actor, assignment_id)
    authorise(actor, Action.CONFLICT_DECLARE, assignment)
    still_open(assignment=assignment)
    why = clean_text(reason)
    if has_conflict and not why:
        raise Invalid(lazy_("Say what the conflict is: a few words are enough."), "reason")
    if len(why) > LONGEST_REASON:
        raise Invalid(lazy_("Write at most %(count)d characters.", count=LONGEST_REASON), "reason")
    before = assignment.status
    assignment.make(RECUSE if has_conflict else DECLARE_FREE, at=now)
    session.add(
        ConflictDeclaration(
            application_id=assignment.application_id, person_id=assignment.person_id, has_conflict=has_conflict,
            reason=why or None, at=now,
        )
    )  # fmt: skip
    record(session, at=now, actor=actor, event=Action.CONFLICT_DECLARE, subject=assignment,
           before={"status": before}, after={"status": assignment.status}, reason=why or None)  # fmt: skip
    if has_conflict:
        _step_back(session, assignment, actor, now)
    return assignment


def _step_back(session: Session, assignment: Assignment, actor: Actor, now: datetime) -> None:
    application = assignment.application
    person_id = assignment.person_id
    untie(session, person_id=person_id, tie=Tie.ASSIGNED, object_id=application.id, now=now)
    tie(session, person_id=person_id, tie=Tie.CONFLICTED, object_type="application", object_id=application.id,
        now=now)  # fmt: skip
    session.flush()
    substitute = _substitute(session, application, actor, now)
    news = _news(assignment, substitute)
    tell_officers(session, application=application, text=news, path=_page(application), now=now)
    if substitute is None:
        settle(session, application=application, actor=actor, now=now)


def _substitute(session: Session, application: Application, actor: Actor, now: datetime) -> Assignment | None:
    commission = commission_of(session, application.phase_id)
    if commission is None:
        return None
    everything = applications_under_evaluation(session, application.phase_id)
    wants = evaluators_wanted(application.design)
    made = fill(
        session,
        commission=commission,
        applications=everything,
        open_ones=[application],
        wants=wants,
        actor=actor,
        now=now,
    )
    return made[0] if made else None


def _news(assignment: Assignment, substitute: Assignment | None) -> dict[str, str]:
    who, what = assignment.person.name, assignment.application.reference
    it = "la sostituzione è già assegnata" if substitute else "non c'è chi possa sostituire"
    en = "a substitute is assigned already" if substitute else "nobody is free to take over"
    return {
        "it": f"{who} si astiene dalla domanda {what}: {it}.",
        "en": f"{who} steps back from application {what}: {en}.",
    }


def _page(application: Application) -> str:
    return f"/manage/calls/{application.call.slug}/commission"
