"""For the house: what was written on a ranking, a letter, and a request for its documents."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.rules.facts import local_day
from portal.documents.models import StoredFile
from portal.evaluation.afterwards import DisclosureStatus, ObservationKind
from portal.evaluation.models import (
    DisclosureNotice,
    DisclosureRequest,
    Observation,
    OutcomeLetter,
    Ranking,
    RankingRow,
)
from portal.register.models import ProtocolEntry


def name_objects_after(session: Session, ranking: Ranking, file: StoredFile, now: datetime) -> dict[str, Any]:
    """The objects of the pages that follow a ranking; the request is granted, its file is that of the house."""
    rows = select(RankingRow).where(RankingRow.ranking_id == ranking.id).order_by(RankingRow.line_number)
    application = session.scalars(rows).first().application  # type: ignore[union-attr]
    about = {"authority_id": application.authority_id, "application_id": application.id}
    entries = [_entry(session, application.authority_id, number, now) for number in range(3)]
    observation = Observation(
        **about, ranking_id=ranking.id, kind=ObservationKind.OBSERVATION, text="Un punto.", sent_at=now,
        protocol_entry_id=entries[0].id,
    )  # fmt: skip
    letter = OutcomeLetter(ranking_id=ranking.id, application_id=application.id, file_id=file.id,
                           protocol_entry_id=entries[1].id, made_at=now)  # fmt: skip
    due = local_day(now + timedelta(days=30))
    request = DisclosureRequest(
        **about, phase_id=application.phase_id, wants="Le schede.", interest="Un ricorso.", asked_at=now, due_on=due,
        protocol_entry_id=entries[2].id, status=DisclosureStatus.GRANTED, status_at=now, reason="Interesse diretto.",
        decided_at=now, bundle_id=file.id,
    )  # fmt: skip
    session.add_all([observation, letter, request])
    session.flush()
    notice = DisclosureNotice(request_id=request.id, application_id=application.id, told_at=now, due_on=due)
    session.add(notice)
    session.flush()
    return {"observation_id": observation.id, "letter_id": letter.id, "disclosure_id": request.id,
            "notice_id": notice.id}  # fmt: skip


def _entry(session: Session, authority_id: Any, number: int, now: datetime) -> ProtocolEntry:
    entry = ProtocolEntry(
        authority_id=authority_id, year=now.year, number=900_000 + number, direction="incoming", registered_at=now,
        counterpart="A", subject="Dopo la graduatoria", sha256="0" * 64,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry
