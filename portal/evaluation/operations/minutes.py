"""Minutes: remarks while the commission sits, the document when it rises, signatures, further minutes that correct."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.written import written
from portal.evaluation.minutes import registered_file
from portal.evaluation.models import Minutes, MinutesSignature, Sitting, SittingRemark
from portal.evaluation.operations.sittings import must_be_open, tell_seats
from portal.evaluation.queries.happenings import Window, happenings
from portal.evaluation.queries.naming import kept_from
from portal.evaluation.queries.sittings import SittingPage, readable_minutes, sitting_to_keep
from portal.evaluation.rules import Seat
from portal.evaluation.sittings import (
    CLOSE_SITTING,
    LONGEST_TEXT,
    Line,
    Named,
    lines_of,
    stored_lines,
)

NOTHING = lazy_("Write what is to be noted.")


class NotToSign(Conflict):
    """These minutes do not wait for the actor."""

    default = lazy_("These minutes do not wait for your signature: you signed them, or you were not there.")


class OtherMinutes(Conflict):
    """The file that was shown is not the one to sign."""

    default = lazy_("These are not the minutes that you were shown. Reload the page and read them again.")


def write_remark(
    session: Session, *, sitting_id: UUID, text: str, reference: str, actor: Actor, now: datetime
) -> SittingRemark:
    """Note something in the minutes of an open session: of one application (by reference), or of none."""
    page = sitting_to_keep(session, actor, sitting_id)
    must_be_open(sitting=page.sitting)
    words = written(text, most=LONGEST_TEXT, field="text", empty=NOTHING)
    about = _application(session, actor, page, reference)
    remark = SittingRemark(application_id=about and about[0], text=words, at=now, written_by=actor.person_id)
    page.sitting.remarks.append(remark)
    session.flush()
    record(session, at=now, actor=actor, event="sitting.remark", subject=page.sitting,
           after={"remark": str(remark.id)})  # fmt: skip
    return remark


def _application(session: Session, actor: Actor, page: SittingPage, reference: str) -> Named | None:
    """The application of this phase with this reference; one that is kept from the actor is like one that is not."""
    wanted = clean_line(reference).upper()
    if not wanted:
        return None
    query = select(Application.id, Application.reference)
    query = query.where(Application.phase_id == page.phase.id, Application.reference == wanted)
    found = session.execute(query).one_or_none()
    if found is None or found[0] in kept_from(session, actor, page.phase.id):
        raise Invalid(lazy_("No application of this call has this reference."), "reference")
    return found[0], found[1]


def close_sitting(session: Session, *, sitting_id: UUID, actor: Actor, now: datetime) -> Minutes:
    """Close a session and make its minutes from what happened: a registered PDF that waits for who was there."""
    page = sitting_to_keep(session, actor, sitting_id)
    sitting = page.sitting
    sitting.make(CLOSE_SITTING, at=now)
    sitting.closed_at = now
    session.flush()
    record(session, at=now, actor=actor, event="sitting.closed", subject=sitting,
           after={"status": sitting.status})  # fmt: skip
    window = Window(page.commission, sitting.opened_at or now, now)
    return _made(session, page, lines_of(happenings(session, window, sitting.id)), None, actor, now)


def correct_minutes(
    session: Session, *, minutes_id: UUID, text: str, reference: str, actor: Actor, now: datetime
) -> Minutes:
    """Make further minutes that say what the earlier ones have wrong; those stay as they are. Who was there signs."""
    earlier, _phase = readable_minutes(session, actor, minutes_id)
    page = sitting_to_keep(session, actor, earlier.minutes.sitting_id)
    words = written(text, most=LONGEST_TEXT, field="text", empty=NOTHING)
    about = _application(session, actor, page, reference)
    line = Line(now, {"it": words, "en": words}, [about] if about else [])
    return _made(session, page, [line], earlier.minutes, actor, now)


def _made(
    session: Session, page: SittingPage, lines: list[Line], corrects: Minutes | None, actor: Actor, now: datetime
) -> Minutes:
    sitting = page.sitting
    number = (session.scalar(select(func.max(Minutes.number)).where(Minutes.sitting_id == sitting.id)) or 0) + 1
    document = _document(page, stored_lines(lines), corrects)
    file, entry = registered_file(session, page=page, document=document, number=number, actor=actor, now=now)
    made = Minutes(
        authority_id=sitting.authority_id, number=number, corrects_id=corrects and corrects.id, document=document,
        file_id=file.id, sha256=file.sha256, protocol_entry_id=entry.id, made_at=now, made_by=actor.person_id,
        signatures=[MinutesSignature(person_id=each) for each in _signers(sitting)],
    )  # fmt: skip
    sitting.minutes.append(made)
    session.flush()
    record(session, at=now, actor=actor, event="minutes.made", subject=made,
           after={"number": entry.label, "sha256": file.sha256, "corrects": corrects and str(corrects.id)},
           authority_id=sitting.authority_id)  # fmt: skip
    message = lazy_("The minutes of session %(number)s wait for your signature.", number=sitting.number)
    tell_seats(session, commission=page.commission, sitting=sitting, message=message, now=now)
    return made


def _signers(sitting: Sitting) -> list[UUID]:
    """Whoever was there and still sits: the chair, the members, the secretary."""
    seats = (Seat.CHAIR, Seat.MEMBER, Seat.SECRETARY)
    there = [each.member for each in sitting.presences if each.member.seat_now in seats]
    return [each.person_id for each in sorted(there, key=lambda each: seats.index(each.seat_now or Seat.MEMBER))]


def _document(page: SittingPage, lines: list[dict[str, Any]], corrects: Minutes | None) -> dict[str, Any]:
    """What the minutes say, with everything they need to be read alone."""
    sitting, commission, phase = page.sitting, page.commission, page.phase
    since, order = {each.member_id: each.at for each in sitting.presences}, list(Seat)
    seats = [each for each in commission.seats if each.id in since or each.seat_now in (Seat.CHAIR, Seat.MEMBER)]
    return {
        "format": 1, "authority": phase.call.authority.name, "call": phase.call.title, "zone": phase.zone,
        "act": {"number": commission.act_number, "date": commission.act_date.isoformat(),
                "even_reason": commission.even_reason},
        "sitting": {
            "number": sitting.number, "place": sitting.place, "is_public": sitting.is_public,
            "agenda": sitting.agenda, "missing_reason": sitting.missing_reason,
            **{key: value.isoformat() for key, value in (("starts_at", sitting.starts_at),
               ("opened_at", sitting.opened_at), ("closed_at", sitting.closed_at)) if value},
        },
        "people": [
            {"name": each.person.name, "seat": (each.seat_now or each.seat).value,
             "since": since[each.id].isoformat() if each.id in since else None}
            for each in sorted(seats, key=lambda each: (order.index(each.seat_now or each.seat), each.person.name))
        ],
        "lines": lines,
        "corrects": corrects and corrects.protocol_entry.label,
    }  # fmt: skip


def own_signature(session: Session, *, minutes_id: UUID, actor: Actor) -> MinutesSignature:
    """What the actor is asked to sign, locked. Raises NotToSign where nothing waits for them."""
    query = select(MinutesSignature).where(
        MinutesSignature.minutes_id == minutes_id, MinutesSignature.person_id == actor.person_id
    )
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None or not found.waits:
        raise NotToSign
    return found


def sign_minutes(session: Session, *, minutes_id: UUID, sha256: str, actor: Actor, now: datetime) -> MinutesSignature:
    """Sign the minutes that were shown, by one's own sign-in with a second factor. Raises NotToSign, OtherMinutes."""
    found, _phase = readable_minutes(session, actor, minutes_id)
    authorise(actor, Action.MINUTES_SIGN, found.minutes)
    mine = own_signature(session, minutes_id=minutes_id, actor=actor)
    if sha256 != found.minutes.sha256:
        raise OtherMinutes
    mine.signed_at, mine.sha256 = now, sha256
    session.flush()
    record(session, at=now, actor=actor, event=Action.MINUTES_SIGN, subject=found.minutes,
           after={"person": str(actor.person_id), "sha256": sha256})  # fmt: skip
    return mine
