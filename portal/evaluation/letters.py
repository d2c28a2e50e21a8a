"""The letter of outcome: a tagged PDF, registered with its hash, kept, and announced by mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.operations.integration import tell_team
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.i18n import in_language, lazy_, speaking
from portal.core.pdf import render_pdf
from portal.evaluation.labels import outcome_labels
from portal.evaluation.models import OutcomeLetter
from portal.evaluation.points import total_text
from portal.evaluation.queries.outcomes import OutcomePage, outcome_in
from portal.evaluation.ranking import Outcome
from portal.register.letters import registered_letter

REMEDIES = "remedies"
"""The text of a call that says how its decisions can be challenged, where it says it itself."""


def make_letter(session: Session, *, ranking_id: UUID, application_id: UUID, now: datetime) -> OutcomeLetter | None:
    """One letter for one version; None where it was made already."""
    made = select(OutcomeLetter.id).where(
        OutcomeLetter.ranking_id == ranking_id, OutcomeLetter.application_id == application_id
    )
    if session.scalar(made) is not None:
        return None
    found = outcome_in(session, ranking_id, application_id)
    application = found.application
    file, entry = registered_letter(
        session, authority_id=application.authority_id, name=f"esito-{application.reference}.pdf",
        content=letter_pdf(found, "it"), subject=f"{application.reference} · Comunicazione di esito",
        counterpart=application.organisation.name, actor=SYSTEM, now=now,
    )  # fmt: skip
    letter = OutcomeLetter(ranking_id=ranking_id, application_id=application_id, file_id=file.id,
                           protocol_entry_id=entry.id, made_at=now)  # fmt: skip
    session.add(letter)
    session.flush()
    record(session, at=now, actor=SYSTEM, event="outcome.letter", subject=letter,
           after={"register": entry.label, "sha256": file.sha256},
           authority_id=application.authority_id)  # fmt: skip
    told = lazy_("%(reference)s: the letter with the outcome is ready.", reference=application.reference)
    tell_team(session, application=application, text=told, template="evaluation/letter", now=now,
              path=f"/applications/{application.id}/outcome", number=entry.label)  # fmt: skip
    return letter


def letter_pdf(found: OutcomePage, language: str) -> bytes:
    """What an applicant is told, in one language, made from the page of its outcome."""
    application, ranking, row = found.application, found.ranking, found.row
    if ranking is None or row is None or found.remedies is None:
        raise ValueError("a letter tells a final outcome")
    with speaking(language):
        label, _tone = outcome_labels(selects=ranking.selects)[Outcome(row.outcome)]
        return render_pdf(
            "evaluation/letter.pdf.html", issuer=application.call.authority, found=found, outcome=label,
            points=total_text(row.total_hundredths, language), remedies=found.remedies,
            terms=in_language(application.design.texts.get(REMEDIES), language), is_rectified=ranking.is_rectifying,
            is_unchanged=found.is_unchanged,
        )  # fmt: skip
