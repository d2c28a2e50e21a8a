"""For the house: a guarantee that finance has not read, and a batch of releases."""

from datetime import datetime, timedelta
from typing import Any

from portal.documents.models import StoredFile
from portal.payments.batches.models import ReleaseBatch, ReleaseBatchLine
from portal.payments.batches.rules import BatchMode, LineOutcome
from portal.payments.guarantees.models import Guarantee
from portal.payments.guarantees.rules import GuarantorKind
from tests.factories.closing import approved_account
from tests.factories.gated import open_irregularity
from tests.factories.payments import Finance
from tests.factories.recovering import money_asked_back


def name_money_objects(finance: Finance, file: StoredFile, now: datetime) -> dict[str, Any]:
    """What addresses of guarantees and batches name."""
    session, grant = finance.session, finance.grant
    guarantee = Guarantee(
        authority_id=grant.authority_id, grant_id=grant.id, kind=GuarantorKind.BANK, issuer="Banca", number="1",
        amount_cents=1, valid_until=now.date() + timedelta(days=900), renews=False, first_demand=True,
        waives_excussion=True, waives_term=True, file_id=file.id, status_at=now, recorded_by=finance.world.owner.id,
        recorded_at=now,
    )  # fmt: skip
    batch = ReleaseBatch(
        authority_id=grant.authority_id, mode=BatchMode.LINES, released_by=finance.checker.id, released_at=now
    )  # fmt: skip
    line = ReleaseBatchLine(
        batch=batch, tranche_id=finance.first.id, number=1, version_seen=1, outcome=LineOutcome.RELEASED,
        gross_cents=1, withheld_cents=0,
    )  # fmt: skip
    session.add_all([guarantee, batch, line])
    session.flush()
    recovery, receipt = money_asked_back(finance, now)
    wrong = open_irregularity(finance, 100, file_id=file.id)
    return {"guarantee_id": guarantee.id, "batch_id": batch.id, "recovery_id": recovery.id, "money_back_id": receipt.id,
            "irregularity_id": wrong.id, "final_account_id": approved_account(finance, file, now).id}  # fmt: skip
