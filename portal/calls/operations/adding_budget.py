"""More money for a published call: by an act, from its fund to a budget line, as long as the call is not over."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Call, CallBudgetLine
from portal.calls.operations.acts import act_of, reason_of
from portal.calls.operations.funds import fund_of
from portal.calls.operations.history import note_event
from portal.calls.operations.revisions import add_revision
from portal.calls.queries import budget_lines, call_for_update
from portal.calls.rules import Act, CallDesign, CallStatus, Text
from portal.calls.rules.publication import CallEventKind
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, IllegalMove, Invalid
from portal.core.i18n import lazy_
from portal.ledger.operations import transfer
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind, PostingKind

ADDITION: Text = {"it": "Incremento della dotazione", "en": "More money for the call"}


def add_budget(
    session: Session, *, call_id: UUID, line_key: str, amount_cents: int, act_number: str, act_date: date,
    reason: Text, actor: Actor, now: datetime,
) -> Call:  # fmt: skip
    """Add money to a line of a published call; whoever follows in a ranking moves up when that is run down again.

    A fund that says its amount grows with the line. Raises IllegalMove, and Invalid for line, amount, act or reason.
    """
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_RECTIFY, call)
    if call.status is not CallStatus.PUBLISHED:
        raise IllegalMove("add budget", call.status)
    if amount_cents <= 0:
        raise Invalid(lazy_("Write an amount above zero."), "amount")
    act, why = act_of(number=act_number, day=act_date, by=now), reason_of(given=reason)
    line = next((each for each in budget_lines(session, call.id) if each.key == line_key), None)
    if line is None:
        raise Invalid(lazy_("Choose a budget line of this call."), "line")
    before = call.budget_cents
    add_revision(session, call=call, design=_with_more(call.design, line_key, amount_cents, act), actor=actor, now=now,
                 act=act, reason=why)  # fmt: skip
    line.amount_cents += amount_cents
    call.budget_cents += amount_cents
    _move(session, call, line, amount_cents, actor, now)
    record(session, at=now, actor=actor, event="call.budget_added", subject=call, before={"cents": before},
           after={"cents": call.budget_cents, "line": line_key, "act_number": act.number, "act_date": act.date},
           reason=why["it"])  # fmt: skip
    note_event(session, call=call, kind=CallEventKind.BUDGET_ADDED, actor=actor, now=now, act=act, reason=why)
    return call


def _with_more(design: CallDesign, line_key: str, amount_cents: int, act: Act) -> CallDesign:
    more = Decimal(amount_cents) / 100
    fund = next(each.fund for each in design.budget_lines if each.key == line_key)
    lines = [replace(each, amount=each.amount + more) if each.key == line_key else each for each in design.budget_lines]
    funds = [replace(each, amount=each.amount + more) if each.key == fund else each for each in design.funds]
    acts = design.acts if act.number in {each.number for each in design.acts} else [
        *design.acts, replace(act, title=ADDITION)
    ]  # fmt: skip
    return replace(design, budget_lines=lines, funds=funds, acts=acts)


def _move(session: Session, call: Call, line: CallBudgetLine, amount_cents: int, actor: Actor, now: datetime) -> None:
    fund = fund_of(session, call=call, line_key=line.key)
    account = account_of(session, AccountKind.BUDGET, line.id)
    if fund is None or account is None:
        raise Conflict(lazy_("The budget of this call was not opened in the ledger: publish the call first."))
    transfer(session, debit=account, credit=fund, amount_cents=amount_cents, posting=PostingKind.BUDGET_OPENED,
             subject=line, actor=actor, now=now)  # fmt: skip
