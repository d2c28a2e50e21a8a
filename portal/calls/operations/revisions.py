"""Every design a call ever had is kept, with its hash; the last one is in force."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.calls.callfile import design_hash, design_to_json
from portal.calls.models import Call, CallRevision
from portal.calls.rules import CallDesign
from portal.core.actor import Actor


def add_revision(session: Session, *, call: Call, design: CallDesign, actor: Actor, now: datetime) -> CallRevision:
    """Put a design in force."""
    call.definition = design_to_json(design)
    call.title = design.title
    call.revision += 1
    call.__dict__.pop("design", None)
    revision = CallRevision(
        call_id=call.id,
        number=call.revision,
        at=now,
        by=actor.person_id,
        definition=call.definition,
        sha256=design_hash(design),
    )
    session.add(revision)
    session.flush()
    return revision
