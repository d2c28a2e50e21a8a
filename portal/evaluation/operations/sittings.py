"""Holding a session: convened, opened by who is there, noted, and closed with its minutes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import in_both, lazy_
from portal.core.instants import Instant
from portal.core.text import clean_line, clean_text, is_blank
from portal.core.written import written
from portal.evaluation.models import Commission, CommissionMember, Presence, Sitting
from portal.evaluation.queries.sittings import SittingPage, commission_to_keep, sitting_to_keep
from portal.evaluation.rules import VOTING
from portal.evaluation.sittings import CANCEL_SITTING, LONGEST_PLACE, LONGEST_TEXT, OPEN_SITTING, SittingStatus
from portal.notices.operations import notify


class AnotherIsOpen(Conflict):
    """A commission sits once at a time."""

    default = lazy_("Another session of this commission is open: close it first.")


def convene_sitting(
    session: Session, *, commission_id: UUID, starts_at: datetime, place: str, is_public: bool, agenda: str,
    actor: Actor, now: datetime,
) -> Sitting:  # fmt: skip
    """Convene the commission: day, hour, place or link, agenda. Everybody who sits is told. Raises Invalid."""
    commission, phase = commission_to_keep(session, actor, commission_id)
    where = clean_line(place)
    if is_blank(where) or len(where) > LONGEST_PLACE:
        words = lazy_("Write the place or the link, at most %(count)d characters.", count=LONGEST_PLACE)
        raise Invalid(words, "place")
    if starts_at < now:
        raise Invalid(lazy_("The session cannot have begun already: write an instant still to come."), "starts_at")
    items = written(agenda, most=LONGEST_TEXT, field="agenda", empty=lazy_("Write the agenda."))
    last = session.scalar(select(func.max(Sitting.number)).where(Sitting.commission_id == commission.id))
    sitting = Sitting(
        authority_id=commission.authority_id, commission_id=commission.id, number=(last or 0) + 1,
        starts_at=starts_at, place=where, is_public=is_public, agenda=items, convened_at=now,
        convened_by=actor.person_id, status_at=now,
    )  # fmt: skip
    session.add(sitting)
    record(session, at=now, actor=actor, event="sitting.convened", subject=sitting,
           after={"number": sitting.number, "starts_at": starts_at, "public": is_public})  # fmt: skip
    message = lazy_("The commission is convened on %(instant)s.", instant=Instant(starts_at, phase.zone))
    tell_seats(session, commission=commission, sitting=sitting, message=message, now=now)
    return sitting


def cancel_sitting(session: Session, *, sitting_id: UUID, actor: Actor, now: datetime) -> Sitting:
    """Call off a session that was not opened."""
    page = sitting_to_keep(session, actor, sitting_id)
    page.sitting.make(CANCEL_SITTING, at=now)
    record(session, at=now, actor=actor, event="sitting.cancelled", subject=page.sitting,
           after={"status": page.sitting.status})  # fmt: skip
    instant = Instant(page.sitting.starts_at, page.phase.zone)
    message = lazy_("The session of %(instant)s is called off.", instant=instant)
    tell_seats(session, commission=page.commission, sitting=page.sitting, message=message, now=now)
    return page.sitting


def open_sitting(
    session: Session, *, sitting_id: UUID, present_ids: Collection[UUID], missing_reason: str, actor: Actor,
    now: datetime,
) -> Sitting:  # fmt: skip
    """Open a session with who is there (by seat): everybody who votes, or the reason why it is held without some."""
    page = sitting_to_keep(session, actor, sitting_id)
    if not page.sitting.opens_by(now):
        raise Conflict(lazy_("It is not yet time: a session opens at its hour, a quarter of an hour before at most."))
    _must_be_alone(session, page.commission)
    present = _among(page, present_ids)
    missing = [each for each in page.commission.members if each not in present]
    why = clean_text(missing_reason)
    if not any(each.seat_now in VOTING for each in present):
        raise Invalid(lazy_("Tick who is there: nobody who votes is."), "present")
    if missing and is_blank(why):
        names = ", ".join(each.person.name for each in missing)
        raise Invalid(
            lazy_("Everybody who votes must be there; missing: %(names)s. Or write why it is held without them.",
                  names=names),
            "missing_reason",
        )  # fmt: skip
    sitting = page.sitting
    sitting.make(OPEN_SITTING, at=now)
    sitting.opened_at, sitting.missing_reason = now, (why[:LONGEST_TEXT] if missing else None)
    session.flush()
    _note(session, page, present, now)
    record(session, at=now, actor=actor, event="sitting.opened", subject=sitting, reason=sitting.missing_reason,
           after={"status": sitting.status, "present": [str(each.person_id) for each in present]})  # fmt: skip
    return sitting


def note_presence(
    session: Session, *, sitting_id: UUID, present_ids: Collection[UUID], actor: Actor, now: datetime
) -> Sitting:
    """Note who came in while the session is open."""
    page = sitting_to_keep(session, actor, sitting_id)
    must_be_open(sitting=page.sitting)
    there = {each.member_id for each in page.sitting.presences}
    coming = [each for each in _among(page, present_ids) if each.id not in there]
    if not coming:
        raise Invalid(lazy_("Tick who came in."), "present")
    _note(session, page, coming, now)
    record(session, at=now, actor=actor, event="sitting.presence", subject=page.sitting,
           after={"present": [str(each.person_id) for each in coming]})  # fmt: skip
    return page.sitting


def must_be_open(*, sitting: Sitting) -> None:
    """Refuse what is only written while the commission sits."""
    if sitting.status is not SittingStatus.OPENED:
        raise Conflict(lazy_("This session is not open. Reload the page."))


def tell_seats(session: Session, *, commission: Commission, sitting: Sitting, message: object, now: datetime) -> None:
    """Tell everybody who sits, the secretary too."""
    session.flush()
    people = [each.person_id for each in commission.declaring]
    notify(session, people=people, text=in_both(message), path=f"/sittings/{sitting.id}", now=now)


def _must_be_alone(session: Session, commission: Commission) -> None:
    query = select(Sitting.id).where(Sitting.commission_id == commission.id, Sitting.status == SittingStatus.OPENED)
    if session.scalars(query).first() is not None:
        raise AnotherIsOpen


def _among(page: SittingPage, ids: Collection[UUID]) -> list[CommissionMember]:
    """The seats that were ticked; somebody who does not sit is refused."""
    expected = {each.id: each for each in page.expected}
    if unknown := set(ids) - expected.keys():
        raise Invalid(lazy_("%(count)d of those ticked do not sit. Reload the page.", count=len(unknown)), "present")
    return [each for key, each in expected.items() if key in ids]


def _note(session: Session, page: SittingPage, present: Sequence[CommissionMember], now: datetime) -> None:
    for each in present:
        page.sitting.presences.append(Presence(member_id=each.id, at=now))
    session.flush()
