"""What the bank has said twice, in two ways: such a payment is not made again before somebody has looked."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.payments.bank.models import BankMessage
from portal.payments.bank.rules import ASKS_FIRST
from portal.payments.models import PaymentLine


class BankContradicts(Conflict):
    """Paid or not? Until a person knows, the tranche goes in no new file: it might be paid twice."""

    default = lazy_(
        "The bank says of one of these payments both that it was made and that it was refused, or that another account"
        " was paid. Answer its message under “From the bank” first: the money might be paid twice."
    )


def nothing_is_asked(session: Session, *, tranche_ids: Iterable[UUID]) -> None:
    """Raise BankContradicts where an earlier payment of one of these tranches is an open question."""
    open_ones = (
        select(BankMessage.id)
        .join(PaymentLine, PaymentLine.id == BankMessage.line_id)
        .where(BankMessage.trouble.in_(ASKS_FIRST), BankMessage.answered_at.is_(None))
        .where(PaymentLine.tranche_id.in_(list(tranche_ids)))
    )
    if session.scalars(open_ones.limit(1)).first() is not None:
        raise BankContradicts
