"""The letter with a final account: a tagged PDF, registered with its hash, kept, announced by mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.i18n import lazy_, speaking
from portal.core.pdf import render_pdf
from portal.grants.operations.news import tell_team
from portal.payments.closing.labels import BASES
from portal.payments.closing.models import FinalAccount, FinalAccountLetter
from portal.register.letters import registered_letter


def make_letter(session: Session, *, account_id: UUID, now: datetime) -> FinalAccountLetter | None:
    """One letter for one approved account; None where it was made already."""
    account = session.get_one(FinalAccount, account_id)
    made = select(FinalAccountLetter.id).where(FinalAccountLetter.account_id == account_id)
    if not account.is_approved or session.scalar(made) is not None:
        return None
    grant = account.grant
    file, entry = registered_letter(
        session, authority_id=account.authority_id, name=f"rendiconto-finale-{grant.reference}.pdf",
        content=letter_pdf(account), subject=f"{grant.reference} · Rendiconto finale, atto {account.act_number}",
        counterpart=grant.organisation.name, actor=SYSTEM, now=now,
    )  # fmt: skip
    letter = FinalAccountLetter(account_id=account.id, file_id=file.id, protocol_entry_id=entry.id, made_at=now)
    session.add(letter)
    session.flush()
    record(session, at=now, actor=SYSTEM, event="closing.letter", subject=account,
           after={"protocol": entry.label, "sha256": file.sha256})  # fmt: skip
    told = lazy_("%(reference)s: the letter with the final account is ready.", reference=grant.reference)
    tell_team(session, organisation_id=grant.organisation_id, message=told, now=now, template="payments/final_account",
              path=f"/grants/{grant.id}/final-account", account=account, number=entry.label)  # fmt: skip
    return letter


def letter_pdf(account: FinalAccount, language: str = "it") -> bytes:
    """What the recipient is told: what the grant pays, what was paid, what follows."""
    with speaking(language):
        return render_pdf(
            "payments/closing/letter.pdf.html", issuer=account.grant.call.authority, account=account, bases=BASES
        )
