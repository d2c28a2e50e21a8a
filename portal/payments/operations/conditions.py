"""What must hold whenever money moves, read in the transaction that moves it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.access.queries.members import ties_of_member
from portal.core.actor import Actor
from portal.core.text import clean_text, is_blank
from portal.notices.operations import notify
from portal.payments.models import Tranche
from portal.payments.operations.refusals import EarlierTrancheOpen, GatesClosed, GrantNotPayable, PaysOneself
from portal.payments.queries.facts import Standing, standing_of
from portal.payments.queries.tranches import pays_oneself
from portal.payments.rules import PASSED, PAYABLE_GRANTS


def stand_apart(session: Session, *, tranche: Tranche, actor: Actor) -> None:
    """Nobody moves money towards an organisation they belong to (P10). Raises PaysOneself.

    Asked again under the lock of the organisation: who became a member since the request began counts as one.
    """
    joined = actor.person_id and ties_of_member(session, tranche.grant.organisation_id, actor.person_id)
    if joined or pays_oneself(tranche, actor):
        raise PaysOneself


def grant_is_payable(*, tranche: Tranche) -> None:
    """Raise GrantNotPayable unless the grant is under way."""
    if tranche.grant.status not in PAYABLE_GRANTS:
        raise GrantNotPayable


def gates_are_open(session: Session, *, tranches: Sequence[Tranche], now: datetime) -> dict[UUID, Standing]:
    """The standing of each tranche, all gates open; raises GatesClosed, naming the tranche where there are several."""
    standings = standing_of(session, tranches, now)
    for tranche in tranches:
        if closed := standings[tranche.id].closed:
            raise GatesClosed(closed, tranche if len(tranches) > 1 else None)
    return standings


def as_asked_for(*, tranche: Tranche, standing: Standing) -> None:
    """What is asked for is what it comes to today; the rest of what the plan gives stays unclaimed."""
    planned = tranche.planned_cents
    tranche.amount_cents = standing.money.gross_cents
    tranche.unclaimed_cents = planned - tranche.amount_cents


def as_planned(*, tranche: Tranche) -> None:
    """A tranche that goes back is again what the plan gives."""
    tranche.amount_cents, tranche.unclaimed_cents = tranche.planned_cents, 0


def earlier_ones_are_released(session: Session, *, tranche: Tranche) -> None:
    """Tranches are released in their order. Raises EarlierTrancheOpen."""
    earlier = select(Tranche.status).where(Tranche.grant_id == tranche.grant_id, Tranche.number < tranche.number)
    if any(status not in PASSED for status in session.scalars(earlier)):
        raise EarlierTrancheOpen


def tell_the_owners(session: Session, *, tranche: Tranche, text: dict[str, str], now: datetime) -> None:
    """A line in the inbox of whoever represents the recipient."""
    path = f"/tranches/{tranche.id}"
    tell_owners_of(session, organisation_id=tranche.grant.organisation_id, text=text, path=path, now=now)


def tell_owners_of(
    session: Session, *, organisation_id: UUID, text: dict[str, str], path: str, now: datetime
) -> None:  # fmt: skip
    """The same, about anything else of theirs."""
    owners = people_tied(session, organisation_id, [Tie.OWNER], now)
    notify(session, people=[person.id for person in owners], text=text, path=path, now=now)


def written(*, reason: str, longest: int) -> str:
    """A reason as it is kept."""
    return "" if is_blank(reason) else clean_text(reason)[:longest].rstrip()
