"""Every design a call ever had is kept, with its hash; the last one is in force."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.calls.callfile import design_hash, design_to_json
from portal.calls.models import Call, CallRevision
from portal.calls.rules import Act, CallDesign, Text
from portal.core.actor import Actor


def add_revision(
    session: Session,
    *,
    call: Call,
    design: CallDesign,
    actor: Actor,
    now: datetime,
    act: Act | None = None,
    reason: Text | None = None,
) -> CallRevision:
    """Put a design in force; after publication, by the act that says so."""
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
        act_number=act.number if act else None,
        act_date=act.date if act else None,
        reason=reason,
    )
    session.add(revision)
    session.flush()
    return revision
