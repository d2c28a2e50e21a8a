"""An organisation known to an authority, with the people around its profile, account and documents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Authority, BankDetails, OfferedFact, Organisation, Person, VerifiedFact
from portal.access.operations import bank_details, facts, organisations
from portal.access.operations.organisations import OrganisationProfile
from portal.access.policy import Role
from portal.access.rules import FactKind, LegalForm, OrganisationKind
from portal.core.actor import Actor
from tests.factories.base import as_actor, make_authority, make_organisation, make_person, make_staff
from tests.factories.documents import PDF, make_upload

IBAN = "IT60X0542811101000000123456"
GOOD_CODE = "01199250158"
OTHER_IBAN = "DE89370400440532013000"


@dataclass
class Known:
    """The authority, its staff, the organisation and who represents it."""

    session: Session
    now: datetime
    authority: Authority
    owner: Person
    organisation: Organisation
    officer: Person
    maker: Person
    approver: Person
    twin: Any = None
    """A second organisation that looks like the first, where a test makes one."""

    def by(self, person: Person) -> dict[str, Any]:
        """What every operation is given."""
        return {"actor": self.actor(person), "now": self.now}

    def actor(self, person: Person) -> Actor:
        """The person with the roles and ties of this moment."""
        return as_actor(self.session, person, now=self.now)

    def propose(self, iban: str = IBAN, by: Person | None = None, holder: str = "Il Ponte") -> BankDetails:
        """Somebody proposes an account."""
        return bank_details.propose_bank_details(
            self.session, organisation_id=self.organisation.id, iban=iban, holder=holder, **self.by(by or self.owner)
        )

    def verify(self, row: BankDetails, by: Person | None = None) -> BankDetails:
        """Finance verifies it."""
        return bank_details.verify_bank_details(
            self.session, organisation_id=self.organisation.id, bank_details_id=row.id,
            **self.by(by or self.approver),
        )  # fmt: skip

    def reject(self, row: BankDetails, by: Person | None = None, reason: str = "") -> BankDetails:
        """Somebody turns it away."""
        return bank_details.reject_bank_details(
            self.session, organisation_id=self.organisation.id, bank_details_id=row.id, reason=reason,
            **self.by(by or self.owner),
        )  # fmt: skip

    def offer(self, kind: FactKind = FactKind.DURC, **given: Any) -> OfferedFact:
        """The owner hands a document in."""
        given = {"issued_on": self.now.date(), "upload": make_upload(PDF, "durc.pdf")} | given
        return facts.offer_fact(
            self.session, organisation_id=self.organisation.id, kind=kind, **{**self.by(self.owner), **given}
        )

    def record(self, kind: FactKind = FactKind.DURC, **given: Any) -> VerifiedFact:
        """The office records what it checked."""
        seen: dict[str, Any] = {"issued_on": self.now.date(), "source": "INPS_1"} | given
        return facts.record_fact(
            self.session, organisation_id=self.organisation.id, seen=facts.FactSeen(kind, **seen),
            **self.by(self.officer),
        )  # fmt: skip


def make_known(session: Session, *, now: datetime, informal: bool = False) -> Known:
    """An organisation that registered something with an authority."""
    authority, owner = make_authority(session), make_person(session, now=now, name="Marta Rossi")
    organisation = make_organisation(
        session, now=now, owner=owner, name="Il Ponte", informal=informal, fiscal_code=GOOD_CODE
    )
    organisations.know_organisation(session, organisation_id=organisation.id, authority_id=authority.id, now=now)
    staff = (
        make_staff(session, authority, role, now=now)
        for role in (Role.OFFICER, Role.FINANCE_MAKER, Role.FINANCE_APPROVER)
    )
    return Known(session, now, authority, owner, organisation, *staff)


def profile(**changes: Any) -> OrganisationProfile:
    """What people say of an organisation."""
    given: dict[str, Any] = {
        "kind": OrganisationKind.LEGAL_ENTITY, "legal_form": LegalForm.ASSOCIATION, "name": "Il Ponte",
        "fiscal_code": GOOD_CODE, "email": "Ponte@Prova.example", "address": "via Sparano 10", "city": "Bari",
    }  # fmt: skip
    return OrganisationProfile(**(given | changes))


def name_document_objects(session: Session, authority: Authority, organisation: Organisation, people: dict[str, Person],
                          *, now: datetime) -> dict[str, Any]:  # fmt: skip
    """A verified fact with its file, a document that waits, and a second organisation that looks like the first."""
    officer, owner = (as_actor(session, people[role], now=now) for role in ("officer", "owner"))
    fact = facts.record_fact(
        session, organisation_id=organisation.id, upload=make_upload(PDF, "statuto.pdf"), actor=officer, now=now,
        seen=facts.FactSeen(FactKind.STATUTE, now.date(), "Registro"),
    )  # fmt: skip
    offer = facts.offer_fact(
        session, organisation_id=organisation.id, kind=FactKind.DURC, issued_on=now.date(),
        upload=make_upload(PDF, "durc.pdf"), actor=owner, now=now,
    )  # fmt: skip
    other = make_organisation(session, now=now, name=organisation.name)
    organisations.know_organisation(session, organisation_id=other.id, authority_id=authority.id, now=now)
    session.flush()
    first, second = sorted((organisation.id, other.id))
    return {
        "fact_id": fact.id, "offer_id": offer.id, "first_id": first, "second_id": second,
        "verified_document": FactKind.STATUTE.value,
    }  # fmt: skip
