"""Who may have which seat: roles of the authority, one seat a person, an odd number of votes or the reason why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.calls.models import Phase
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_text, is_blank
from portal.evaluation.queries.seats import seats_offered
from portal.evaluation.rules import VOTING, Seat

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """The seats that an act names, as they were chosen."""

    chair_id: UUID
    member_ids: Sequence[UUID]
    substitute_ids: Sequence[UUID] = ()
    secretary_id: UUID | None = None
    even_reason: str = ""


def checked_seats(session: Session, phase: Phase, wanted: Wanted, now: datetime) -> dict[UUID, Seat]:
    """One seat a person: the chair, the members, the substitutes in their order, the secretary. Raises Invalid."""
    offered = seats_offered(session, phase.call.authority_id, now)
    seats = {wanted.chair_id: Seat.CHAIR}
    must_hold(
        wanted.chair_id, offered.chairs, lazy_("The chair must have the role of chair or evaluator here."), "chair"
    )
    for each in wanted.member_ids:
        must_hold(each, offered.evaluators, lazy_("Every member must have the role of evaluator here."), "members")
        seats.setdefault(each, Seat.MEMBER)
    _must_be_enough(phase, wanted, len(seats))
    for each in wanted.substitute_ids:
        must_hold(
            each, offered.evaluators, lazy_("Every substitute must have the role of evaluator here."), "substitutes"
        )
        _one_seat(seats, each, Seat.SUBSTITUTE, "substitutes")
    if wanted.secretary_id is not None:
        words = lazy_("The secretary must be an officer or an evaluator here.")
        must_hold(wanted.secretary_id, offered.secretaries, words, "secretary")
        _one_seat(seats, wanted.secretary_id, Seat.SECRETARY, "secretary")
    return seats


def why_even(wanted: Wanted, seats: Mapping[UUID, Seat]) -> str | None:
    """The reason that the act gives for an even number of votes; None where they are odd."""
    votes = sum(seat in VOTING for seat in seats.values())
    return None if votes % 2 else clean_text(wanted.even_reason)


def must_hold(person_id: UUID, people: Sequence[Person], message: object, field: str) -> None:
    """Return if the person is among those offered; else raise Invalid with these words."""
    if person_id not in {person.id for person in people}:
        raise Invalid(message, field)


def _one_seat(seats: dict[UUID, Seat], person_id: UUID, seat: Seat, field: str) -> None:
    if seats.setdefault(person_id, seat) is not seat:
        raise Invalid(lazy_("One person has one seat: choose somebody who has none yet."), field)


def _must_be_enough(phase: Phase, wanted: Wanted, votes: int) -> None:
    if votes % 2 == 0 and is_blank(wanted.even_reason):
        raise Invalid(
            lazy_(
                "The commission needs an odd number of voting members, the chair included: now they are %(count)d."
                " Add or remove one, or write why the number is even.",
                count=votes,
            ),
            "members",
        )
    if len(wanted.even_reason) > LONGEST_REASON:
        raise Invalid(lazy_("Write at most %(count)d characters.", count=LONGEST_REASON), "even_reason")
    needed = phase.design.evaluators_per_application
    if votes < needed:
        raise Invalid(
            lazy_("The call declares %(count)d evaluators for each application: appoint that many.", count=needed),
            "members",
        )
