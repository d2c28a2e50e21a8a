"""Kinds of applicant, legal forms, roles in an organisation; limits of sign-in and sessions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.core.moves import Move


class OrganisationKind(StrEnum):
    """A legal entity, or an informal group that is not one yet."""

    LEGAL_ENTITY = "legal_entity"
    INFORMAL_GROUP = "informal_group"


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


DURC_VALID_FOR = timedelta(days=120)
"""Validity of the certificate of regular contributions (DM 30/1/2015)."""

MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
IDLE_FOR = {"staff": timedelta(minutes=30), "applicant": timedelta(hours=2)}
ABSOLUTE_FOR = {"staff": timedelta(hours=12), "applicant": timedelta(hours=24)}
SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class SessionEnds:
    """When a sign-in ends: unused, and in any case."""

    idle: datetime
    absolute: datetime


@dataclass(frozen=True, slots=True)
class OrganisationBecameEntity:
    """An informal group became a legal entity; its identity, files and history stay."""

    organisation_id: UUID
    at: datetime


def session_ends(*, is_staff: bool, began: datetime, seen: datetime) -> SessionEnds:
    """The ends of a session by kind of user (security rules: staff 30 min / 12 h, applicants 2 h / 24 h)."""
    kind = "staff" if is_staff else "applicant"
    return SessionEnds(idle=seen + IDLE_FOR[kind], absolute=began + ABSOLUTE_FOR[kind])


def durc_valid_until(issued_on: date) -> date:
    """The last day of a DURC issued on this day."""
    return issued_on + DURC_VALID_FOR


def masked_iban(iban: str) -> str:
    """The country, the check digits and the last four characters: enough to recognise one's own account."""
    return f"{iban[:4]} **** {iban[-4:]}"
