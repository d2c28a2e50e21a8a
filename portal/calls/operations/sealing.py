"""A draft is sealed when it is approved: what a second person approves is a revision, and its author is known."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.callfile import design_from_json, document_hash
from portal.calls.models import Call, CallEdit
from portal.calls.operations.forms import bind_forms
from portal.calls.operations.parts import show_draft
from portal.calls.operations.revisions import add_revision
from portal.calls.queries import revision_numbered
from portal.core.actor import Actor


def seal_draft(session: Session, *, call: Call, actor: Actor, now: datetime) -> None:
    """Write what was designed since the last revision as a revision of whoever changed it last, with its form.

    Approval begins with it: what a second person approves is a revision, and its author is known.
    """
    design = design_from_json(call.definition)
    last = revision_numbered(session, call, call.revision)
    is_new = last.sha256 != document_hash(call.definition)
    if is_new or any(phase.form_revision_id is None for phase in call.phases):
        show_draft(session, call=call, design=design, now=now)
        bind_forms(session, call=call, design=design, now=now)
    if not is_new:
        return
    author = session.scalars(
        select(CallEdit.by).where(CallEdit.call_id == call.id).order_by(CallEdit.sequence.desc()).limit(1)
    ).one_or_none()
    add_revision(session, call=call, design=design, actor=Actor(author, actor.name), now=now)
