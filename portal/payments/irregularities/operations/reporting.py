"""Telling the European body (OLAF, through IMS) of what is above the threshold (Reg. 2021/1060, annex XII)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.written import written
from portal.grants.apart import stand_apart
from portal.grants.rules import local_day
from portal.payments.irregularities.models import Irregularity
from portal.payments.irregularities.queries import irregularity_for
from portal.payments.irregularities.refusals import NothingToReport
from portal.payments.irregularities.rules import LONGEST_REFERENCE, StepKind
from portal.payments.irregularities.steps import add_step


def report_irregularity(
    session: Session, *, irregularity_id: UUID, reference: str, reported_on: date, actor: Actor, now: datetime
) -> Irregularity:
    """Note that it was reported, on which day and under which number. Raises NothingToReport, Invalid."""
    row = irregularity_for(session, irregularity_id, actor, Action.IRREGULARITY_REPORT)
    stand_apart(actor=actor, organisation_id=row.grant.organisation_id)
    if not row.waits_for_report:
        raise NothingToReport
    if not row.found_on <= reported_on <= local_day(now):
        raise Invalid(lazy_("Write a day from when it was found until today."), "reported_on")
    number = written(clean_line(reference), most=LONGEST_REFERENCE, field="reference",
                     empty=lazy_("Write the number of the report."))  # fmt: skip
    row.reported_on, row.report_reference = reported_on, number
    step = add_step(session, row, StepKind.REPORTED, actor=actor, now=now, words=number)
    after = {"reported_on": reported_on, "report": number}
    record(session, at=now, actor=actor, event=Action.IRREGULARITY_REPORT, subject=step, after=after)
    return row
