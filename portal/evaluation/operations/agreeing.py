"""Agreeing on one mark where opinions lie apart: a rapporteur proposes, everybody assents by their own sign-in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.calls.rules import Criterion
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_text, is_blank
from portal.evaluation.agreeing import AGREE, AgreementStatus
from portal.evaluation.models import AgreedMark, Assent, Assignment
from portal.evaluation.operations.settling import set_aside, settle, still_open
from portal.evaluation.points import LONGEST_REASON, check_points
from portal.evaluation.queries.agreements import mark_for_update
from portal.evaluation.queries.assignments import own_assignment_id, readable_assignment
from portal.evaluation.queries.opinions import Opinions, opinions_of


def propose_mark(
    session: Session, *, application_id: UUID, criterion: str, points: int | None, reason: str, actor: Actor,
    now: datetime,
) -> AgreedMark:  # fmt: skip
    """Report one mark (hundredths of what is given) for everybody, with its reason; proposing it is assenting to it.

    An earlier proposal is set aside, with the assents it had; what is agreed stays. Raises Invalid, Conflict.
    """
    assignment, found = _to_agree(session, application_id, actor)
    wanted = next((each for each in found.to_agree if each.key == criterion), None)
    if wanted is None:
        raise NotFound
    if found.is_agreed(criterion):
        raise Conflict(lazy_("This mark is agreed already."), f"points-{criterion}")
    given, words = _checked(wanted, points, reason)
    if (earlier := found.marks.get(criterion)) is not None:
        set_aside(session, mark=earlier, actor=actor, now=now)
    mark = AgreedMark(
        authority_id=assignment.authority_id, application_id=assignment.application_id, criterion=criterion,
        version=_next_version(session, assignment, criterion), given_hundredths=given, reason=words,
        rapporteur_id=assignment.person_id, proposed_at=now, status_at=now,
    )  # fmt: skip
    session.add(mark)
    session.flush()
    record(session, at=now, actor=actor, event="agreement.proposed", subject=mark, reason=words,
           after={"application": mark.application_id, "criterion": criterion, "given": given})  # fmt: skip
    _assent(session, assignment, mark, found, actor, now)
    return mark


def assent(session: Session, *, mark_id: UUID, actor: Actor, now: datetime) -> AgreedMark:
    """Say that a proposed mark is one's own too; with the last assent it is agreed. Doing it twice changes nothing."""
    mark = mark_for_update(session, mark_id)
    assignment, found = _to_agree(session, mark.application_id, actor)
    if any(each.person_id == assignment.person_id for each in mark.assents):
        return mark
    if mark.status is not AgreementStatus.PROPOSED:
        raise Conflict(lazy_("Another proposal has taken the place of this one. Reload the page."))
    _assent(session, assignment, mark, found, actor, now)
    return mark


def _to_agree(session: Session, application_id: UUID, actor: Actor) -> tuple[Assignment, Opinions]:
    """The actor's own assignment, its application locked, and the opinions on it; all must be final."""
    assignment = readable_assignment(session, actor, own_assignment_id(session, actor, application_id))
    authorise(actor, Action.MARK_AGREE, assignment)
    still_open(assignment=assignment)
    session.execute(select(Application.id).where(Application.id == assignment.application_id).with_for_update())
    found = opinions_of(session, assignment.application)
    if not found.are_all_final:
        raise Conflict(lazy_("Marks are agreed once every evaluator of the application has made theirs final."))
    return assignment, found


def _checked(criterion: Criterion, points: int | None, reason: str) -> tuple[int, str]:
    if points is None:
        raise Invalid(lazy_("Points are missing."), f"points-{criterion.key}")
    check_points(criterion, points)
    words = clean_text(reason)
    if is_blank(words) or len(words) > LONGEST_REASON:
        raise Invalid(
            lazy_("Write why, in at most %(count)d characters.", count=LONGEST_REASON), f"reason-{criterion.key}"
        )
    return points, words


def _next_version(session: Session, assignment: Assignment, criterion: str) -> int:
    query = select(func.max(AgreedMark.version)).where(
        AgreedMark.application_id == assignment.application_id, AgreedMark.criterion == criterion
    )
    return (session.scalar(query) or 0) + 1


def _assent(
    session: Session, assignment: Assignment, mark: AgreedMark, found: Opinions, actor: Actor, now: datetime
) -> None:
    mark.assents.append(Assent(person_id=assignment.person_id, at=now))
    record(session, at=now, actor=actor, event="agreement.assented", subject=mark)
    if found.evaluators <= {each.person_id for each in mark.assents}:
        before = mark.status
        mark.make(AGREE, at=now)
        record(session, at=now, actor=actor, event="agreement.agreed", subject=mark, before={"status": before},
               after={"status": mark.status})  # fmt: skip
    settle(session, application=assignment.application, actor=actor, now=now)
