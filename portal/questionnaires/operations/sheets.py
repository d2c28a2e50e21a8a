"""Publishing forms, opening sheets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.questionnaires.definition import form_from_json, form_hash, form_to_json
from portal.questionnaires.models import AnswerSheet, FormRevision
from portal.questionnaires.rules import Section, form_from_design


def publish_form(session: Session, *, owner_id: UUID, sections: list[Section], now: datetime) -> FormRevision:
    """A new revision of the owner's form; the existing one when nothing differs. Raises MalformedForm."""
    form = form_from_design(sections)
    definition = form_to_json(form)
    query = select(FormRevision).where(FormRevision.owner_id == owner_id).order_by(FormRevision.number.desc())
    earlier = session.scalars(query).all()
    for revision in earlier:
        if form_from_json(revision.definition) == form:
            return revision
    revision = FormRevision(
        owner_id=owner_id,
        number=(earlier[0].number if earlier else 0) + 1,
        definition=definition,
        sha256=form_hash(definition),
        created_at=now,
    )
    session.add(revision)
    session.flush()
    return revision


def create_sheet(session: Session, *, form_revision_id: UUID, now: datetime) -> AnswerSheet:
    """An empty sheet for one revision."""
    sheet = AnswerSheet(form_revision_id=form_revision_id, saved_at=now)
    session.add(sheet)
    session.flush()
    return sheet
