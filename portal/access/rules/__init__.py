"""Rules of people and organisations, pure."""

from portal.access.rules.accounts import (
    LINK_LASTS,
    LINK_WINDOW,
    MOST_LINKS,
    AccountClosed,
    LinkPurpose,
    is_address,
)
from portal.access.rules.bank import (
    ACCOUNT_RESTS_FOR,
    REJECT,
    REPLACE,
    VERIFY,
    AccountChanged,
    AccountNews,
    BankDetailsStatus,
    masked_iban,
)
from portal.access.rules.facts import FactKind, OfferDecided, OfferStatus
from portal.access.rules.organisations import (
    ENTITY_FORMS,
    LegalFactsChanged,
    LegalForm,
    Likeness,
    OrganisationBecameEntity,
    OrganisationKind,
    PartnerRole,
)
from portal.access.rules.passwords import SHORTEST_PASSWORD, check_new_password, same_typed
from portal.access.rules.sessions import (
    FAILURE_WINDOW,
    MOST_FAILURES,
    SessionEnds,
    session_ends,
)

__all__ = [
    "ACCOUNT_RESTS_FOR",
    "ENTITY_FORMS",
    "FAILURE_WINDOW",
    "LINK_LASTS",
    "LINK_WINDOW",
    "MOST_FAILURES",
    "MOST_LINKS",
    "REJECT",
    "REPLACE",
    "SHORTEST_PASSWORD",
    "VERIFY",
    "AccountChanged",
    "AccountClosed",
    "AccountNews",
    "BankDetailsStatus",
    "FactKind",
    "LegalFactsChanged",
    "LegalForm",
    "Likeness",
    "LinkPurpose",
    "OfferDecided",
    "OfferStatus",
    "OrganisationBecameEntity",
    "OrganisationKind",
    "PartnerRole",
    "SessionEnds",
    "check_new_password",
    "is_address",
    "masked_iban",
    "same_typed",
    "session_ends",
]
