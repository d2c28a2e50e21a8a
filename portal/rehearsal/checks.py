"""Invariants of rehearsals, for the nightly checker."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Authority, RoleGrant
from portal.calls.models import Call
from portal.rehearsal.models import Rehearsal
from portal.rehearsal.twin import Troupe


def broken(session: Session) -> Iterator[str]:
    """A call of a twin without its rehearsal, one that stands elsewhere, somebody who still acts after the end."""
    twins = select(Authority.id).where(Authority.twin_of_id.is_not(None))
    strays = select(Call.slug).where(Call.authority_id.in_(twins), Call.id.not_in(_rehearsed()))
    for slug in session.scalars(strays.order_by(Call.slug)):
        yield f"rehearsal: call {slug} stands in a twin and belongs to no rehearsal"
    for rehearsal in session.scalars(select(Rehearsal).options(joinedload(Rehearsal.twin), joinedload(Rehearsal.call))):
        yield from _of(session, rehearsal)


def _rehearsed() -> Select[UUID | None]:
    return select(Rehearsal.call_id).where(Rehearsal.call_id.is_not(None))


def _of(session: Session, rehearsal: Rehearsal) -> Iterator[str]:
    name = f"rehearsal: {rehearsal.id}"
    if rehearsal.twin.twin_of_id != rehearsal.authority_id:
        yield f"{name} does not stand in the twin of its authority"
    if rehearsal.call is not None and rehearsal.call.authority_id != rehearsal.twin_id:
        yield f"{name} was played outside its twin"
    live = RoleGrant.authority_id == rehearsal.twin_id, RoleGrant.until.is_(None)
    mine = Troupe(session, rehearsal).people()
    if (
        rehearsal.is_closed
        and session.scalars(select(RoleGrant.id).where(*live, RoleGrant.person_id.in_(mine))).first()
    ):
        yield f"{name} is closed and somebody of it still has a role"
