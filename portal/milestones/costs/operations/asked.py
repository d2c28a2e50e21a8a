"""What a call asks of reports at the moment in which one is begun: the form, and an empty sheet for it."""

from datetime import datetime
from uuid import uuid5

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.grants.models import Grant
from portal.questionnaires.models import AnswerSheet, FormRevision
from portal.questionnaires.operations import create_sheet, publish_form
from portal.questionnaires.rules import Section

OWNER = "technical part of reports"
"""No key of a phase has blanks: the forms of applications are owned by other names."""


def begin_sheet(session: Session, *, grant: Grant, now: datetime) -> AnswerSheet | None:
    """An empty sheet for what the call asks of reports at this moment; None where it asks nothing."""
    sections = grant.application.design.reporting.sections
    if not sections:
        return None
    try:
        with session.begin_nested():
            form = _published(session, grant, sections, now)
    except IntegrityError:  # another grant of the call began its report at this very moment
        form = _published(session, grant, sections, now)
    return create_sheet(session, form_revision_id=form.id, now=now)


def _published(session: Session, grant: Grant, sections: list[Section], now: datetime) -> FormRevision:
    return publish_form(session, owner_id=uuid5(grant.call.id, OWNER), sections=sections, now=now)
