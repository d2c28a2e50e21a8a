"""When somebody leaves the commission: the next substitute takes the seat, and what was not scored yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Role, Tie, authorise
from portal.access.queries import people_with_role
from portal.access.ties import untie
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.models import Assignment, Commission, CommissionMember
from portal.evaluation.operations.assigning import fill
from portal.evaluation.operations.finding import find_conflicts
from portal.evaluation.points import evaluators_wanted
from portal.evaluation.queries.assignments import applications_under_evaluation, assignments_of
from portal.evaluation.queries.seats import commission_for_update
from portal.evaluation.rules import RECUSE
from portal.evaluation.seating import change_seat
from portal.notices.operations import notify

LONGEST = 2000


class SitsNoMore(Conflict):
    """Whoever does not sit cannot leave."""

    default = lazy_("This person does not sit on the commission any more. Reload the page.")


def call_in_substitute(
    session: Session, *, commission_id: UUID, leaving_id: UUID, reason: str, actor: Actor, now: datetime
) -> CommissionMember | None:
    """End the seat of `leaving_id` (a person) and give it to the next substitute, or to nobody where there is none.

    What the leaver had assigned and had not finalised ends and goes to the substitute, save what a conflict keeps from
    them, which goes to the others. Sheets that were finalised stay as they are: whether they count is for the caller to
    decide. The officers are told; where nobody can be called in (None) they are asked to appoint somebody by an act.
    `reason` is read by whoever reads the commission: it names no application. Whoever leaves may ask for it themselves.
    Raises SitsNoMore.
    """
    commission = commission_for_update(session, commission_id)
    if actor.person_id != leaving_id:
        authorise(actor, Action.COMMISSION_APPOINT, commission)
    leaving = next((each for each in commission.members if each.person_id == leaving_id), None)
    if leaving is None:
        raise SitsNoMore
    why = written(reason, most=LONGEST, field="reason", empty=lazy_("Write why the seat is left."))
    seat, by = leaving.seat_now, actor.person_id
    change_seat(session, commission, leaving, None, now, reason=why, made_by=by)
    coming = next(iter(commission.substitutes), None)
    if coming is not None:
        change_seat(session, commission, coming, seat, now, reason=why, made_by=by, in_place_of=leaving)
    record(session, at=now, actor=actor, event="commission.substituted", subject=commission, reason=why,
           before={"person": leaving_id, "seat": seat},
           after={"person": coming and coming.person_id, "seat": coming and seat})  # fmt: skip
    _hand_over(session, commission, leaving_id, actor, now)
    _tell(session, commission, leaving, coming, now)
    return coming


def _hand_over(session: Session, commission: Commission, leaving_id: UUID, actor: Actor, now: datetime) -> None:
    """End what the leaver had not scored, and give it out again among who sits now, evenly: a newcomer has least.

    What they had finalised counts, and is open to them no longer: who has left reads no proposal.
    """
    everything = applications_under_evaluation(session, commission.phase_id)
    theirs = [
        each for each in assignments_of(session, [each.id for each in everything]) if each.person_id == leaving_id
    ]
    for each in theirs:
        if each.status in RECUSE.sources:
            _end(session, each, actor, now)
        elif each.is_final:
            untie(session, person_id=leaving_id, tie=Tie.ASSIGNED, object_id=each.application_id, now=now)
    touched = {each.application_id for each in theirs}
    open_ones = [each for each in everything if each.id in touched and each.status is ApplicationStatus.ADMISSIBLE]
    if open_ones:
        session.flush()
        find_conflicts(session, commission=commission, applications=open_ones, call_id=open_ones[0].call_id, now=now)
        fill(
            session, commission=commission, applications=everything, open_ones=open_ones,
            wants=evaluators_wanted(open_ones[0].design), actor=actor, now=now,
        )  # fmt: skip


def _end(session: Session, assignment: Assignment, actor: Actor, now: datetime) -> None:
    before = assignment.status
    assignment.make(RECUSE, at=now)
    untie(session, person_id=assignment.person_id, tie=Tie.ASSIGNED, object_id=assignment.application_id, now=now)
    record(session, at=now, actor=actor, event="assignment.recused", subject=assignment, before={"status": before},
           after={"status": assignment.status})  # fmt: skip


def _tell(
    session: Session, commission: Commission, leaving: CommissionMember, coming: CommissionMember | None, now: datetime
) -> None:
    """The officers always; the substitute that they sit from now on."""
    phase = session.get_one(Phase, commission.phase_id)
    path = f"/manage/calls/{phase.call.slug}/commission?phase={phase.key}"
    who, whom = leaving.person.name, coming and coming.person.name
    if coming is None:
        text = {
            "it": f"{who} lascia la commissione e non ci sono supplenti: occorre nominare qualcuno con un atto.",
            "en": f"{who} leaves the commission and there is no substitute: somebody must be appointed by an act.",
        }
    else:
        text = {
            "it": f"{who} lascia la commissione: subentra {whom}, supplente.",
            "en": f"{who} leaves the commission: {whom}, substitute, takes the seat.",
        }
        sits = {
            "it": "Da ora fa parte della commissione: occorre dichiarare eventuali conflitti prima di valutare.",
            "en": "You sit on the commission from now on: declare any conflict of interest before scoring.",
        }
        notify(session, people=[coming.person_id], text=sits, path="/scoring", now=now)
    officers = people_with_role(session, Role.OFFICER, commission.authority_id, now)
    notify(session, people=[each.id for each in officers], text=text, path=path, now=now)
