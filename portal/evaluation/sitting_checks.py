"""Invariants of commissions and their minutes: one chair, ties as seats, files as registered, signatures of them."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import TieRow
from portal.access.policy import Tie
from portal.evaluation.models import Commission, Minutes, MinutesSignature
from portal.evaluation.queries.seats import with_people
from portal.evaluation.rules import Seat
from portal.evaluation.seating import TIES

OF_SEATS = (Tie.COMMISSION, Tie.PRESIDES, Tie.SECRETARY)


def broken(session: Session) -> Iterator[str]:
    """One line for each commission, minutes or signature that is not what it must be."""
    yield from _commissions(session)
    yield from _minutes(session)
    yield from _signatures(session)


def _commissions(session: Session) -> Iterator[str]:
    """What seats open is open to nobody who has none; nobody chairs beside another."""
    live = select(TieRow.object_id, TieRow.person_id, TieRow.tie).where(TieRow.tie.in_(OF_SEATS))
    live = live.where(TieRow.until.is_(None))
    held = {(commission, person, how) for commission, person, how in session.execute(live)}
    wanted = set()
    for commission in session.scalars(select(Commission).options(*with_people()).order_by(Commission.id)):
        for seat in (Seat.CHAIR, Seat.SECRETARY):
            if sum(each.seat_now is seat for each in commission.seats) > 1:
                yield f"evaluation: commission {commission.id} has more than one {seat.value}"
        for each in commission.seats:
            ties = TIES[each.seat_now] if each.seat_now else ()
            wanted |= {(commission.id, each.person_id, how) for how in ties}
    for commission_id, person_id, how in sorted(held - wanted):
        yield f"evaluation: commission {commission_id}: {person_id} is tied to it ({how.value}) without the seat"


def _minutes(session: Session) -> Iterator[str]:
    query = select(Minutes).options(joinedload(Minutes.file), joinedload(Minutes.protocol_entry)).order_by(Minutes.id)
    for minutes in session.scalars(query):
        if not minutes.sha256 == minutes.file.sha256 == minutes.protocol_entry.sha256:
            yield f"evaluation: minutes {minutes.id}: their hash is not that of the file and of the register"
        if minutes.sitting.closed_at is None:
            yield f"evaluation: minutes {minutes.id} belong to a session that is not closed"


def _signatures(session: Session) -> Iterator[str]:
    query = select(MinutesSignature.id).join(Minutes, Minutes.id == MinutesSignature.minutes_id)
    query = query.where(MinutesSignature.sha256 != Minutes.sha256).order_by(MinutesSignature.id)
    for signature_id in session.scalars(query):
        yield f"evaluation: signature {signature_id} is of another file than its minutes"
