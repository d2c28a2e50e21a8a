"""Confirmations of a draft: who was asked, who confirmed, and whether what they confirmed is still what is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Person
from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.applications.content import draft_digest
from portal.applications.models import Application, SignOffRow
from portal.applications.queries.reading import OpenDraft
from portal.calls.rules import SignOff
from portal.core.actor import Actor


@dataclass(frozen=True, slots=True)
class SignedOff:
    """How it stands with the confirmation of a draft."""

    waiting: SignOffRow | None
    standing: SignOffRow | None
    voided: SignOffRow | None
    """The last confirmation, of something that was changed afterwards."""

    def waits_for(self, actor: Actor) -> bool:
        """Whether it is this person who was asked."""
        return self.waiting is not None and self.waiting.person_id == actor.person_id


def is_asked(opened: OpenDraft) -> bool:
    """Whether the call wants a confirmation."""
    return opened.draft.design.sending.sign_off is SignOff.REPRESENTATIVE


def digest_of(opened: OpenDraft) -> str:
    """The hash of what is sent, apart from who sends it and when: it is what somebody sees, and what they confirm."""
    return draft_digest(opened.application, opened.draft, opened.files.values())


def signed_off(session: Session, application_id: UUID, digest: str) -> SignedOff:
    """The confirmation that stands for exactly this draft, the one that is awaited, the one that fell."""
    query = select(SignOffRow).where(SignOffRow.application_id == application_id).options(joinedload(SignOffRow.person))
    rows = session.scalars(query.order_by(SignOffRow.id.desc())).all()
    signed = [row for row in rows if row.signed_at is not None]
    standing = next((row for row in signed if row.digest == digest), None)
    return SignedOff(
        waiting=next((row for row in rows if row.signed_at is None), None),
        standing=standing,
        voided=signed[0] if signed and standing is None else None,
    )


def who_may_sign(session: Session, application: Application, now: datetime) -> Sequence[Person]:
    """The legal representatives of the applicant, or the contacts of a group: whoever it belongs to, by name."""
    return people_tied(session, application.organisation_id, [Tie.OWNER], now)
