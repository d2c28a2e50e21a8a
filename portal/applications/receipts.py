"""The PDF receipt of a submission: made from the frozen content alone, once."""

from datetime import datetime

import segno
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from portal.access.models import Person
from portal.applications.models import Application, Submission, SubmissionReceipt
from portal.applications.queries import receipt_of
from portal.core.actor import SYSTEM
from portal.core.config import Settings
from portal.core.errors import NotFound
from portal.core.i18n import speaking
from portal.core.pdf import render_pdf
from portal.documents.operations import store_bytes
from portal.register.models import ProtocolEntry


def make_receipt(session: Session, *, submission: Submission, now: datetime) -> SubmissionReceipt:
    """Make and store the PDF receipt of a submission; the one that exists when it was made before."""
    existing = receipt_of(session, submission.id)
    if existing is not None:
        return existing
    person = session.get(Person, submission.submitted_by) if submission.submitted_by else None
    with speaking(person.locale if person else "it"):
        content = render_pdf(
            "applications/receipt_pdf.html", issuer=submission.application.call.authority, submission=submission,
            content=submission.content, address=(address := address_of(submission)), picture=picture_of(address),
        )  # fmt: skip
    number = submission.protocol_entry.label.replace("/", "-")
    file = store_bytes(
        session, name=f"ricevuta-{number}.pdf", media_type="application/pdf", content=content, actor=SYSTEM, now=now
    )
    session.flush()
    receipt = SubmissionReceipt(submission_id=submission.id, file_id=file.id, made_at=now)
    session.add(receipt)
    session.flush()
    return receipt


def address_of(submission: Submission) -> str | None:
    """The public page that confirms this receipt; none for those registered before there were such pages."""
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.origin}/receipts/{submission.receipt_token}" if submission.receipt_token else None


def picture_of(address: str | None) -> str | None:
    """The same address as a QR code, an SVG picture that stands in the page itself."""
    return segno.make(address, error="m").svg_data_uri(scale=4, border=4) if address else None


def confirmed(session: Session, token: str) -> Submission:
    """The registered version whose receipt has this token, with its entry of the register; NotFound for any other."""
    query = select(Submission).where(Submission.receipt_token == token)
    entry = joinedload(Submission.protocol_entry).joinedload(ProtocolEntry.annulment)
    phase = joinedload(Submission.application).joinedload(Application.phase)
    found = session.scalars(query.options(entry, phase, defer(Submission.content))).one_or_none()
    if found is None:
        raise NotFound
    return found
