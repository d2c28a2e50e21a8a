"""A person answers what waits: this message is about that payment, or there is nothing to do, and why."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.grants.rules import local_day
from portal.payments.bank.judging import judge
from portal.payments.bank.models import BankMessage
from portal.payments.bank.operations.effects import take_effect
from portal.payments.bank.operations.lines import locked_payments
from portal.payments.bank.rules import BY_HAND, LONGEST_ANSWER, Answer, Outcome, Trouble
from portal.payments.bank.told import Told
from portal.payments.operations.refusals import PaysOneself


class Answered(Conflict):
    """Somebody was quicker, or the bank explained it."""

    default = lazy_("This message was answered already. Reload the page.")


def match_message(
    session: Session, *, message_id: UUID, end_to_end_id: str, words: str, actor: Actor, now: datetime
) -> BankMessage:
    """The message is about this payment of the same authority: what the bank says of it is done.

    Raises Invalid where the amounts differ, the payment is unknown or nothing can be done, Answered, PaysOneself.
    """
    message = _open(session, [message_id], actor)[0]
    if message.trouble in BY_HAND:
        raise Invalid(lazy_("What the bank says here cannot be done by the portal: write what was done, and close it."))
    said = _words(words)
    payments = locked_payments(
        session, authority_id=message.authority_id, references=[end_to_end_id.strip()], batches=(), actor=actor
    )
    line = payments.by_reference.get(end_to_end_id.strip())
    if line is None:
        raise Invalid(lazy_("No payment has this reference. Copy it from the payment file."), "end_to_end_id")
    if line.id in payments.own:
        raise PaysOneself
    told = _told(message)
    judgement = judge(told, payments.seen(line), local_day(now))
    if judgement.outcome is Outcome.QUARANTINED:
        raise _cannot(judgement.trouble)
    take_effect(session, judgement=judgement, told=told, line=line, actor=actor, now=now)
    message.line_id = line.id
    _close(session, message, Answer.MATCHED, said, actor, now)
    return message


def dismiss_messages(
    session: Session, *, message_ids: Sequence[UUID], words: str, actor: Actor, now: datetime
) -> list[BankMessage]:
    """There is nothing to do about these, and why; no money moves. Raises Answered, Invalid, Forbidden, NotFound."""
    if not message_ids:
        raise Invalid(lazy_("Nothing waits for an answer here."))
    found, said = _open(session, message_ids, actor), _words(words)
    _not_ones_own(session, found, actor)
    for message in found:
        _close(session, message, Answer.DISMISSED, said, actor, now)
    return found


def _open(session: Session, ids: Sequence[UUID], actor: Actor) -> list[BankMessage]:
    query = select(BankMessage).where(BankMessage.id.in_(ids)).order_by(BankMessage.id).with_for_update()
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(found) != len(set(ids)):
        raise NotFound
    for message in found:
        authorise(actor, Action.PAYMENT_RECORD, message)
        if not message.is_open:
            raise Answered
    return found


def _not_ones_own(session: Session, messages: Sequence[BankMessage], actor: Actor) -> None:
    references = [each.reference for each in messages if each.trouble is Trouble.OWN]
    for authority_id in {each.authority_id for each in messages} if references else ():
        found = locked_payments(session, authority_id=authority_id, references=references, batches=(), actor=actor)
        if found.own:
            raise PaysOneself


def _words(words: str) -> str:
    empty = lazy_("Write why: whoever looks at the books later reads it.")
    return written(words, most=LONGEST_ANSWER, field="words", empty=empty)


def _told(message: BankMessage) -> Told:
    return Told(
        message.said, message.code, amount_cents=message.amount_cents, is_euro=message.is_euro, day=message.day,
        reason=message.reason_code, info=message.info,
    )  # fmt: skip


def _cannot(trouble: Trouble | None) -> Invalid:
    match trouble:
        case Trouble.AMOUNT:
            words = lazy_("The amount the bank gives is not that of this payment.")
        case Trouble.DAY:
            words = lazy_("The day the bank gives is before the payment file, or in the future: record it by hand.")
        case _:
            words = lazy_("This payment failed already; look at the newer payment of the tranche.")
    return Invalid(words, "end_to_end_id")


def _close(
    session: Session, message: BankMessage, answer: Answer, words: str, actor: Actor, now: datetime
) -> None:  # fmt: skip
    message.answer, message.answer_words = answer, words
    message.answered_by, message.answered_at = actor.person_id, now
    after = {"answer": answer, "reference": message.reference}
    record(
        session, at=now, actor=actor, event=f"bank_message.{answer.value}", subject=message, after=after, reason=words
    )
