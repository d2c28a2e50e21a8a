"""From an approved draft to an open call: at once or at a chosen instant, by its act, and never undone."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Call
from portal.calls.operations.acts import act_of
from portal.calls.operations.deadlines import run_phase
from portal.calls.operations.funds import open_fund
from portal.calls.operations.history import note_event
from portal.calls.operations.revisions import add_revision
from portal.calls.publishing import obstacles_of
from portal.calls.queries import budget_lines, call_for_update
from portal.calls.rules import PUBLISH, Act, Text
from portal.calls.rules.publication import CallEventKind
from portal.calls.rules.times import NoSuchTime, instant_of
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.instants import ROME
from portal.core.jobs import enqueue
from portal.ledger.operations import open_account, transfer
from portal.ledger.rules import AccountKind, PostingKind

PUBLISH_JOB = "calls.publish"
PUBLICATION: Text = {"it": "Pubblicazione dell'avviso", "en": "Publication of the call"}


class NotComplete(Invalid):
    """Something that publication needs is missing; the checklist of the page names each."""

    default = lazy_("The call cannot be published yet: something that it declares is missing. See the list.")


def publish_call(
    session: Session, *, call_id: UUID, act_number: str, act_date: date, actor: Actor, now: datetime
) -> Call:
    """Publish an approved call by its act, at once: deadlines come into force, the budget enters the ledger.

    Raises Forbidden, IllegalMove, Invalid without an act, NotComplete while the checklist has an obstacle.
    """
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_PUBLISH, call)
    _publish(session, call, act_of(number=act_number, day=act_date, by=now), actor, now)
    return call


def plan_publication(
    session: Session, *, call_id: UUID, at: datetime, act_number: str, act_date: date, actor: Actor, now: datetime
) -> Call:
    """Choose the instant at which an approved call goes out by itself; `at` is wall time in Rome.

    Until then nobody but the office sees it. Planning anew replaces the earlier plan. Raises as `publish_call`, and
    Invalid where the hour does not exist or has passed.
    """
    call = call_for_update(session, call_id)
    authorise(actor, Action.CALL_PUBLISH, call)
    PUBLISH.apply(call.status)
    instant = _to_come(at, now)
    act = act_of(number=act_number, day=act_date, by=instant)
    if obstacles_of(call.design):
        raise NotComplete
    before = {"publish_at": call.publish_at}
    call.publish_at, call.publish_act_number, call.publish_act_date = instant, act.number, act.date
    after = {"publish_at": instant, "act_number": act.number, "act_date": act.date}
    record(session, at=now, actor=actor, event="call.planned", subject=call, before=before, after=after)
    note_event(
        session, call=call, kind=CallEventKind.PLANNED, actor=actor, now=now, act=act, effective_at=instant
    )  # fmt: skip
    enqueue(session, PUBLISH_JOB, now=now, run_at=instant, call_id=call.id)
    return call


def publish_when_due(session: Session, *, call_id: UUID, now: datetime) -> Call | None:
    """Publish a call whose chosen instant has come; nothing where the plan was changed or withdrawn meanwhile."""
    call = call_for_update(session, call_id)
    if call.publish_at is None or now < call.publish_at or not call.awaits_publication:
        return None
    if obstacles_of(call.design) or call.publish_act_number is None or call.publish_act_date is None:
        return None
    _publish(session, call, act_of(number=call.publish_act_number, day=call.publish_act_date), SYSTEM, now)
    return call


def _publish(session: Session, call: Call, act: Act, actor: Actor, now: datetime) -> None:
    before = call.status
    PUBLISH.apply(before)
    if obstacles_of(call.design):
        raise NotComplete
    call.publish_at = call.publish_act_number = call.publish_act_date = None
    call.make(PUBLISH, at=now)
    call.published_at = now
    if act.number not in {each.number for each in call.design.acts}:
        design = replace(call.design, acts=[*call.design.acts, replace(act, title=PUBLICATION)])
        add_revision(session, call=call, design=design, actor=actor, now=now, act=act)
    for phase, design_of_phase in zip(call.phases, call.design.phases, strict=True):
        run_phase(session, phase=phase, design=design_of_phase, actor=actor, now=now)
    _open_budget(session, call, actor, now)
    record(session, at=now, actor=actor, event=Action.CALL_PUBLISH, subject=call, before={"status": before},
           after={"status": call.status, "act_number": act.number, "act_date": act.date})  # fmt: skip
    note_event(session, call=call, kind=CallEventKind.PUBLISHED, actor=actor, now=now, act=act)


def _to_come(at: datetime, now: datetime) -> datetime:
    try:
        instant = instant_of(at, ROME)
    except NoSuchTime as error:
        raise Invalid(
            lazy_("Clocks change in that night, so this hour does not exist or comes twice. Choose another hour."),
            "publish_at",
        ) from error
    if instant <= now:
        raise Invalid(lazy_("This moment has passed already: choose one to come, or publish at once."), "publish_at")
    return instant


def _open_budget(session: Session, call: Call, actor: Actor, now: datetime) -> None:
    """Every budget line gets its account, filled from the fund that it names."""
    for line in budget_lines(session, call.id):
        fund = open_fund(session, call=call, line_key=line.key, now=now)
        account = open_account(
            session, authority_id=call.authority_id, kind=AccountKind.BUDGET, owner_id=line.id,
            name=f"{call.slug} {line.key}", now=now,
        )  # fmt: skip
        transfer(
            session, debit=account, credit=fund, amount_cents=line.amount_cents, posting=PostingKind.BUDGET_OPENED,
            subject=line, actor=actor, now=now,
        )  # fmt: skip
