"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy.orm import Session

from portal.applications.operations.rebase import REBASE_JOB
from portal.calls.rules.publication import CallRevised
from portal.core.jobs import enqueue


def follow_the_form(session: Session, event: CallRevised) -> None:
    """Drafts of a call whose form was revised are carried over by the worker, some at a time."""
    for form in event.forms:
        enqueue(session, REBASE_JOB, now=event.at, call_id=event.call_id, form_revision_id=form)
