"""Invariants of members: somebody represents each organisation, and a consortium's members are those of its own."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Organisation, TieRow
from portal.access.policy import Tie
from portal.access.queries import MEMBER_TIES
from portal.access.queries.consortia import live_places
from portal.access.rules import OrganisationKind
from portal.access.ties import ties_wanted


def broken(session: Session) -> Iterator[str]:
    """One line for each organisation that nobody represents any more, and each consortium that differs from its own."""
    yield from _owners(session)
    for consortium in session.scalars(
        select(Organisation).where(Organisation.kind == OrganisationKind.CONSORTIUM).order_by(Organisation.id)
    ):
        yield from _consortium(session, consortium)


def _owners(session: Session) -> Iterator[str]:
    owners = TieRow.tie == Tie.OWNER
    had = select(TieRow.object_id).where(owners)
    has = select(TieRow.object_id).where(owners, TieRow.until.is_(None))
    query = select(Organisation.id).where(Organisation.id.in_(had), Organisation.id.not_in(has))
    for organisation_id in session.scalars(query.order_by(Organisation.id)):
        yield f"access: organisation {organisation_id} has lost its last owner"


def _consortium(session: Session, consortium: Organisation) -> Iterator[str]:
    leads = [place for place in live_places(session, consortium.id) if place.is_lead]
    if len(leads) != 1:
        yield f"access: consortium {consortium.id} has {len(leads)} leads"
    live = select(TieRow.person_id, TieRow.tie).where(
        TieRow.object_id == consortium.id, TieRow.tie.in_(MEMBER_TIES), TieRow.until.is_(None)
    )
    held = {(person_id, how) for person_id, how in session.execute(live)}
    for person_id, how in sorted(held ^ ties_wanted(session, consortium.id)):
        yield f"access: consortium {consortium.id} and its organisations do not agree on {how} {person_id}"
