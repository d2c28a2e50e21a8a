"""Opening an irregularity: from that moment no money moves towards its grant, and the recipient is told."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.money import share
from portal.core.written import written
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.apart import stand_apart
from portal.grants.models import Grant
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import local_day
from portal.payments.irregularities.models import Irregularity
from portal.payments.irregularities.rules import (
    LONGEST_DESCRIPTION,
    IrregularityKind,
    StepKind,
    has_to_be_reported,
    report_by,
)
from portal.payments.irregularities.steps import add_step, reply_term, tell_recipient
from portal.payments.operations.telling import money_changed

EVIDENCE = FileRules(("pdf", "p7m", "docx", "xlsx", "png", "jpg", "jpeg"), 10 * 1024 * 1024, field="file")
BASIS_POINTS = 100


@dataclass(frozen=True, slots=True)
class IrregularityTyped:
    """What was found, as it was typed; `cents` is the money of the grant that it touches, 0 where none."""

    kind: IrregularityKind
    found_on: date
    description: str
    cents: int = 0
    file: Arrived | None = None


def evidence_rules(session: Session, *, grant_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the evidence, to whoever may open an irregularity."""
    authorise(actor, Action.IRREGULARITY_OPEN, grant_to_read(session, actor, grant_id))
    return EVIDENCE


def open_irregularity(
    session: Session, *, grant_id: UUID, typed: IrregularityTyped, actor: Actor, now: datetime
) -> Irregularity:
    """Enter what was found wrong in the register: payments stop until it is closed. Raises Invalid with the field."""
    grant = grant_to_change(session, actor, Action.IRREGULARITY_OPEN, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    if actor.person_id is None:
        raise Forbidden
    _holds(grant, typed, local_day(now))
    empty = lazy_("Write what was found: the recipient reads it and replies.")
    description = written(typed.description, most=LONGEST_DESCRIPTION, field="description", empty=empty)
    file = store_upload(session, upload=typed.file, rules=EVIDENCE, actor=actor, now=now) if typed.file else None
    session.flush()
    rules = grant.call.design.payments
    eu_cents = share(typed.cents, int(rules.eu_share * BASIS_POINTS))
    is_reported = has_to_be_reported(eu_cents, rules.irregularity_report_above_cents)
    row = Irregularity(
        authority_id=grant.authority_id, grant=grant, kind=typed.kind, found_on=typed.found_on, cents=typed.cents,
        eu_cents=eu_cents, description=description, file_id=file.id if file else None, opened_by=actor.person_id,
        opened_at=now, reply_by=reply_term(grant, now),
        report_by=report_by(typed.found_on) if is_reported else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    add_step(session, row, StepKind.OPENED, actor=actor, now=now)
    after = {"kind": row.kind, "cents": row.cents, "reply_by": row.reply_by}
    record(session, at=now, actor=actor, event=Action.IRREGULARITY_OPEN, subject=row, after=after, reason=description)
    message = lazy_("The office found something wrong in your grant %(reference)s: read it and reply.",
                    reference=grant.reference)  # fmt: skip
    tell_recipient(session, row, message=message, template="payments/irregularity", now=now)
    money_changed(session, grants=[grant], actor=actor, now=now)
    return row


def _holds(grant: Grant, typed: IrregularityTyped, today: date) -> None:
    if typed.found_on > today:
        raise Invalid(lazy_("This day is in the future: write the day on which it was found."), "found_on")
    if not 0 <= typed.cents <= grant.granted_cents:
        raise Invalid(lazy_("Write how much of the grant it touches: no more than the grant itself."), "amount")
