"""Giving and ending seats: the only writer of who sits on a commission, and of the ties that go with a seat."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.ties import tie, untie
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.evaluation.models import Commission, CommissionMember, SeatChange
from portal.evaluation.queries.conflicts import Membership, applicant_ids, memberships
from portal.evaluation.rules import Seat

TIES: dict[Seat, tuple[Tie, ...]] = {
    Seat.CHAIR: (Tie.COMMISSION, Tie.PRESIDES),
    Seat.MEMBER: (Tie.COMMISSION,),
    Seat.SECRETARY: (Tie.SECRETARY,),
    Seat.SUBSTITUTE: (),
}
"""What a seat opens; a substitute sees nothing until they are called in."""
Act = tuple[str, date]


class ApplicantCannotSit(Conflict):
    """Nobody sits on the commission of a call to which their own organisation applies (P18)."""

    def __init__(self, found: Membership) -> None:
        super().__init__(
            lazy_(
                "Applicants cannot sit on the commission (rule P18): %(person)s is a member of %(organisation)s, which"
                " applies to this call. Choose somebody else.",
                person=found.person.name,
                organisation=found.organisation.name,
            ),
            "members",
        )


def give_seat(
    session: Session, commission: Commission, person_id: UUID, seat: Seat, now: datetime,
    *, position: int | None = None, act: Act | None = None,
) -> CommissionMember:  # fmt: skip
    """Seat somebody for the first time, by the act of appointment or by one of their own."""
    member = CommissionMember(
        person_id=person_id, seat=seat, position=position, since=now, act_number=act and act[0],
        act_date=act and act[1],
    )  # fmt: skip
    commission.seats.append(member)
    session.flush()
    _open(session, commission, member, seat, now)
    return member


def change_seat(
    session: Session, commission: Commission, member: CommissionMember, seat: Seat | None, now: datetime,
    *, reason: str, made_by: UUID | None, in_place_of: CommissionMember | None = None, act: Act | None = None,
) -> SeatChange:  # fmt: skip
    """Give somebody who was appointed another seat, or none: what the old one opened closes at once."""
    for each in TIES[member.seat_now] if member.seat_now else ():
        untie(session, person_id=member.person_id, tie=each, object_id=commission.id, now=now)
    change = SeatChange(
        seat=seat, in_place_of_id=in_place_of and in_place_of.id, reason=reason, at=now, made_by=made_by,
        act_number=act and act[0], act_date=act and act[1],
    )  # fmt: skip
    member.changes.append(change)
    session.flush()
    if seat is not None:
        _open(session, commission, member, seat, now)
    return change


def _open(session: Session, commission: Commission, member: CommissionMember, seat: Seat, now: datetime) -> None:
    for each in TIES[seat]:
        tie(session, person_id=member.person_id, tie=each, object_type="commission", object_id=commission.id, now=now)


def ever_chaired(commission: Commission, person_id: UUID) -> bool:
    """Whether somebody presides, or did."""
    theirs = [each for each in commission.seats if each.person_id == person_id]
    return any(Seat.CHAIR in {each.seat, *(change.seat for change in each.changes)} for each in theirs)


def must_be_no_applicants(
    session: Session, phase: Phase, people: Sequence[UUID], now: datetime
) -> list[tuple[UUID, UUID]]:
    """Pairs of application and person that a past membership keeps apart; ApplicantCannotSit for a present one."""
    found = memberships(session, people=people, organisations=applicant_ids(session, phase.call_id), now=now)
    for each in found:
        if each.is_live:
            raise ApplicantCannotSit(each)
    theirs = select(Application.id, Application.organisation_id).where(Application.phase_id == phase.id)
    rows = session.execute(theirs.where(Application.organisation_id.in_([each.organisation.id for each in found])))
    by_organisation: dict[UUID, list[UUID]] = {}
    for application_id, organisation_id in rows:
        by_organisation.setdefault(organisation_id, []).append(application_id)
    return [
        (application, each.person.id) for each in found for application in by_organisation.get(each.organisation.id, ())
    ]
