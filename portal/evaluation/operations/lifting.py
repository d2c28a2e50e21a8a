"""Lifting a conflict by an act: what was declared stays, and every path to the application may be walked again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, Tie
from portal.access.ties import untie
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.models import Commission, ConflictLifting
from portal.evaluation.operations.assigning import tell_officers
from portal.evaluation.operations.giving_back import give_back
from portal.evaluation.points import LONGEST_REASON
from portal.evaluation.queries.conflicts import memberships
from portal.evaluation.queries.lifting import held_apart, may_lift
from portal.evaluation.queries.matters import matter_for
from portal.evaluation.queries.seats import commission_for_update
from portal.evaluation.terms import checked_act
from portal.notices.operations import notify

TOLD = {
    "it": "Un conflitto di interessi è stato superato con un atto: occorre dichiarare di nuovo prima di leggere.",
    "en": "A conflict of interest was lifted by an act: declare again before reading.",
}
TOLD_OTHERS = {
    "it": "Un conflitto di interessi che riguardava questo profilo è stato superato con un atto.",
    "en": "A conflict of interest of yours was lifted by an act.",
}


class NoConflictHolds(Conflict):
    """Nothing to lift."""

    default = lazy_("This conflict does not hold any more. Reload the page.")


class OwnConflict(Forbidden):
    """Nobody lifts what they declared."""

    default = lazy_("Nobody lifts their own conflict: leave it to the chair, or to the office if it is the chair's.")


class NotForThisHand(Forbidden):
    """The chair lifts those of the others, the office that of a chair."""

    default = lazy_("The chair lifts a conflict; only that of a chair is lifted by the office.")


class StandsByLaw(Conflict):
    """Somebody who belongs, or belonged, to the applicant."""

    default = lazy_(
        "This person belongs, or belonged within the last five years, to who applies: no act lifts that conflict."
    )


def lift_conflict(
    session: Session, *, application_id: UUID, person_id: UUID, reason: str, act_number: str, act_date: date | None,
    actor: Actor, now: datetime,
) -> list[ConflictLifting]:  # fmt: skip
    """Lift the conflict of somebody with an applicant: for every application of it to the call, as it was carried.

    The chair does it, by an act and with a reason; the office where it is a chair's. Who declared it never does. They
    are asked again on the names, and only their answer opens the proposal. Raises NoConflictHolds, OwnConflict,
    NotForThisHand, StandsByLaw, Invalid.
    """
    if person_id == actor.person_id:
        raise OwnConflict
    commission_id = matter_for(session, application_id, actor, Action.CONFLICT_LIFT).commission_id
    commission = commission_for_update(session, commission_id)
    if not may_lift(commission, person_id, actor):
        raise NotForThisHand
    application = session.get_one(Application, application_id)
    held = held_apart(session, application=application, person_id=person_id)
    if application_id not in {each.id for each in held}:
        raise NoConflictHolds
    if _belongs(session, application, person_id, now):
        raise StandsByLaw
    why = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write why it is lifted."))
    act = checked_act(act_number, act_date, now)
    rows = [_lift(session, each, person_id, why, act, actor, now) for each in held]
    give_back(session, commission=commission, application=application, person_id=person_id, actor=actor, now=now)
    _tell(session, commission, application, person_id, now)
    return rows


def _belongs(session: Session, application: Application, person_id: UUID, now: datetime) -> bool:
    return bool(memberships(session, people=[person_id], organisations=[application.organisation_id], now=now))


def _lift(
    session: Session, application: Application, person_id: UUID, why: str, act: tuple[str, date], actor: Actor,
    now: datetime,
) -> ConflictLifting:  # fmt: skip
    untie(session, person_id=person_id, tie=Tie.CONFLICTED, object_id=application.id, now=now)
    row = ConflictLifting(
        application_id=application.id, person_id=person_id, reason=why, act_number=act[0], act_date=act[1], at=now,
        lifted_by=actor.person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event=Action.CONFLICT_LIFT, subject=row, reason=why,
           after={"application": application.id, "person": person_id, "act": act[0], "date": act[1]},
           authority_id=application.authority_id)  # fmt: skip
    return row


def _tell(session: Session, commission: Commission, application: Application, person_id: UUID, now: datetime) -> None:
    """Who was in conflict, without a name; the officers, where to read it."""
    phase = session.get_one(Phase, commission.phase_id)
    declares = person_id in {each.person_id for each in commission.declaring}
    path = f"/scoring/declarations/{phase.id}" if declares else "/desk"
    notify(session, people=[person_id], text=TOLD if declares else TOLD_OTHERS, path=path, now=now)
    who, name = session.get_one(Person, person_id).name, application.organisation.name
    text = {
        "it": f"Il conflitto di {who} con {name} è stato superato con un atto.",
        "en": f"The conflict of {who} with {name} was lifted by an act.",
    }
    tell_officers(session, application=application, text=text,
                  path=f"/manage/calls/{phase.call.slug}/conflicts?phase={phase.key}", now=now)  # fmt: skip
