"""One message of the bank, with the payments it might be about."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.models import Grant
from portal.payments.bank.models import BankFile, BankMessage
from portal.payments.bank.rules import BY_HAND, Said
from portal.payments.models import PaymentLine, PaymentOrder, Tranche

MOST_OFFERED = 10


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A message, the payment it belongs to if that is known, and those of its amount that it might belong to."""

    message: BankMessage
    about: PaymentLine | None
    offered: Sequence[PaymentLine]

    @property
    def may_be_matched(self) -> bool:
        """Whether saying which payment it is about is enough."""
        return self.message.is_open and self.message.trouble not in BY_HAND


def message_page(session: Session, message_id: UUID, actor: Actor) -> MessagePage:
    """The page of one message. Three statements."""
    file = joinedload(BankMessage.bank_file).joinedload(BankFile.importer)
    message = session.get(BankMessage, message_id, options=(file, joinedload(BankMessage.answerer)))
    if message is None:
        raise NotFound
    authorise(actor, Action.LEDGER_READ, message)
    named = PaymentLine.id == message.line_id if message.line_id else PaymentLine.end_to_end_id == message.reference
    about = session.scalars(_lines(message).where(named)).first()
    if not message.is_open or message.amount_cents is None:
        return MessagePage(message, about, ())
    is_paid = PaymentLine.paid_on.is_not(None) if message.said is Said.RETURNED else PaymentLine.paid_on.is_(None)
    like = _lines(message).where(
        PaymentLine.amount_cents == message.amount_cents, PaymentLine.failed_at.is_(None), is_paid
    )
    offered = session.scalars(like.order_by(PaymentLine.id.desc()).limit(MOST_OFFERED)).all()
    return MessagePage(message, about, offered)


def _lines(message: BankMessage):  # type: ignore[no-untyped-def]
    grant = joinedload(PaymentLine.tranche).joinedload(Tranche.grant)
    query = select(PaymentLine).join(PaymentOrder, PaymentOrder.id == PaymentLine.order_id)
    query = query.where(PaymentOrder.authority_id == message.authority_id)
    return query.options(grant.joinedload(Grant.organisation), grant.joinedload(Grant.application))
