"""The form of a call: a new revision where its questions changed, else the last one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.callfile import design_to_json, document_hash
from portal.calls.models import Call
from portal.calls.rules import CallDesign
from portal.questionnaires.models import FormRevision


def form_of(session: Session, *, call: Call, design: CallDesign, now: datetime) -> FormRevision:
    """The revision of the questionnaire that this design asks."""
    definition = design_to_json(design)["questionnaire"]
    query = select(FormRevision).where(FormRevision.owner_id == call.id).order_by(FormRevision.number.desc())
    last = session.scalars(query.limit(1)).one_or_none()
    sha256 = document_hash(definition)
    if last is not None and last.sha256 == sha256:
        return last
    form = FormRevision(
        owner_id=call.id,
        number=last.number + 1 if last else 1,
        definition=definition,
        sha256=sha256,
        created_at=now,
    )
    session.add(form)
    session.flush()
    return form
