"""Kinds of applicant, legal forms, accounts to be paid, verified facts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.core.moves import Move


class OrganisationKind(StrEnum):
    """A legal entity, an informal group that is not one yet, or several that act together under one lead (ATS)."""

    LEGAL_ENTITY = "legal_entity"
    INFORMAL_GROUP = "informal_group"
    CONSORTIUM = "consortium"


class LegalForm(StrEnum):
    """The controlled list of legal forms (CTS, D.Lgs 117/2017, and church bodies)."""

    ASSOCIATION = "association"
    VOLUNTEER_ORGANISATION = "volunteer_organisation"
    SOCIAL_PROMOTION_ASSOCIATION = "social_promotion_association"
    SOCIAL_COOPERATIVE = "social_cooperative"
    FOUNDATION = "foundation"
    CHURCH_BODY = "church_body"
    SOCIAL_ENTERPRISE = "social_enterprise"
    NGO = "ngo"
    INFORMAL_GROUP = "informal_group"
    TEMPORARY_ASSOCIATION = "temporary_association"


ENTITY_FORMS = tuple(
    form for form in LegalForm if form not in (LegalForm.INFORMAL_GROUP, LegalForm.TEMPORARY_ASSOCIATION)
)
"""The forms a legal entity may have."""


class BankDetailsStatus(StrEnum):
    """Bank details count only once a second person has verified them."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    REPLACED = "replaced"


VERIFY = Move("verify", frozenset({BankDetailsStatus.PROPOSED}), BankDetailsStatus.VERIFIED)
REPLACE = Move(
    "replace", frozenset({BankDetailsStatus.PROPOSED, BankDetailsStatus.VERIFIED}), BankDetailsStatus.REPLACED
)


class FactKind(StrEnum):
    """What the office verifies about an organisation, with an expiry."""

    DURC = "durc"
    STATUTE = "statute"
    REGISTER_EXTRACT = "register_extract"


class OfferStatus(StrEnum):
    """A document that members hand in waits until the office has verified it."""

    OFFERED = "offered"
    VERIFIED = "verified"
    REFUSED = "refused"


VERIFY_OFFER = Move("verify", frozenset({OfferStatus.OFFERED}), OfferStatus.VERIFIED)
REFUSE_OFFER = Move("refuse", frozenset({OfferStatus.OFFERED}), OfferStatus.REFUSED)


class PartnerRole(StrEnum):
    """In a consortium one organisation leads: it holds the mandate and receives the money."""

    LEAD = "lead"
    PARTNER = "partner"


class Likeness(StrEnum):
    """What an officer says of two organisations that look alike. Nothing is ever merged."""

    SAME = "same"
    LINKED = "linked"
    DIFFERENT = "different"


DURC_VALID_FOR = timedelta(days=120)
"""Validity of the certificate of regular contributions (DM 30/1/2015)."""


@dataclass(frozen=True, slots=True)
class OrganisationBecameEntity:
    """An informal group became a legal entity; its identity, files and history stay."""

    organisation_id: UUID
    at: datetime


def durc_valid_until(issued_on: date) -> date:
    """The last day of a DURC issued on this day."""
    return issued_on + DURC_VALID_FOR


def masked_iban(iban: str) -> str:
    """The country, the check digits and the last four characters: enough to recognise one's own account."""
    return f"{iban[:4]} **** {iban[-4:]}"
