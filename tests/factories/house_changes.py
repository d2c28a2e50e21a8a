"""A request to change the grant of the house, and proceedings that were dropped, with their files."""

from datetime import datetime, timedelta
from typing import Any

from portal.documents.models import StoredFile
from portal.grants.changes.rules import (
    AmendmentKind,
    AmendmentStatus,
    EndKind,
    Extension,
    Ground,
    ProceedingStatus,
    Side,
)
from portal.grants.changes.rules.stored import change_to_json
from portal.grants.models import Amendment, AmendmentFile, Proceeding
from tests.factories.payments import Finance


def name_change_objects(finance: Finance, file: StoredFile, now: datetime) -> dict[str, Any]:
    """By parameter."""
    session, grant = finance.session, finance.grant
    wants = change_to_json(Extension((grant.ends_on or now.date()) + timedelta(days=30)))
    row = Amendment(
        authority_id=grant.authority_id, grant_id=grant.id, number=1, kind=AmendmentKind.EXTENSION, side=Side.TEAM,
        asked_by=finance.world.owner.id, asked_at=now, wants=wants, reason="Serve tempo.", due_on=now.date(),
        status=AmendmentStatus.RETURNED, status_at=now, words="Manca il cronoprogramma.",
        files=[AmendmentFile(file_id=file.id)],
    )  # fmt: skip
    dropped = Proceeding(
        authority_id=grant.authority_id, grant_id=grant.id, kind=EndKind.REVOCATION, ground=Ground.OTHER,
        reason="Ritardo.", opened_at=now, reply_by=now.date(), replied_at=now, reply="Spiegato.",
        reply_file_id=file.id, status=ProceedingStatus.DROPPED, status_at=now, drop_reason="Chiarito.",
    )  # fmt: skip
    session.add_all([row, dropped])
    session.flush()
    return {"amendment_id": row.id}
