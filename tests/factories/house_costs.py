"""For the house: a cost report that was sent once and taken back, with a line and its file."""

from datetime import datetime
from typing import Any

from portal.calls.rules import CostForm
from portal.documents.models import StoredFile
from portal.grants.rules import local_day
from portal.milestones.costs.models import CostLine, CostLineFile, CostReport, CostReportVersion
from portal.milestones.costs.rules import DocumentKind, FileRole, PaymentMeans
from portal.milestones.costs.rules.cost import Cost
from tests.factories.house_control import name_control_objects
from tests.factories.payments import Finance


def name_cost_objects(finance: Finance, file: StoredFile, now: datetime) -> dict[str, Any]:
    """The report of the grant of the house."""
    session, grant, today = finance.session, finance.grant, local_day(now)
    told: dict[str, Any] = {
        "category": "services", "document": DocumentKind.INVOICE, "supplier_name": "Tipografia Sala",
        "supplier_code": "01199250158", "document_number": grant.reference, "document_on": today, "net_cents": 10_000,
        "vat_cents": 2_200, "paid_on": today, "payment_means": PaymentMeans.TRANSFER,
    }  # fmt: skip
    report = CostReport(
        authority_id=grant.authority_id, grant_id=grant.id, number=1, from_on=today, until_on=today, status_at=now,
        started_by=finance.world.owner.id, submitted_by=finance.world.owner.id, submitted_at=now, version=1,
    )  # fmt: skip
    session.add(report)
    session.flush()
    line = CostLine(
        report_id=report.id, grant_id=grant.id, number=1, form=CostForm.REAL, gross_cents=12_200, charged_cents=12_200,
        fingerprint=Cost(**told).fingerprint, **told,
    )  # fmt: skip
    version = CostReportVersion(
        report_id=report.id, number=1, claimed_cents=12_200, lines=1, sha256=file.sha256, file_id=file.id,
        sent_by=finance.world.owner.id, sent_at=now,
    )  # fmt: skip
    session.add_all([line, version])
    session.flush()
    session.add(CostLineFile(line_id=line.id, file_id=file.id, role=FileRole.DOCUMENT))
    session.flush()
    named = {"report_id": report.id, "cost_id": line.id, "cost_version_id": version.id}
    return named | name_control_objects(finance, report.id, file, now)
