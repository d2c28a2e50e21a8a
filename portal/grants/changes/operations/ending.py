"""The act that ends a grant before its time, or lowers it: money, plan, ranking, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, InvalidForm
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.terms import checked_act
from portal.grants.apart import stand_apart
from portal.grants.changes.operations.freeing import give_back, lower
from portal.grants.changes.operations.leaving import leave_the_ranking
from portal.grants.changes.operations.refusals import (
    ChangedSinceShown,
    NoProceeding,
    NotThisEnd,
    PaymentWithTheBank,
    WaitsForReply,
)
from portal.grants.changes.operations.suspending import close_suspension
from portal.grants.changes.queries import (
    open_proceeding_of,
    standing_money,
    standing_tranches,
    suspension_of,
)
from portal.grants.changes.rules import (
    ACT,
    LONGEST_TEXT,
    EndKind,
    GrantEnded,
    Money,
    Shares,
    ends_now,
    kinds_open_to,
    partial,
    total,
)
from portal.grants.changes.rules.ending import MOVES
from portal.grants.models import EndAct, Grant, Proceeding
from portal.grants.operations.news import tell_grant_team
from portal.grants.queries import grant_to_change
from portal.grants.rules import RECOVER, local_day

WHY = lazy_("Write the reason of the act.")


@dataclass(frozen=True, slots=True)
class ActTyped:
    """An act as it was typed; `seen` is the money that the page showed, and `to_return` what is asked back of it.

    `to_return` is None where nothing was typed: of money that was paid an act always says what becomes of it.
    """

    number: str
    day: date | None
    reason: str
    to_return: int | None = 0
    seen: Money | None = None


def end_grant(session: Session, *, grant_id: UUID, act: ActTyped, actor: Actor, now: datetime) -> EndAct:
    """Take the act that closes the proceedings: what was not paid goes back to its budget line.

    Raises NoProceeding, WaitsForReply, NotThisEnd, PaymentWithTheBank, ChangedSinceShown, InvalidForm; then nothing has
    changed.
    """
    grant = grant_to_change(session, actor, Action.GRANT_END, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    row = _ripe(session, grant, now)
    number, day = checked_act(act.number, act.day, now)
    _follows(row, day)
    reason = written(act.reason, most=LONGEST_TEXT, field="reason", empty=WHY)
    money = standing_money(session, grant.id)
    if act.seen is not None and act.seen != money:
        raise ChangedSinceShown
    shares = _shares(row, money, act.to_return)
    if any(each.is_with_the_bank for each in standing_tranches(session, grant.id)) and ends_now(row.kind):
        raise PaymentWithTheBank
    before = grant.status
    if ends_now(row.kind):
        _end(session, grant, row, shares, actor, now)
    else:
        lower(session, grant=grant, cents=shares.freed, actor=actor, now=now)
    row.make(ACT, at=now)
    stored = EndAct(
        authority_id=grant.authority_id, grant_id=grant.id, proceeding_id=row.id, kind=row.kind, act_number=number,
        act_date=day, reason=reason, freed_cents=shares.freed, paid_cents=money.paid,
        to_return_cents=shares.to_return, acted_by=actor.person_id, acted_at=now,
    )  # fmt: skip
    session.add(stored)
    session.flush()
    after = {"status": grant.status, "kind": row.kind, "act": number, "date": day, "freed_cents": shares.freed,
             "to_return_cents": shares.to_return}  # fmt: skip
    record(session, at=now, actor=actor, event=Action.GRANT_END, subject=grant, before={"status": before},
           after=after, reason=reason)  # fmt: skip
    leave_the_ranking(session, act=stored, actor=actor, now=now)
    message = lazy_("An act concerns your grant %(reference)s: read what it says.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/ended")
    return stored


def _ripe(session: Session, grant: Grant, now: datetime) -> Proceeding:
    """The proceedings, once the recipient was heard."""
    row = open_proceeding_of(session, grant.id, locked=True)
    if row is None:
        raise NoProceeding
    if row.kind not in kinds_open_to(grant.status):
        raise NotThisEnd
    if not row.is_ripe_on(local_day(now)):
        raise WaitsForReply
    return row


def _follows(row: Proceeding, day: date) -> None:
    if day < local_day(row.opened_at):
        raise InvalidForm({"act_date": lazy_("The act would be older than the proceedings that it closes.")})


def _shares(row: Proceeding, money: Money, to_return: int | None) -> Shares:
    if row.kind is EndKind.PARTIAL_REVOCATION:
        return partial(money, row.cents or 0)
    if to_return is None and money.returnable:
        raise Invalid(lazy_("Write how much of what was paid is to be returned; 0 where nothing is."), "to_return")
    return total(money, to_return or 0)


def _end(session: Session, grant: Grant, row: Proceeding, shares: Shares, actor: Actor, now: datetime) -> None:
    suspension = suspension_of(session, grant.id)
    if suspension is not None:
        close_suspension(row=suspension, reason=row.reason, actor=actor, now=now)
    give_back(session, grant=grant, cents=shares.freed, actor=actor, now=now,
              before=lambda: announce(session, GrantEnded(grant_id=grant.id, actor=actor, at=now)))  # fmt: skip
    grant.make(MOVES[row.kind], at=now)
    if shares.to_return:
        grant.make(RECOVER, at=now)
