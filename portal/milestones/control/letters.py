"""The letter with the result of a control: a tagged PDF, registered with its hash, kept, announced by mail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.i18n import lazy_, speaking
from portal.core.pdf import render_pdf
from portal.grants.operations.news import tell_team
from portal.milestones.control.models import ControlLetter
from portal.milestones.control.queries import Control, control_of, letter_of
from portal.milestones.control.rules import Outcome
from portal.milestones.control.words import category_names, method_words, projection_words
from portal.milestones.costs.models import CostLine, CostReport
from portal.register.letters import registered_letter


def make_letter(session: Session, *, report_id: UUID, now: datetime) -> ControlLetter | None:
    """One letter for one report; None where it was made already."""
    report = session.get_one(CostReport, report_id)
    if letter_of(session, report) is not None:
        return None
    reference = report.grant.reference
    content = letter_pdf(session, control_of(session, report))
    file, entry = registered_letter(
        session, authority_id=report.authority_id, name=f"esito-rendiconto-{reference}-{report.number}.pdf",
        content=content, subject=f"{reference} · Esito del controllo sul rendiconto {report.number}",
        counterpart=report.grant.organisation.name, actor=SYSTEM, now=now,
    )  # fmt: skip
    letter = ControlLetter(report_id=report.id, file_id=file.id, protocol_entry_id=entry.id, made_at=now)
    session.add(letter)
    session.flush()
    record(session, at=now, actor=SYSTEM, event="control.letter", subject=report,
           after={"protocol": entry.label, "sha256": file.sha256})  # fmt: skip
    told = lazy_("%(reference)s: the result of the control of cost report %(number)d is ready.", reference=reference,
                 number=report.number)  # fmt: skip
    tell_team(session, organisation_id=report.grant.organisation_id, message=told, now=now, template="control/letter",
              path=f"/costs/{report.id}/result", report=report, number=entry.label)  # fmt: skip
    return letter


def letter_pdf(session: Session, control: Control, language: str = "it") -> bytes:
    """What the recipient is told: what stands by category, and each line of which less was accepted, with why."""
    report = control.report
    with speaking(language):
        return render_pdf(
            "milestones/control/letter.pdf.html", issuer=report.grant.call.authority, report=report, control=control,
            names=category_names(session, report), method=method_words(control.sample), less=less_of(session, control),
            projection=projection_words(control),
        )  # fmt: skip


def less_of(session: Session, control: Control) -> list[tuple[CostLine, Any]]:
    """The lines of which less than all was accepted, with what was found."""
    less = {number: each for number, each in control.outcomes.items() if each.outcome is not Outcome.ACCEPTED}
    query = select(CostLine).where(CostLine.report_id == control.report.id, CostLine.number.in_(less))
    return [(line, less[line.number]) for line in session.scalars(query.order_by(CostLine.number))]
