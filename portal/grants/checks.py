"""Invariants of grants: the ledger holds what was awarded (P7), and nobody is active without a signed agreement."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.calls.models import Call
from portal.grants.models import Grant
from portal.grants.rules import ENDED, GrantStatus
from portal.ledger.models import LedgerEntry
from portal.ledger.rules import PostingKind

RUNNING = frozenset({GrantStatus.ACTIVE, GrantStatus.SUSPENDED, GrantStatus.CLOSING, GrantStatus.CLOSED})
ENTITY = RUNNING | {GrantStatus.READY}
UNANSWERED = ENDED | {GrantStatus.PROPOSED}


def broken(session: Session) -> Iterator[str]:
    """One line for each grant that says one thing and is another."""
    posted, reduced = _posted(session, PostingKind.AWARDED), _posted(session, PostingKind.AWARD_REDUCED)
    query = select(Grant).options(joinedload(Grant.organisation), selectinload(Grant.agreements))
    for grant in session.scalars(query.order_by(Grant.reference)).unique():
        moved = posted.get(grant.id, 0)
        if moved != grant.awarded_cents:
            yield f"grants: {grant.reference} awards {grant.awarded_cents} but the ledger moved {moved}"
        if (back := reduced.get(grant.id, 0)) != grant.reduced_cents:
            yield f"grants: {grant.reference} was reduced by {grant.reduced_cents} but the ledger moved {back}"
        yield from _state(grant)
    yield from _over_budget(session)


def _state(grant: Grant) -> Iterator[str]:
    if grant.status in ENTITY and grant.organisation.is_informal:
        yield f"grants: {grant.reference} is {grant.status} but its recipient is still an informal group"
    if grant.status not in UNANSWERED and grant.accept_by is not None and grant.accepted_at is None:
        yield f"grants: {grant.reference} is {grant.status} though its recipient has not accepted it"
    if grant.status in RUNNING and (grant.starts_on is None or grant.cup is None):
        yield f"grants: {grant.reference} is {grant.status} without a first day or a CUP"
    if grant.status in RUNNING and not any(agreement.is_in_force for agreement in grant.agreements):
        yield f"grants: {grant.reference} is {grant.status} without an agreement in force"


def _posted(session: Session, posting: PostingKind) -> dict[UUID, int]:
    query = (
        select(LedgerEntry.subject_id, func.sum(LedgerEntry.amount_cents))
        .where(LedgerEntry.posting == posting, LedgerEntry.subject_type == Grant.__tablename__)
        .group_by(LedgerEntry.subject_id)
    )
    return {subject: int(cents) for subject, cents in session.execute(query)}


def _over_budget(session: Session) -> Iterator[str]:
    query = (
        select(Call.slug, Call.budget_cents, func.sum(Grant.granted_cents))
        .join(Grant, Grant.call_id == Call.id)
        .group_by(Call.id, Call.slug, Call.budget_cents)
        .order_by(Call.slug)
    )
    for slug, budget, awarded in session.execute(query):
        if int(awarded) > budget:
            yield f"grants: the awards of {slug} are {awarded}, more than its budget of {budget}"
