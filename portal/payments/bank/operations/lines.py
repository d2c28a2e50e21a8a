"""The payments that messages speak of: found by their references, locked, and what the bank said of each before."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from portal.access.policy import Action, allowed
from portal.access.queries.members import joined_among
from portal.core.actor import Actor
from portal.grants.models import Grant
from portal.grants.rules import local_day
from portal.payments.bank.judging import LineSeen
from portal.payments.bank.models import BankMessage
from portal.payments.bank.rules import Answer, Outcome, Said, Trouble
from portal.payments.models import PaymentLine, PaymentOrder, Tranche
from portal.payments.queries.tranches import pays_oneself, tranches_for_update

PART_OF = re.compile(r"-\d+$")
"""A batch inside a message of ours is called as the message with its number."""


@dataclass(slots=True)
class Payments:
    """Locked payments of one authority, and what was heard of each; kept up as messages are taken."""

    by_reference: dict[str, PaymentLine] = field(default_factory=dict)
    orders: dict[str, PaymentOrder] = field(default_factory=dict)
    heard: dict[UUID, set[Said]] = field(default_factory=lambda: defaultdict(set))
    own: set[UUID] = field(default_factory=set)

    def seen(self, line: PaymentLine) -> LineSeen:
        """A payment as messages are judged by."""
        return LineSeen(
            amount_cents=line.amount_cents,
            made_on=local_day(line.order.created_at),
            paid_on=line.paid_on,
            has_failed=line.failed_at is not None,
            heard=frozenset(self.heard[line.id]),
            is_own=line.id in self.own,
            iban=line.iban,
        )

    def order_of(self, batch_id: str) -> PaymentOrder | None:
        """The batch that a reference of the bank means."""
        return self.orders.get(batch_id) or self.orders.get(PART_OF.sub("", batch_id))


def locked_payments(
    session: Session, *, authority_id: UUID, references: Iterable[str], batches: Iterable[str], actor: Actor
) -> Payments:
    """The payments of these references and batches, locked with their tranches until the transaction ends."""
    names = {name for each in batches if each for name in (each, PART_OF.sub("", each))}
    home = select(PaymentOrder).where(PaymentOrder.authority_id == authority_id)
    orders = session.scalars(home.where(PaymentOrder.message_id.in_(names))).all() if names else []
    meant = select(PaymentLine.id, PaymentLine.tranche_id).join(PaymentOrder, PaymentOrder.id == PaymentLine.order_id)
    meant = meant.where(PaymentOrder.authority_id == authority_id).where(
        or_(PaymentLine.end_to_end_id.in_(set(references)), PaymentLine.order_id.in_([each.id for each in orders]))
    )
    found = dict(session.execute(meant).all())
    if not found:
        return Payments()
    tranches_for_update(session, list(set(found.values())))
    lines = _lines(session, list(found))
    payments = Payments({each.end_to_end_id: each for each in lines}, {each.message_id: each for each in orders})
    payments.own = _of_oneself(session, lines, actor)
    for line_id, said in session.execute(_heard(list(found))):
        payments.heard[line_id].add(said)
    return payments


def _lines(session: Session, ids: Sequence[UUID]) -> Sequence[PaymentLine]:
    to_grant = selectinload(PaymentLine.tranche).selectinload(Tranche.grant).joinedload(Grant.organisation)
    query = select(PaymentLine).where(PaymentLine.id.in_(ids)).order_by(PaymentLine.id)
    query = query.options(selectinload(PaymentLine.order), to_grant)
    return session.scalars(query.execution_options(populate_existing=True)).unique().all()


def _of_oneself(session: Session, lines: Sequence[PaymentLine], actor: Actor) -> set[UUID]:
    """Nobody records a payment to their own organisation, or to one they have recused from (P10)."""
    joined = joined_among(session, (each.tranche.grant.organisation_id for each in lines), actor.person_id)
    return {
        each.id
        for each in lines
        if each.tranche.grant.organisation_id in joined
        or pays_oneself(each.tranche, actor)
        or not allowed(actor, Action.PAYMENT_RECORD, each.tranche)
    }


def _heard(lines: Sequence[UUID]) -> Select[UUID, Said]:
    counted = or_(
        BankMessage.outcome != Outcome.QUARANTINED,
        BankMessage.trouble == Trouble.CONTRADICTS,
        BankMessage.answer == Answer.MATCHED,
    )
    return (
        select(PaymentLine.id, BankMessage.said)
        .select_from(BankMessage)
        .join(PaymentLine, PaymentLine.id == BankMessage.line_id)
        .where(PaymentLine.id.in_(lines), counted)
    )
