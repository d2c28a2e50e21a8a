"""What a judged message does to its payment: the books, the tranche, the recipient's desk."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.payments.bank.judging import Effect, Judgement
from portal.payments.bank.models import BankMessage
from portal.payments.bank.rules import Answer, Trouble
from portal.payments.bank.told import Told
from portal.payments.models import PaymentLine
from portal.payments.operations.booking import Failure, book_failed, book_paid, mend_day


def take_effect(
    session: Session, *, judgement: Judgement, told: Told, line: PaymentLine, actor: Actor, now: datetime
) -> None:
    """Do what was judged. Raises NotEnough where the books have moved on since the payment."""
    match judgement.effect:
        case Effect.PAY if told.day is not None:
            book_paid(session, line=line, tranche=line.tranche, on=told.day, actor=actor, now=now)
        case Effect.MEND_DAY if told.day is not None:
            mend_day(session, line=line, tranche=line.tranche, on=told.day, actor=actor, now=now)
        case Effect.FAIL:
            failure = Failure(told.info or told.reason or told.code or told.said.value, told.reason)
            book_failed(session, line=line, tranche=line.tranche, failure=failure, actor=actor, now=now)
        case _:
            pass
    if judgement.explains:
        explain(session, line=line, now=now)


def explain(session: Session, *, line: PaymentLine, now: datetime) -> None:
    """The payment came back: that the bank said two things of it is no question any more."""
    asked = select(BankMessage).where(
        BankMessage.line_id == line.id, BankMessage.trouble == Trouble.CONTRADICTS, BankMessage.answered_at.is_(None)
    )
    for message in session.scalars(asked).all():
        message.answer, message.answer_words, message.answered_at = Answer.EXPLAINED, "", now
