"""For the house: what the office asked about a cost report and was answered, and a result that was proposed."""

from datetime import datetime
from uuid import UUID

from portal.documents.models import StoredFile
from portal.milestones.control.models import Clarification, ClarificationItem, ControlLetter, ControlProposal
from portal.register.operations import register_document
from portal.register.rules import Direction
from tests.factories.payments import Finance


def name_control_objects(finance: Finance, report_id: UUID, file: StoredFile, now: datetime) -> dict[str, object]:
    """Of the report of the grant of the house."""
    session, world = finance.session, finance.world
    entry = register_document(
        session, authority_id=world.authority.id, direction=Direction.OUTGOING, subject="Chiarimenti",
        counterpart="Il Ponte", sha256=file.sha256, actor=world.actor(world.officer), now=now,
    )  # fmt: skip
    session.flush()
    request = Clarification(
        report_id=report_id, version=1, number=1, protocol_entry_id=entry.id, due_at=now, asked_by=world.officer.id,
        asked_at=now, ended_at=now, is_answered=True,
    )  # fmt: skip
    proposal = ControlProposal(
        report_id=report_id, version=1, number=1, accepted_cents=0, found_sha256=file.sha256,
        proposed_by=world.officer.id, proposed_at=now,
    )  # fmt: skip
    letter = ControlLetter(report_id=report_id, file_id=file.id, protocol_entry_id=entry.id, made_at=now)
    session.add_all([request, proposal, letter])
    session.flush()
    session.add(ClarificationItem(request_id=request.id, line_number=1, what="Che cosa?", file_id=file.id))
    session.flush()
    return {"control_proposal_id": proposal.id, "control.download file_id": file.id}
