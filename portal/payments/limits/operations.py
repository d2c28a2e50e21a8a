"""Setting limits of releases, and keeping them inside the transaction that releases."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority, Person
from portal.access.policy import Action, Role, authorise
from portal.access.queries import people_with_role
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.money import format_money
from portal.core.unit_of_work import violation
from portal.payments.limits.models import ReleaseLimit
from portal.payments.limits.queries import Room, limit_for, room_of
from portal.payments.models import Tranche


class OverLimit(Conflict):
    """More than this person may release in a day."""

    def __init__(self, room: Room, cents: int) -> None:
        super().__init__(
            lazy_(
                "You may release %(limit)s a day and have released %(released)s today: %(amount)s would be more."
                " Another finance approver can release it, you can tomorrow, or an administrator raises the limit.",
                limit=format_money(room.limit_cents or 0),
                released=format_money(room.released_cents),
                amount=format_money(cents),
            )
        )


class OwnLimit(Conflict):
    """Nobody sets a limit for themselves."""

    default = lazy_("Nobody sets their own limit: another administrator does.")


violation("ck_release_limit_set_by_another", OwnLimit)


def stay_within_the_limit(session: Session, *, tranche: Tranche, actor: Actor, now: datetime) -> None:
    """Raise OverLimit where this release takes the actor over the day's limit.

    The limit is locked until the transaction ends: two releases at once cannot both fit in what is left.
    """
    room = room_of(session, tranche.authority_id, actor.person_id, now, lock=True)
    if not room.holds(tranche.amount_cents):
        raise OverLimit(room, tranche.amount_cents)


def set_limit(
    session: Session, *, authority: Authority, person_id: UUID | None, cents: int | None, actor: Actor, now: datetime
) -> ReleaseLimit:
    """Set the most that a person (None: everybody without a limit of their own) may release in a day; None ends it.

    Raises OwnLimit, or Invalid for somebody who releases nothing or a limit below zero.
    """
    authorise(actor, Action.RELEASE_LIMIT_SET, authority)
    if actor.person_id is None:
        raise Forbidden
    binds_oneself = person_id is None and (Role.FINANCE_APPROVER.value, authority.id) in actor.roles
    if person_id == actor.person_id or binds_oneself:
        raise OwnLimit
    if cents is not None and cents < 0:
        raise Invalid(lazy_("Write an amount, or nothing where there is no limit."), "amount")
    person = _approver(session, authority, person_id, now)
    before = limit_for(session, authority.id, person_id)
    row = ReleaseLimit(
        authority_id=authority.id, person_id=person_id, cents=cents, set_by=actor.person_id, set_at=now
    )  # fmt: skip
    session.add(row)
    who = person.name if person else None
    record(
        session, at=now, actor=actor, event=Action.RELEASE_LIMIT_SET, subject=authority,
        before={"limit_cents": before.cents if before else None}, after={"limit_cents": cents, "person": who},
    )  # fmt: skip
    return row


def _approver(session: Session, authority: Authority, person_id: UUID | None, now: datetime) -> Person | None:
    if person_id is None:
        return None
    found = {person.id: person for person in people_with_role(session, Role.FINANCE_APPROVER, authority.id, now)}
    if person_id not in found:
        raise Invalid(lazy_("Choose one of the finance approvers."), "person")
    return found[person_id]
