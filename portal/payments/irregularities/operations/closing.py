"""Closing an irregularity lets money move again: another person than who opened it, after the recipient was heard."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.grants.apart import TwoPeople, stand_apart
from portal.grants.rules import local_day
from portal.payments.irregularities.models import Irregularity
from portal.payments.irregularities.queries import irregularity_for, standing_recovery
from portal.payments.irregularities.refusals import (
    ClosedAlready,
    NothingRecovered,
    RecoveryStands,
    StillHeard,
    StillOpen,
)
from portal.payments.irregularities.rules import LONGEST_DESCRIPTION, IrregularityOutcome, StepKind
from portal.payments.irregularities.steps import add_step, reply_term, tell_recipient
from portal.payments.operations.telling import money_changed

WHY = lazy_("Write the reasons: the recipient reads them.")


def close_irregularity(
    session: Session, *, irregularity_id: UUID, outcome: IrregularityOutcome, words: str, actor: Actor, now: datetime
) -> Irregularity:
    """Say how it ended; payments go on if no other one is open.

    Raises TwoPeople, OwnOrganisation, ClosedAlready, StillHeard, NothingRecovered, RecoveryStands, Invalid.
    """
    row = irregularity_for(session, irregularity_id, actor, Action.IRREGULARITY_CLOSE)
    if not row.is_open:
        raise ClosedAlready
    stand_apart(actor=actor, organisation_id=row.grant.organisation_id)
    if row.was_opened_by(actor.person_id):
        raise TwoPeople
    _may_end_so(session, row, outcome, now)
    said = written(words, most=LONGEST_DESCRIPTION, field="words", empty=WHY)
    row.closed_by, row.closed_at, row.outcome, row.closed_words = actor.person_id, now, outcome, said
    add_step(session, row, StepKind.CLOSED, actor=actor, now=now, words=said)
    record(session, at=now, actor=actor, event=Action.IRREGULARITY_CLOSE, subject=row,
           after={"irregularity_outcome": outcome}, reason=said)  # fmt: skip
    message = lazy_("The irregularity of your grant %(reference)s is closed: read how.", reference=row.grant.reference)
    tell_recipient(session, row, message=message, template="payments/irregularity_closed", now=now)
    money_changed(session, grants=[row.grant], actor=actor, now=now)
    return row


def open_again(
    session: Session, *, irregularity_id: UUID, words: str, actor: Actor, now: datetime
) -> Irregularity:  # fmt: skip
    """A closed one holds payments again, and its recipient is heard again; whoever does it does not close it.

    Raises StillOpen, OwnOrganisation, Invalid without a reason.
    """
    row = irregularity_for(session, irregularity_id, actor, Action.IRREGULARITY_OPEN)
    if row.is_open:
        raise StillOpen
    stand_apart(actor=actor, organisation_id=row.grant.organisation_id)
    said = written(words, most=LONGEST_DESCRIPTION, field="words", empty=WHY)
    before = {"irregularity_outcome": row.outcome}
    row.closed_by = row.closed_at = row.outcome = row.closed_words = row.replied_at = None
    row.held_by, row.reply_by = actor.person_id, reply_term(row.grant, now)
    add_step(session, row, StepKind.OPENED_AGAIN, actor=actor, now=now, words=said)
    record(session, at=now, actor=actor, event="irregularity.open_again", subject=row, before=before,
           after={"reply_by": row.reply_by}, reason=said)  # fmt: skip
    message = lazy_("An irregularity of your grant %(reference)s was opened again: read it and reply.",
                    reference=row.grant.reference)  # fmt: skip
    tell_recipient(session, row, message=message, template="payments/irregularity", now=now)
    money_changed(session, grants=[row.grant], actor=actor, now=now)
    return row


def _may_end_so(session: Session, row: Irregularity, outcome: IrregularityOutcome, now: datetime) -> None:
    """It ends against the recipient only after they were heard; the outcome agrees with the act."""
    if outcome is not IrregularityOutcome.UNFOUNDED and not row.is_heard_on(local_day(now)):
        raise StillHeard
    is_asked_back = standing_recovery(session, row.id) is not None
    if outcome is IrregularityOutcome.RECOVERED and not is_asked_back:
        raise NothingRecovered
    if is_asked_back and outcome is not IrregularityOutcome.RECOVERED:
        raise RecoveryStands
