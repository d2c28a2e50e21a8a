"""The sessions of the house's commission: one under way, one held with its minutes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.core.actor import SYSTEM
from portal.documents.models import StoredFile
from portal.evaluation.models import Assignment, Commission, Minutes, MinutesSignature, Sitting
from portal.evaluation.sittings import SittingStatus
from portal.register.operations import register_document
from portal.register.rules import Direction

DOCUMENT: dict[str, Any] = {
    "format": 1, "authority": "Comune", "call": {"it": "Avviso", "en": "Call"}, "zone": "Europe/Rome",
    "act": {"number": "1", "date": "2026-01-01", "even_reason": None},
    "sitting": {"number": 1, "place": "Sala", "is_public": False, "agenda": "1.", "missing_reason": None},
    "people": [], "lines": [], "corrects": None,
}  # fmt: skip


def name_sitting_objects(
    session: Session, assignment: Assignment, people: dict[str, Person], file: StoredFile, now: datetime
) -> dict[str, Any]:
    """By parameter: the commission, its open session, the minutes of the one before."""
    commission = session.scalars(select(Commission).where(Commission.phase_id == assignment.application.phase_id)).one()
    held, under_way = (
        Sitting(
            authority_id=commission.authority_id, commission_id=commission.id, number=number, starts_at=began,
            place="Sala", is_public=False, agenda="1.", convened_at=began, status=status, status_at=began,
            opened_at=began, closed_at=closed,
        )
        for number, began, status, closed in (
            (1, now - timedelta(days=1), SittingStatus.CLOSED, now - timedelta(hours=20)),
            (2, now, SittingStatus.OPENED, None),
        )
    )  # fmt: skip
    session.add_all((held, under_way))
    session.flush()
    minutes = _minutes(session, commission, held, file, now)
    for name in ("chair", "evaluator"):
        session.add(MinutesSignature(minutes_id=minutes.id, person_id=people[name].id))
    return {"commission_id": commission.id, "sitting_id": under_way.id, "minutes_id": minutes.id}


def _minutes(session: Session, commission: Commission, held: Sitting, file: StoredFile, now: datetime) -> Minutes:
    entry = register_document(
        session, authority_id=commission.authority_id, direction=Direction.OUTGOING, subject="Verbale",
        counterpart="Commissione", sha256=file.sha256, actor=SYSTEM, now=now,
    )  # fmt: skip
    session.flush()
    instants = {key: now.isoformat() for key in ("starts_at", "opened_at", "closed_at")}
    minutes = Minutes(
        authority_id=commission.authority_id, sitting_id=held.id, number=1, file_id=file.id, sha256=file.sha256,
        document=DOCUMENT | {"sitting": DOCUMENT["sitting"] | instants}, protocol_entry_id=entry.id, made_at=now,
    )  # fmt: skip
    session.add(minutes)
    session.flush()
    return minutes
