"""An organisation's page: who asks decides through which authority they reach it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, Organisation, OrganisationRegistration, Person, TieRow, VerifiedFact
from portal.access.policy import Action, Guard, Tie, authorise
from portal.access.queries import MEMBER_TIES
from portal.access.rules import BankDetailsStatus
from portal.core.actor import Actor
from portal.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class OrganisationSeen:
    """An organisation as one person reaches it: as a member, or as staff of an authority that knows it."""

    organisation: Organisation
    authority_id: UUID | None

    @property
    def guard(self) -> Guard:
        """Its members, and staff of that authority; its page is a secret to all others."""
        return Guard(authority_id=self.authority_id, objects=(self.organisation.id,), is_secret=True)


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """What the page of an organisation shows."""

    seen: OrganisationSeen
    members: Sequence[tuple[Person, Tie]]
    accounts: Sequence[BankDetails]
    facts: Sequence[VerifiedFact]

    @property
    def organisation(self) -> Organisation:
        """The organisation itself."""
        return self.seen.organisation


def organisation_seen(
    session: Session, organisation_id: UUID, actor: Actor, action: Action = Action.ORGANISATION_READ
) -> OrganisationSeen:
    """One organisation for this action, or NotFound."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    known = select(OrganisationRegistration.authority_id).where(
        OrganisationRegistration.organisation_id == organisation_id,
        OrganisationRegistration.authority_id.in_({authority for _, authority in actor.roles}),
    )
    seen = OrganisationSeen(found, session.scalars(known.order_by(OrganisationRegistration.since)).first())
    authorise(actor, action, seen)
    return seen


def organisation_page(session: Session, organisation_id: UUID, actor: Actor, now: datetime) -> OrganisationPage:
    """Everything the page of an organisation shows, newest accounts and facts first."""
    seen = organisation_seen(session, organisation_id, actor)
    members = (
        select(Person, TieRow.tie)
        .join(TieRow, TieRow.person_id == Person.id)
        .where(TieRow.object_id == organisation_id, TieRow.tie.in_(MEMBER_TIES))
        .where(or_(TieRow.until.is_(None), TieRow.until > now))
        .order_by(Person.name, Person.id, TieRow.tie)
    )
    accounts = select(BankDetails).where(
        BankDetails.organisation_id == organisation_id, BankDetails.status != BankDetailsStatus.REPLACED
    )
    facts = select(VerifiedFact).where(VerifiedFact.organisation_id == organisation_id)
    return OrganisationPage(
        seen=seen,
        members=[(person, tie) for person, tie in session.execute(members)],
        accounts=session.scalars(accounts.order_by(BankDetails.proposed_at.desc(), BankDetails.id.desc())).all(),
        facts=session.scalars(facts.order_by(VerifiedFact.issued_on.desc(), VerifiedFact.id.desc())).all(),
    )


def hold_organisation(session: Session, organisation_id: UUID) -> None:
    """Lock an organisation until the transaction ends: a change of its account never crosses a payment to it (P10)."""
    query = select(Organisation.id).where(Organisation.id == organisation_id)
    session.execute(query.with_for_update(key_share=True)).all()


def bank_details_for(session: Session, bank_details_id: UUID, actor: Actor, action: Action) -> BankDetails:
    """One account for this action, locked, or NotFound."""
    found = session.scalars(
        select(BankDetails).where(BankDetails.id == bank_details_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound
    organisation_seen(session, found.organisation_id, actor, action)
    return found


def is_known(session: Session, organisation_id: UUID, authority_id: UUID) -> bool:
    """Whether the organisation registered something with this authority already."""
    query = select(OrganisationRegistration.id).where(
        OrganisationRegistration.organisation_id == organisation_id,
        OrganisationRegistration.authority_id == authority_id,
    )
    return session.scalar(query) is not None


def organisation_by_fiscal_code(session: Session, fiscal_code: str) -> Organisation | None:
    """The organisation with this codice fiscale."""
    return session.scalars(select(Organisation).where(Organisation.fiscal_code == fiscal_code)).one_or_none()
