"""Kinds, legal forms, ties and facts in words."""

from portal.access.policy import Role, Tie
from portal.access.rules import (
    BankDetailsStatus,
    FactKind,
    LegalForm,
    Likeness,
    OfferStatus,
    OrganisationKind,
    PartnerRole,
)
from portal.access.rules.authorities import PaymentExporter
from portal.access.rules.likeness import Reason
from portal.access.rules.own_data import RequestKind, RequestOutcome
from portal.access.rules.second_factor import FactorChange
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
MEMBERS_MAY = {
    Tie.OWNER: lazy_("represents it: signs, sends applications, decides who belongs to it"),
    Tie.EDITOR: lazy_("writes applications and reports"),
    Tie.REPORTER: lazy_("writes reports, reads the rest"),
    Tie.VIEWER: lazy_("only reads"),
}
PARTNERS = {
    PartnerRole.LEAD: lazy_("leads"),
    PartnerRole.PARTNER: lazy_("partner"),
}
BANK_DETAILS = {
    BankDetailsStatus.PROPOSED: lazy_("waiting for verification"),
    BankDetailsStatus.VERIFIED: lazy_("verified"),
    BankDetailsStatus.REPLACED: lazy_("replaced"),
    BankDetailsStatus.REJECTED: lazy_("rejected"),
}
FACTS = {
    FactKind.DURC: lazy_("Regular contributions (DURC)"),
    FactKind.STATUTE: lazy_("Statute"),
    FactKind.REGISTER_EXTRACT: lazy_("Register extract"),
}
OFFERS = {
    OfferStatus.OFFERED: lazy_("waits for the office"),
    OfferStatus.VERIFIED: lazy_("verified"),
    OfferStatus.REFUSED: lazy_("refused"),
    OfferStatus.REPLACED: lazy_("replaced"),
}
LEGAL_FACTS = {
    "name": lazy_("the name"),
    "legal_form": lazy_("the legal form"),
    "fiscal_code": lazy_("the codice fiscale"),
}
ROLES = {
    Role.VISITOR: lazy_("visitor"),
    Role.PERSON: lazy_("person signed in"),
    Role.OFFICER: lazy_("officer"),
    Role.EVALUATOR: lazy_("evaluator"),
    Role.CHAIR: lazy_("chair of the commission"),
    Role.COACH: lazy_("coach"),
    Role.FINANCE_MAKER: lazy_("finance: proposes payments"),
    Role.FINANCE_APPROVER: lazy_("finance: approves payments"),
    Role.AUDITOR: lazy_("auditor"),
    Role.ADMINISTRATOR: lazy_("administrator"),
    Role.DATA_PROTECTION_OFFICER: lazy_("data protection officer"),
}
PAYMENT_EXPORTERS = {
    PaymentExporter.SEPA: lazy_("SEPA credit transfer (pain.001.001.09), with the same table as CSV"),
    PaymentExporter.LIST: lazy_("Payment list for accounting (XLSX and CSV): no file for the bank"),
}
ACCOUNT_EVENTS = {
    "person.disabled": lazy_("account disabled"),
    "person.enabled": lazy_("account enabled again"),
    "person.signed_out": lazy_("every session ended"),
}
FACTOR_CHANGES = {
    FactorChange.APP_ADDED: lazy_("An app was set up as your second factor"),
    FactorChange.APP_REMOVED: lazy_("The app was removed from your second factors"),
    FactorChange.PASSKEY_ADDED: lazy_("A passkey was set up as your second factor"),
    FactorChange.PASSKEY_REMOVED: lazy_("A passkey was removed from your second factors"),
    FactorChange.CODES_REPLACED: lazy_("New recovery codes were made for your account"),
    FactorChange.CODE_USED: lazy_("A recovery code opened your account"),
}
REQUEST_KINDS = {
    RequestKind.EXPORT: lazy_("a copy of the data"),
    RequestKind.RECTIFICATION: lazy_("a correction"),
    RequestKind.ERASURE: lazy_("the erasure of the data"),
    RequestKind.OBJECTION: lazy_("an objection to how the data is used"),
}
REQUEST_OUTCOMES = {
    RequestOutcome.GRANTED: lazy_("granted"),
    RequestOutcome.PARTLY_GRANTED: lazy_("granted in part"),
    RequestOutcome.REFUSED: lazy_("refused"),
}
OUTCOME_TONES = {
    RequestOutcome.GRANTED: "success",
    RequestOutcome.PARTLY_GRANTED: "warning",
    RequestOutcome.REFUSED: "danger",
}
LIKENESS = {
    Likeness.SAME: lazy_("The same organisation, twice"),
    Likeness.LINKED: lazy_("Two organisations, linked to each other"),
    Likeness.DIFFERENT: lazy_("Different: nothing links them"),
}
REASONS = {
    Reason.SAME_CODE: lazy_("the same codice fiscale or partita IVA"),
    Reason.SAME_NAME: lazy_("the same name, but for the legal form"),
    Reason.LIKE_NAME: lazy_("almost the same name"),
    Reason.SAME_ACCOUNT: lazy_("the same account to be paid"),
    Reason.SAME_REPRESENTATIVE: lazy_("the same legal representative"),
    Reason.NAMESAKE_REPRESENTATIVE: lazy_("a legal representative of the same name"),
    Reason.SHARED_PEOPLE: lazy_("people who belong to both"),
    Reason.SAME_SEAT: lazy_("the same seat"),
    Reason.SAME_EMAIL: lazy_("the same e-mail address"),
    Reason.SAME_PHONE: lazy_("the same telephone number"),
    Reason.SAME_WEBSITE: lazy_("the same website"),
    Reason.SAME_CITY: lazy_("the same city"),
    Reason.SAME_DOMAIN: lazy_("e-mail addresses of the same domain"),
}
