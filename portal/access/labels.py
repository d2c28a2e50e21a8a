"""Kinds, legal forms, ties and facts in words."""

from portal.access.policy import Tie
from portal.access.rules import BankDetailsStatus, FactKind, LegalForm, OrganisationKind
from portal.core.i18n import lazy_

KINDS = {
    OrganisationKind.LEGAL_ENTITY: lazy_("Organisation (legal entity)"),
    OrganisationKind.INFORMAL_GROUP: lazy_("Informal group, not yet an organisation"),
    OrganisationKind.CONSORTIUM: lazy_("Several organisations together (ATS)"),
}
LEGAL_FORMS = {
    LegalForm.ASSOCIATION: lazy_("association"),
    LegalForm.VOLUNTEER_ORGANISATION: lazy_("volunteer organisation (ODV)"),
    LegalForm.SOCIAL_PROMOTION_ASSOCIATION: lazy_("social promotion association (APS)"),
    LegalForm.SOCIAL_COOPERATIVE: lazy_("social cooperative"),
    LegalForm.FOUNDATION: lazy_("foundation"),
    LegalForm.CHURCH_BODY: lazy_("church body"),
    LegalForm.SOCIAL_ENTERPRISE: lazy_("social enterprise"),
    LegalForm.NGO: lazy_("non-governmental organisation"),
    LegalForm.INFORMAL_GROUP: lazy_("informal group"),
    LegalForm.TEMPORARY_ASSOCIATION: lazy_("temporary association (ATS)"),
}
MEMBERS = {
    Tie.OWNER: lazy_("represents it"),
    Tie.EDITOR: lazy_("writes"),
    Tie.VIEWER: lazy_("reads"),
    Tie.REPORTER: lazy_("reports"),
}
BANK_DETAILS = {
    BankDetailsStatus.PROPOSED: lazy_("waiting for verification"),
    BankDetailsStatus.VERIFIED: lazy_("verified"),
    BankDetailsStatus.REPLACED: lazy_("replaced"),
}
FACTS = {
    FactKind.DURC: lazy_("Regular contributions (DURC)"),
    FactKind.STATUTE: lazy_("Statute"),
    FactKind.REGISTER_EXTRACT: lazy_("Register extract"),
}
