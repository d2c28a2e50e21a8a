"""The forms of a call, one a phase: a new revision where the questions changed, else the last one.

What exists only for a rule of eligibility is asked in front (`CallDesign.sections`), and frozen with the rest.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.callfile import design_to_json, document_hash
from portal.calls.models import Call
from portal.calls.rules import CallDesign, Questionnaire
from portal.questionnaires.models import FormRevision


def bind_forms(session: Session, *, call: Call, design: CallDesign, now: datetime) -> list[UUID]:
    """Let each phase ask what this design says; the forms that were not in force in their phase before."""
    fresh: list[UUID] = []
    for phase, declared in zip(call.phases, design.phases, strict=True):
        owner = phase_owner(call_id=call.id, phase_key=declared.key) if _asks_itself(design, declared.key) else call.id
        form = _revision(session, owner, design.at_phase(declared.key), now)
        if phase.form_revision_id != form.id:
            fresh.append(form.id)
        phase.form_revision_id = form.id
    session.flush()
    return list(dict.fromkeys(fresh))


def phase_owner(*, call_id: UUID, phase_key: str) -> UUID:
    """Whose form a phase with questions of its own answers: the same in every draft, as rows of phases come and go."""
    return uuid5(call_id, phase_key)


def _asks_itself(design: CallDesign, phase_key: str) -> bool:
    selection = design.phase(phase_key).selection
    return selection is not None and selection.questionnaire is not None


def _revision(session: Session, owner_id: UUID, design: CallDesign, now: datetime) -> FormRevision:
    asked = replace(design, questionnaire=Questionnaire(design.sections))
    definition = design_to_json(asked)["questionnaire"]
    query = select(FormRevision).where(FormRevision.owner_id == owner_id).order_by(FormRevision.number.desc())
    last = session.scalars(query.limit(1)).one_or_none()
    sha256 = document_hash(definition)
    if last is not None and last.sha256 == sha256:
        return last
    number = last.number + 1 if last else 1
    form = FormRevision(owner_id=owner_id, number=number, definition=definition, sha256=sha256, created_at=now)
    session.add(form)
    session.flush()
    return form
