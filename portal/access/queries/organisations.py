"""An organisation's page: who asks decides through which authority they reach it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import (
    BankDetails,
    OfferedFact,
    Organisation,
    OrganisationRegistration,
    Person,
    TieRow,
    VerifiedFact,
)
from portal.access.policy import Action, Guard, Tie, allowed, authorise
from portal.access.queries.people import MEMBER_TIES, people_tied
from portal.access.rules.bank import LIVE, rests_until, waits
from portal.access.rules.facts import OfferStatus
from portal.core.actor import Actor
from portal.core.errors import NotFound

MOST_OFFERS = 12
ON_THE_PAGE = (
    Action.BANK_DETAILS_VERIFY,
    Action.BANK_DETAILS_PROPOSE,
    Action.BANK_DETAILS_READ,
    Action.FACT_RECORD,
    Action.ORGANISATION_READ,
)


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
    """What the page of an organisation shows; `payable_from` is the end of the cooling time of its account."""

    seen: OrganisationSeen
    members: Sequence[tuple[Person, Tie]]
    accounts: Sequence[BankDetails]
    payable_from: datetime | None
    facts: Sequence[VerifiedFact]
    offers: Sequence[OfferedFact]
    is_own: bool
    """Whether who asks belongs to it."""

    @property
    def organisation(self) -> Organisation:
        """The organisation itself."""
        return self.seen.organisation

    @property
    def account_waits(self) -> bool:
        """Whether an account waits for a second person."""
        return waits(self.accounts)

    def may_be_rejected(self, account: BankDetails) -> bool:
        """Whether an account can still be turned away."""
        return account.verified_by is None or self.payable_from is not None


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
    reached = session.scalars(known.order_by(OrganisationRegistration.since, OrganisationRegistration.id))
    through = [OrganisationSeen(found, authority_id) for authority_id in reached] or [OrganisationSeen(found, None)]
    seen = max(through, key=lambda each: (allowed(actor, action, each), _opens(actor, each)))
    authorise(actor, action, seen)
    return seen


def _opens(actor: Actor, seen: OrganisationSeen) -> int:
    """How much of the page an authority opens to somebody who works for several."""
    return sum(allowed(actor, action, seen) for action in ON_THE_PAGE)


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
    accounts = accounts_of(session, organisation_id)
    return OrganisationPage(
        seen=seen,
        members=[(person, tie) for person, tie in session.execute(members)],
        accounts=[account for account in reversed(accounts) if account.status in LIVE],
        payable_from=rests_until(accounts, now),
        facts=_facts(session, organisation_id),
        offers=_offers(session, organisation_id),
        is_own=not actor.ties_to(organisation_id).isdisjoint(MEMBER_TIES),
    )


def _facts(session: Session, organisation_id: UUID) -> Sequence[VerifiedFact]:
    query = select(VerifiedFact).where(VerifiedFact.organisation_id == organisation_id)
    query = query.options(joinedload(VerifiedFact.file))
    return session.scalars(query.order_by(VerifiedFact.issued_on.desc(), VerifiedFact.id.desc())).all()


def _offers(session: Session, organisation_id: UUID) -> Sequence[OfferedFact]:
    """Documents that wait, and the newest that were refused."""
    query = (
        select(OfferedFact)
        .where(OfferedFact.organisation_id == organisation_id)
        .where(OfferedFact.status.in_((OfferStatus.OFFERED, OfferStatus.REFUSED)))
        .options(joinedload(OfferedFact.file))
        .order_by(OfferedFact.offered_at.desc(), OfferedFact.id.desc())
    )
    return session.scalars(query.limit(MOST_OFFERS)).all()


def profile_to_edit(
    session: Session, organisation_id: UUID, actor: Actor, now: datetime
) -> tuple[Organisation, list[tuple[UUID, str]]]:
    """A profile for whoever may change it, with the people who may be named as representative."""
    seen = organisation_seen(session, organisation_id, actor, Action.ORGANISATION_EDIT)
    people = people_tied(session, organisation_id, MEMBER_TIES, now)
    return seen.organisation, [(person.id, person.name) for person in people]


def accounts_of(session: Session, organisation_id: UUID) -> Sequence[BankDetails]:
    """Every account ever proposed for an organisation, oldest first."""
    query = select(BankDetails).where(BankDetails.organisation_id == organisation_id)
    return session.scalars(query.order_by(BankDetails.proposed_at, BankDetails.id)).all()


def hold_organisation(session: Session, organisation_id: UUID) -> Organisation:
    """Lock an organisation until the transaction ends, and read it anew.

    A change of its account never crosses a payment to it (P10), nor two changes of its profile each other (P4).
    """
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def bank_details_for(
    session: Session, organisation_id: UUID, bank_details_id: UUID, actor: Actor, action: Action
) -> BankDetails:
    """One account of this organisation for this action, locked after the organisation, or NotFound."""
    organisation_seen(session, organisation_id, actor, action)
    hold_organisation(session, organisation_id)
    query = select(BankDetails).where(BankDetails.id == bank_details_id, BankDetails.organisation_id == organisation_id)
    found = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def is_known(session: Session, organisation_id: UUID, authority_id: UUID) -> bool:
    """Whether the organisation registered something with this authority already."""
    query = select(OrganisationRegistration.id).where(
        OrganisationRegistration.organisation_id == organisation_id,
        OrganisationRegistration.authority_id == authority_id,
    )
    return session.scalar(query) is not None


def authorities_that_know(session: Session, organisation_id: UUID) -> Sequence[UUID]:
    """The authorities with which an organisation registered something, by their keys."""
    query = select(OrganisationRegistration.authority_id).where(
        OrganisationRegistration.organisation_id == organisation_id
    )
    return session.scalars(query.order_by(OrganisationRegistration.authority_id)).all()


def is_taken(session: Session, identifier: str, value: object, *, besides: UUID | None = None) -> bool:
    """Whether another organisation has this value of `fiscal_code`, `vat_number` or `runts_number`."""
    query = select(Organisation.id).where(getattr(Organisation, identifier) == value)
    return any(found != besides for found in session.scalars(query))


def organisation_by_fiscal_code(session: Session, fiscal_code: str) -> Organisation | None:
    """The organisation with this codice fiscale."""
    return session.scalars(select(Organisation).where(Organisation.fiscal_code == fiscal_code)).one_or_none()
