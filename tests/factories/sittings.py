"""A commission with substitutes and a secretary, and one of its sessions."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.core.actor import Actor
from portal.evaluation import operations
from portal.evaluation.models import Commission, Sitting
from portal.evaluation.rules import Seat
from tests.factories.base import as_actor, make_staff
from tests.factories.evaluation import Evaluation, appoint, make_evaluation


def make_commission(
    session: Session,
    *,
    now: datetime,
    substitutes: int = 1,
    applications: int = 2,
    code: str = "bari",
    design: Any = None,
    **more: Any,
) -> tuple[Evaluation, Commission]:
    """A chair, two members, as many substitutes as asked, and the secretary Sara."""
    asked = {"design": design} if design is not None else {}
    world = make_evaluation(session, now=now, applications=applications, code=code, **asked)
    waiting = [make_staff(session, world.authority, Role.EVALUATOR, now=now, name=f"Ugo Supplente {n}")
               for n in range(1, substitutes + 1)]  # fmt: skip
    secretary = make_staff(session, world.authority, Role.OFFICER, now=now, name="Sara Segretaria")
    commission = appoint(session, world, now=now, substitute_ids=[each.id for each in waiting],
                         secretary_id=secretary.id, **more)  # fmt: skip
    world.known |= {"substitutes": waiting, "secretary": secretary, "commission": commission}
    return world, commission


def keeper(session: Session, world: Evaluation, *, now: datetime) -> Actor:
    """The secretary, as known now."""
    return as_actor(session, world.known["secretary"], now=now)


def convene(session: Session, world: Evaluation, *, now: datetime, **changed: Any) -> Sitting:
    """A public session in an hour."""
    given: dict[str, Any] = {"commission_id": world.known["commission"].id, "starts_at": now + timedelta(hours=1),
             "place": "Sala Giunta, Bari", "is_public": True, "agenda": "1. Conflitti\n2. Valutazioni",
             "actor": keeper(session, world, now=now), "now": now}  # fmt: skip
    return operations.convene_sitting(session, **(given | changed))


def open_one(session: Session, world: Evaluation, sitting: Sitting, *, now: datetime, **changed: Any) -> Sitting:
    """Open it with everybody."""
    commission = session.get_one(Commission, sitting.commission_id)
    present = [each.id for each in commission.seats if each.seat_now not in (None, Seat.SUBSTITUTE)]
    given: dict[str, Any] = {"sitting_id": sitting.id, "present_ids": present, "missing_reason": "",
             "actor": keeper(session, world, now=now), "now": now}  # fmt: skip
    return operations.open_sitting(session, **(given | changed))
