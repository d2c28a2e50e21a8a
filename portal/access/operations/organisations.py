"""Organisations and informal groups: creating them, their account to be paid, facts the office has verified."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, Organisation, OrganisationRegistration, VerifiedFact
from portal.access.policy import Action, Tie
from portal.access.queries.organisations import (
    bank_details_for,
    hold_organisation,
    is_known,
    organisation_by_fiscal_code,
    organisation_seen,
)
from portal.access.rules import (
    REPLACE,
    VERIFY,
    BankDetailsStatus,
    FactKind,
    LegalForm,
    OrganisationKind,
    durc_valid_until,
    masked_iban,
)
from portal.access.rules.identifiers import valid_fiscal_code, valid_iban
from portal.access.ties import tie
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import violation

ROME = ZoneInfo("Europe/Rome")


class FiscalCodeTaken(Invalid):
    """One organisation for each codice fiscale."""

    default = lazy_(
        "An organisation with this codice fiscale is registered already. Check the code, or ask the people"
        " who represent it to let you in."
    )


class SamePerson(Conflict):
    """Whoever proposed an account does not verify it."""

    default = lazy_("Whoever proposed this account cannot verify it: another finance approver does.")


violation("ck_bank_details_two_people", SamePerson)
violation("uq_organisation_fiscal_code", lambda: FiscalCodeTaken(field="fiscal_code"))
violation("organisation.fiscal_code", lambda: FiscalCodeTaken(field="fiscal_code"))


@dataclass(frozen=True, slots=True)
class OrganisationProfile:
    """What its people say of an organisation or group."""

    kind: OrganisationKind
    legal_form: LegalForm | None
    name: str
    fiscal_code: str
    email: str
    address: str
    city: str
    district: str = ""


def create_organisation(session: Session, *, profile: OrganisationProfile, actor: Actor, now: datetime) -> Organisation:
    """Create an organisation or an informal group, represented by the actor. Raises Invalid on its codice fiscale."""
    if actor.person_id is None:
        raise Forbidden
    is_group = profile.kind is OrganisationKind.INFORMAL_GROUP
    if not is_group and profile.legal_form in (None, LegalForm.INFORMAL_GROUP):
        raise Invalid(lazy_("Choose the legal form of the organisation."), "legal_form")
    organisation = Organisation(
        kind=profile.kind,
        legal_form=LegalForm.INFORMAL_GROUP if is_group else profile.legal_form,
        name=clean_line(profile.name),
        fiscal_code=None if is_group else _free_fiscal_code(session, profile.fiscal_code),
        email=clean_line(profile.email).casefold(),
        address=clean_line(profile.address) or None,
        city=clean_line(profile.city) or None,
        district=clean_line(profile.district) or None,
        created_at=now,
    )
    session.add(organisation)
    session.flush()
    tie(
        session,
        person_id=actor.person_id,
        tie=Tie.OWNER,
        object_type="organisation",
        object_id=organisation.id,
        now=now,
    )
    after = {"name": organisation.name, "kind": organisation.kind, "fiscal_code": organisation.fiscal_code}
    record(session, at=now, actor=actor, event=Action.ORGANISATION_CREATE, subject=organisation, after=after)
    return organisation


def _free_fiscal_code(session: Session, text: str) -> str:
    code = valid_fiscal_code(text)
    if organisation_by_fiscal_code(session, code) is not None:
        raise FiscalCodeTaken(field="fiscal_code")
    return code


def propose_bank_details(
    session: Session, *, organisation_id: UUID, iban: str, holder: str, actor: Actor, now: datetime
) -> BankDetails:
    """Propose the account to be paid; it counts once another person has verified it."""
    seen = organisation_seen(session, organisation_id, actor, Action.BANK_DETAILS_PROPOSE)
    if actor.person_id is None:
        raise Forbidden
    checked, named = valid_iban(iban), clean_line(holder)
    if not named:
        raise Invalid(lazy_("Write the holder of the account, as the bank knows it."), "holder")
    hold_organisation(session, seen.organisation.id)
    waiting = select(BankDetails).where(
        BankDetails.organisation_id == seen.organisation.id, BankDetails.status == BankDetailsStatus.PROPOSED
    )
    for earlier in session.scalars(waiting):
        earlier.make(REPLACE, at=now)
    row = BankDetails(
        organisation_id=seen.organisation.id,
        iban=checked,
        holder=named,
        status=BankDetailsStatus.PROPOSED,
        status_at=now,
        proposed_by=actor.person_id,
        proposed_at=now,
    )
    session.add(row)
    after = {"iban": masked_iban(checked), "holder": named}
    record(session, at=now, actor=actor, event=Action.BANK_DETAILS_PROPOSE, subject=row, after=after)
    return row


def verify_bank_details(session: Session, *, bank_details_id: UUID, actor: Actor, now: datetime) -> BankDetails:
    """Confirm a proposed account, by another person than who proposed it; the one before it is replaced."""
    row = bank_details_for(session, bank_details_id, actor, Action.BANK_DETAILS_VERIFY)
    if row.proposed_by == actor.person_id:
        raise SamePerson
    hold_organisation(session, row.organisation_id)
    in_force = select(BankDetails).where(
        BankDetails.organisation_id == row.organisation_id, BankDetails.status == BankDetailsStatus.VERIFIED
    )
    row.verified_by = actor.person_id
    row.make(VERIFY, at=now)
    with session.no_autoflush:
        for earlier in session.scalars(in_force):
            earlier.make(REPLACE, at=now)
    record(session, at=now, actor=actor, event=Action.BANK_DETAILS_VERIFY, subject=row)
    return row


def record_durc(
    session: Session, *, organisation_id: UUID, issued_on: date, source: str, actor: Actor, now: datetime
) -> VerifiedFact:
    """Record a DURC that the office has checked; it is valid for 120 days from its issue."""
    seen = organisation_seen(session, organisation_id, actor, Action.FACT_RECORD)
    if actor.person_id is None:
        raise Forbidden
    if issued_on > now.astimezone(ROME).date():
        raise Invalid(lazy_("The date of issue is in the future. Copy it from the certificate."), "issued_on")
    fact = VerifiedFact(
        organisation_id=seen.organisation.id,
        kind=FactKind.DURC,
        source=clean_line(source),
        issued_on=issued_on,
        valid_until=durc_valid_until(issued_on),
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    session.add(fact)
    after = {"kind": fact.kind, "issued_on": issued_on, "valid_until": fact.valid_until, "source": fact.source}
    record(session, at=now, actor=actor, event=Action.FACT_RECORD, subject=fact, after=after)
    return fact


def know_organisation(session: Session, *, organisation_id: UUID, authority_id: UUID, now: datetime) -> None:
    """Let the staff of an authority reach an organisation that registered something with it."""
    if not is_known(session, organisation_id, authority_id):
        session.add(OrganisationRegistration(organisation_id=organisation_id, authority_id=authority_id, since=now))
        session.flush()
