"""For the house: a cost report that was sent once and taken back, with a line, its file, a technical part."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calls.rules import CostForm
from portal.documents.models import StoredFile
from portal.documents.operations import store_bytes
from portal.grants.rules import local_day
from portal.milestones.costs.models import CostLine, CostLineFile, CostReport, CostReportVersion
from portal.milestones.costs.rules import DocumentKind, FileRole, PaymentMeans
from portal.milestones.costs.rules.cost import Cost
from portal.questionnaires.models import AnswerFile, AnswerSheet
from portal.questionnaires.operations import create_sheet, publish_form
from portal.questionnaires.rules import Question, QuestionType, Section
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
    sheet = _technical(session, grant.id, file, now)
    report.sheet_id = sheet.id
    session.add(report)
    session.flush()
    line = CostLine(
        report_id=report.id, grant_id=grant.id, number=1, form=CostForm.REAL, gross_cents=12_200, charged_cents=12_200,
        fingerprint=Cost(**told).fingerprint, **told,
    )  # fmt: skip
    content: dict[str, Any] = {
        "from_on": str(today),
        "until_on": str(today),
        "technical": None,
        "lines": [],
        "totals": [],
    }
    sent = store_bytes(session, name="v1.json", media_type="application/json", content=json.dumps(content).encode(),
                       actor=finance.world.actor(finance.world.owner), now=now)  # fmt: skip
    session.flush()
    version = CostReportVersion(
        report_id=report.id, number=1, claimed_cents=12_200, lines=1, sha256=sent.sha256, file_id=sent.id,
        sent_by=finance.world.owner.id, sent_at=now,
    )  # fmt: skip
    session.add_all([line, version])
    session.flush()
    session.add(CostLineFile(line_id=line.id, file_id=file.id, role=FileRole.DOCUMENT))
    session.flush()
    named = {"report_id": report.id, "cost_id": line.id, "cost_version_id": version.id, "technical_key": "work"}
    return named | name_control_objects(finance, report.id, file, now)


def _technical(session: Session, owner_id: UUID, file: StoredFile, now: datetime) -> AnswerSheet:
    asked = [
        Question("done", QuestionType.TEXT, {"it": "Fatto", "en": "Done"}),
        Question("photos", QuestionType.FILES, {"it": "Foto", "en": "Photos"}),
    ]
    section = Section("work", {"it": "Il lavoro", "en": "The work"}, asked)
    sheet = create_sheet(
        session, form_revision_id=publish_form(session, owner_id=owner_id, sections=[section], now=now).id, now=now
    )
    session.add(AnswerFile(sheet_id=sheet.id, key="photos", file_id=file.id, added_at=now, added_by=None))
    session.flush()
    return sheet
