"""Kinds of applicant and legal forms."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


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


ONLY_FORM: dict[str, str] = {
    OrganisationKind.INFORMAL_GROUP: LegalForm.INFORMAL_GROUP,
    OrganisationKind.CONSORTIUM: LegalForm.TEMPORARY_ASSOCIATION,
}


def is_form_of(kind: str, form: str) -> bool:
    """Whether a kind may have this legal form: a group and a consortium have one, which nobody else has."""
    return form == ONLY_FORM[kind] if kind in ONLY_FORM else form not in ONLY_FORM.values()


class PartnerRole(StrEnum):
    """In a consortium one organisation leads: it holds the mandate and receives the money."""

    LEAD = "lead"
    PARTNER = "partner"


class Likeness(StrEnum):
    """What an officer says of two organisations that look alike. Nothing is ever merged."""

    SAME = "same"
    LINKED = "linked"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class OrganisationBecameEntity:
    """An informal group became a legal entity; its identity, files and history stay."""

    organisation_id: UUID
    at: datetime


LEGAL_FACTS = ("name", "legal_form", "fiscal_code")
"""What the authorities that know an organisation are told of when it changes."""


@dataclass(frozen=True, slots=True)
class LegalFactsChanged:
    """Its people changed what an organisation legally is; `fields` are some of LEGAL_FACTS."""

    organisation_id: UUID
    name_before: str
    fields: tuple[str, ...]
    at: datetime
