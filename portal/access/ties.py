"""Tying people to objects: the only writer of tie rows.

Members of an organisation are members of its consortia too: whoever ties or unties one here changes both, in the same
transaction. An organisation is locked before its members change and its consortia after it, so that two changes at
once come one after the other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.access.models import ConsortiumPartner, Organisation, TieRow
from portal.access.policy import Tie
from portal.access.queries import MEMBER_TIES
from portal.access.rules import PartnerRole
from portal.access.rules.consortia import BY_STRENGTH, ties_to_consortium
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation

ORGANISATION = Organisation.__tablename__
KEEPS_AN_OWNER = "an organisation keeps an owner"
"""What the trigger on `tie` says."""


class LastOwner(Conflict):
    """Somebody always represents an organisation."""

    default = lazy_(
        "Nobody else represents this organisation: first let somebody else represent it, then this can be done."
    )


violation(KEEPS_AN_OWNER, LastOwner)


def tie(session: Session, *, person_id: UUID, tie: Tie, object_type: str, object_id: UUID, now: datetime) -> None:
    """Bind a person to an object from now on; a live tie stays as it is."""
    is_membership = object_type == ORGANISATION and tie in MEMBER_TIES
    if is_membership:
        hold_organisations(session, [object_id])
    _bind(session, person_id, tie, object_type, object_id, now)
    if is_membership:
        _let_consortia_follow(session, object_id, now)


def untie(session: Session, *, person_id: UUID, tie: Tie, object_id: UUID, now: datetime) -> None:
    """End a person's tie to an object; the row stays. The database refuses the end of an organisation's last owner."""
    is_membership = tie in MEMBER_TIES
    if is_membership:
        hold_organisations(session, [object_id])
    _unbind(session, person_id, tie, object_id, now)
    if is_membership:
        _let_consortia_follow(session, object_id, now)


def untie_person(session: Session, *, person_id: UUID, now: datetime) -> None:
    """End every tie of a person who leaves; a conflict stays, since nothing of the past lifts it."""
    live = TieRow.person_id == person_id, or_(TieRow.until.is_(None), TieRow.until > now)
    joined = select(TieRow).join(Organisation, Organisation.id == TieRow.object_id).where(*live)
    query = joined.where(TieRow.tie.in_(MEMBER_TIES), Organisation.kind != "consortium")
    memberships = session.scalars(query.order_by(TieRow.object_id)).all()
    hold_organisations(session, [row.object_id for row in memberships])
    for row in memberships:
        untie(session, person_id=person_id, tie=row.tie, object_id=row.object_id, now=now)
    for row in session.scalars(select(TieRow).where(*live, TieRow.tie != Tie.CONFLICTED)):
        row.until = now


def renew_consortium(session: Session, *, consortium_id: UUID, now: datetime) -> None:
    """Write the ties to a consortium anew from its organisations and their members; what still holds stays.

    New ties are written before former ones end: somebody represents it at every instant.
    """
    hold_organisations(session, [consortium_id])
    wanted = ties_wanted(session, consortium_id)
    live = select(TieRow.person_id, TieRow.tie).where(TieRow.object_id == consortium_id, *_live_membership())
    held = {(person_id, how) for person_id, how in session.execute(live)}
    for person_id, how in sorted(wanted - held):
        _bind(session, person_id, how, ORGANISATION, consortium_id, now)
    for person_id, how in sorted(held - wanted, key=lambda each: BY_STRENGTH.index(each[1])):
        _unbind(session, person_id, how, consortium_id, now)
    if wanted != held:
        before, after = _told(held - wanted), _told(wanted - held)
        record(session, at=now, actor=SYSTEM, event="consortium.members_followed",
               subject=session.get_one(Organisation, consortium_id), before=before, after=after)  # fmt: skip


def _told(ties: set[tuple[UUID, Tie]]) -> dict[str, list[dict[str, str]]]:
    return {"members": [{"person": str(person_id), "tie": how.value} for person_id, how in sorted(ties)]}


def hold_organisations(session: Session, organisation_ids: Sequence[UUID]) -> None:
    """Lock organisations until the transaction ends, in the order in which everybody does.

    Those that are no consortium first, then consortia, each kind by its keys: two transactions never wait for each
    other for ever.
    """
    query = select(Organisation.id).where(Organisation.id.in_(organisation_ids))
    query = query.order_by(Organisation.kind == "consortium", Organisation.id)
    session.execute(query.with_for_update(key_share=True)).all()


def _let_consortia_follow(session: Session, organisation_id: UUID, now: datetime) -> None:
    query = select(ConsortiumPartner.consortium_id).where(
        ConsortiumPartner.organisation_id == organisation_id, *_in_the_consortium()
    )
    for consortium_id in sorted(session.scalars(query)):
        renew_consortium(session, consortium_id=consortium_id, now=now)


def ties_wanted(session: Session, consortium_id: UUID) -> set[tuple[UUID, Tie]]:
    """Who is what in a consortium, by its organisations and their members."""
    return set(ties_to_consortium(_members_of_partners(session, consortium_id)).items())


def _members_of_partners(session: Session, consortium_id: UUID) -> list[tuple[UUID, PartnerRole, Tie]]:
    query = (
        select(TieRow.person_id, ConsortiumPartner.role, TieRow.tie)
        .join(ConsortiumPartner, ConsortiumPartner.organisation_id == TieRow.object_id)
        .where(ConsortiumPartner.consortium_id == consortium_id, *_in_the_consortium(), *_live_membership())
    )
    return [(person_id, role, how) for person_id, role, how in session.execute(query)]


def _in_the_consortium() -> tuple[ColumnElement[bool], ...]:
    return ConsortiumPartner.agreed_at.is_not(None), ConsortiumPartner.until.is_(None)


def _live_membership() -> tuple[ColumnElement[bool], ...]:
    return TieRow.tie.in_(MEMBER_TIES), TieRow.until.is_(None)


def _bind(session: Session, person_id: UUID, how: Tie, object_type: str, object_id: UUID, now: datetime) -> None:
    if not _rows(session, person_id, how, object_id):
        session.add(TieRow(person_id=person_id, tie=how, object_type=object_type, object_id=object_id, since=now))
        session.flush()


def _unbind(session: Session, person_id: UUID, how: Tie, object_id: UUID, now: datetime) -> None:
    for row in _rows(session, person_id, how, object_id):
        row.until = now
    session.flush()


def _rows(session: Session, person_id: UUID, how: Tie, object_id: UUID) -> Sequence[TieRow]:
    query = select(TieRow).where(
        TieRow.person_id == person_id,
        TieRow.tie == how,
        TieRow.object_id == object_id,
        TieRow.until.is_(None),
    )
    return session.scalars(query).all()
