"""The PDF receipt of a submission: made from the frozen content alone, once."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.applications.models import Submission, SubmissionReceipt
from portal.applications.queries import receipt_of
from portal.core.actor import SYSTEM
from portal.core.i18n import speaking
from portal.core.pdf import render_pdf
from portal.documents.operations import store_bytes


def make_receipt(session: Session, *, submission: Submission, now: datetime) -> SubmissionReceipt:
    """Make and store the PDF receipt of a submission; the one that exists when it was made before."""
    existing = receipt_of(session, submission.id)
    if existing is not None:
        return existing
    person = session.get(Person, submission.submitted_by) if submission.submitted_by else None
    with speaking(person.locale if person else "it"):
        content = render_pdf(
            "applications/receipt_pdf.html", issuer=submission.application.call.authority, submission=submission,
            content=submission.content,
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
