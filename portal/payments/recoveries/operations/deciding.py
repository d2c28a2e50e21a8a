"""The act that asks money back, and the one that takes it back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.terms import checked_act
from portal.grants.apart import stand_apart
from portal.grants.models import Grant
from portal.grants.operations.news import tell_team
from portal.grants.queries import grant_to_change
from portal.grants.rules import local_day
from portal.payments.irregularities.models import Irregularity
from portal.payments.operations.telling import money_changed
from portal.payments.recoveries.claims import Claim, claims_of, payments_left
from portal.payments.recoveries.models import Recovery, RecoveryInstalment, RecoveryPart
from portal.payments.recoveries.operations.booking import Books, book_decided, undo
from portal.payments.recoveries.planning import Plan, plan_of, rates_of
from portal.payments.recoveries.queries import recovery_for
from portal.payments.recoveries.refusals import (
    ChangedSinceShown,
    IrregularityClosed,
    MoneyCameBack,
    NothingToAskBack,
)
from portal.payments.recoveries.rules import LONGEST_REASON, REVERSE, RecoverySource, RecoveryStatus

COLUMNS = {
    RecoverySource.END_ACT: "end_act_id",
    RecoverySource.IRREGULARITY: "irregularity_id",
    RecoverySource.FINAL_ACCOUNT: "final_account_id",
}
NO_REASON = lazy_("Write the reason: the recipient reads it.")


@dataclass(frozen=True, slots=True)
class RecoveryTyped:
    """An act as it was typed: what it follows from (a key), how much, in how many instalments, what the page showed."""

    claim: UUID
    number: str
    day: date | None
    reason: str
    instalments: int = 1
    cents: int | None = None
    seen: str | None = None


def decide_recovery(
    session: Session, *, grant_id: UUID, typed: RecoveryTyped, actor: Actor, now: datetime
) -> Recovery:  # fmt: skip
    """Ask money back by an act, with interest from the day of each payment.

    Raises NothingToAskBack, ChangedSinceShown, Invalid, InvalidForm; then nothing has changed.
    """
    grant = grant_to_change(session, actor, Action.RECOVERY_DECIDE, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    if actor.person_id is None:
        raise Forbidden
    claim = next((each for each in claims_of(session, grant.id) if each.row.id == typed.claim), None)
    if claim is None:
        raise NothingToAskBack
    act_number, act_date = checked_act(typed.number, typed.day, now)
    reason = written(typed.reason, most=LONGEST_REASON, field="reason", empty=NO_REASON)
    plan = planned(session, grant=grant, claim=claim, cents=typed.cents, instalments=typed.instalments, now=now)
    if typed.seen is not None and typed.seen != plan.seen:
        raise ChangedSinceShown
    last = session.scalar(select(func.max(Recovery.number)).where(Recovery.grant_id == grant.id)) or 0
    recovery = Recovery(
        authority_id=grant.authority_id, grant=grant, number=last + 1, source=claim.source,
        principal_cents=plan.principal_cents, interest_cents=plan.interest_cents, returned_cents=0, rates=plan.rates,
        act_number=act_number, act_date=act_date, reason=reason, decided_on=local_day(now),
        decided_by=actor.person_id, decided_at=now, status=RecoveryStatus.DECIDED, status_at=now, **_source(claim),
    )  # fmt: skip
    session.add(recovery)
    _lay_out(recovery, plan)
    session.flush()
    book_decided(books=Books(session, grant, actor, now), recovery=recovery)
    after = {"cents": recovery.principal_cents, "interest_cents": recovery.interest_cents, "act": act_number,
             "date": act_date, "instalments": len(plan.instalments)}  # fmt: skip
    record(session, at=now, actor=actor, event=Action.RECOVERY_DECIDE, subject=recovery, after=after, reason=reason)
    message = lazy_("Money of your grant %(reference)s is to be returned: read how much and by when.",
                    reference=grant.reference)  # fmt: skip
    path = f"/grants/{grant.id}/recoveries"
    tell_team(session, organisation_id=grant.organisation_id, message=message, path=path, now=now)
    return recovery


def planned(
    session: Session, *, grant: Grant, claim: Claim, cents: int | None, instalments: int, now: datetime
) -> Plan:  # fmt: skip
    """The effect of a recovery, as things stand. Raises Invalid."""
    _was_heard(claim, local_day(now))
    asked = claim.cents if cents is None else cents
    if not 0 < asked <= claim.cents or (asked != claim.cents and not claim.may_be_less):
        raise Invalid(lazy_("Write an amount above zero, and no more than is to be returned."), "cents")
    rules = grant.call.design.payments
    if not 1 <= instalments <= rules.recovery_instalments:
        raise Invalid(
            lazy_("The call allows from 1 to %(most)d instalments.", most=rules.recovery_instalments), "instalments"
        )
    try:
        return plan_of(
            asked, payments_left(session, grant.id), today=local_day(now), days=rules.recovery_days,
            number=instalments, rates=rates_of(rules.recovery_interest),
        )  # fmt: skip
    except ValueError:
        raise Invalid(lazy_("At most what was paid can be asked back, and once."), "cents") from None


def _was_heard(claim: Claim, today: date) -> None:
    """Money is asked back for an irregularity once its recipient was heard. Raises Invalid."""
    if isinstance(claim.row, Irregularity) and not claim.row.is_heard_on(today):
        raise Invalid(lazy_("The recipient may still reply to this irregularity: decide after the reply, or the end of"
                            " the term."), "claim")  # fmt: skip


def reverse_recovery(
    session: Session, *, recovery_id: UUID, reason: str, actor: Actor, now: datetime
) -> Recovery:  # fmt: skip
    """Take a recovery back before any money came: its entries are reversed. Raises MoneyCameBack, IllegalMove."""
    recovery = recovery_for(session, recovery_id, actor, Action.RECOVERY_DECIDE)
    stand_apart(actor=actor, organisation_id=recovery.grant.organisation_id)
    REVERSE.apply(recovery.status)
    if recovery.returned_cents:
        raise MoneyCameBack
    if recovery.irregularity is not None and not recovery.irregularity.is_open:
        raise IrregularityClosed
    why = written(reason, most=LONGEST_REASON, field="reason", empty=NO_REASON)
    return take_back(session, recovery=recovery, reason=why, actor=actor, now=now)


def take_back(session: Session, *, recovery: Recovery, reason: str, actor: Actor, now: datetime) -> Recovery:
    """Reverse the entries of a recovery of which nothing came, and tell its recipient; whoever calls has authorised."""
    recovery.reversed_reason, recovery.reversed_by = reason, actor.person_id
    before = {"status": recovery.status}
    recovery.make(REVERSE, at=now)
    _take_out(Books(session, recovery.grant, actor, now), recovery)
    session.flush()
    record(session, at=now, actor=actor, event="recovery.reverse", subject=recovery, before=before,
           after={"status": recovery.status}, reason=recovery.reversed_reason)  # fmt: skip
    money_changed(session, grants=[recovery.grant], actor=actor, now=now)
    message = lazy_("A recovery of your grant %(reference)s was taken back.", reference=recovery.grant.reference)
    path = f"/grants/{recovery.grant_id}/recoveries"
    tell_team(session, organisation_id=recovery.grant.organisation_id, message=message, path=path, now=now)
    return recovery


def _take_out(books: Books, recovery: Recovery) -> None:
    undo(books=books, subject_ids=[recovery.id, *([recovery.end_act_id] if recovery.end_act_id else [])])


def _source(claim: Claim) -> dict[str, UUID]:
    return {COLUMNS[claim.source]: claim.row.id}


def _lay_out(recovery: Recovery, plan: Plan) -> None:
    recovery.parts = [
        RecoveryPart(tranche_id=UUID(part.key), cents=part.cents, paid_on=part.paid_on, interest_cents=borne)
        for part, borne in zip(plan.parts, plan.interests, strict=True)
    ]
    until = 0
    for each in plan.instalments:
        until += each.cents
        recovery.instalments.append(
            RecoveryInstalment(
                number=each.number, due_on=each.due_on, principal_cents=each.principal_cents,
                interest_cents=each.interest_cents, until_here_cents=until,
            )
        )  # fmt: skip
