"""Words for the states and steps of a grant, and the tone in which each is shown."""

from portal.core.i18n import lazy_
from portal.grants.rules import GrantStatus, Need

LABELS = {
    GrantStatus.PROPOSED: lazy_("awarded"),
    GrantStatus.VERIFYING: lazy_("requirements being checked"),
    GrantStatus.INCORPORATING: lazy_("group becoming a legal entity"),
    GrantStatus.READY: lazy_("agreement to sign"),
    GrantStatus.ACTIVE: lazy_("active"),
    GrantStatus.CLOSING: lazy_("closing"),
    GrantStatus.CLOSED: lazy_("closed"),
    GrantStatus.RENOUNCED: lazy_("renounced by the recipient"),
    GrantStatus.SUSPENDED: lazy_("suspended"),
    GrantStatus.FORFEITED: lazy_("forfeited"),
    GrantStatus.REVOKED: lazy_("revoked"),
    GrantStatus.RECOVERING: lazy_("ended, money to be returned"),
}

TONES = {
    GrantStatus.PROPOSED: "info",
    GrantStatus.VERIFYING: "progress",
    GrantStatus.INCORPORATING: "warning",
    GrantStatus.READY: "progress",
    GrantStatus.ACTIVE: "success",
    GrantStatus.CLOSING: "progress",
    GrantStatus.CLOSED: "neutral",
    GrantStatus.RENOUNCED: "danger",
    GrantStatus.SUSPENDED: "warning",
    GrantStatus.FORFEITED: "danger",
    GrantStatus.REVOKED: "danger",
    GrantStatus.RECOVERING: "danger",
}

NEEDS = {
    Need.ACCEPTANCE: lazy_("Accept the grant, or renounce it"),
    Need.VERIFICATION: lazy_("Check the requirements"),
    Need.INCORPORATION_RECORD: lazy_("Record the legal entity that the group has become"),
    Need.INCORPORATION_CONFIRM: lazy_("Confirm the legal entity that the group has become"),
    Need.CUP: lazy_("Record the CUP"),
    Need.AGREEMENT_PREPARE: lazy_("Prepare the agreement"),
    Need.AGREEMENT_SIGN: lazy_("Sign the agreement and upload it"),
    Need.AGREEMENT_COUNTERSIGN: lazy_("Countersign the agreement"),
    Need.PUBLICATION: lazy_("Publish the grant (art. 26-27 of D.Lgs. 33/2013)"),
}

WHO = {
    Need.ACCEPTANCE: lazy_("the legal representative"),
    Need.VERIFICATION: lazy_("the office"),
    Need.INCORPORATION_RECORD: lazy_("the group's representative"),
    Need.INCORPORATION_CONFIRM: lazy_("the office, a person other than who recorded it"),
    Need.CUP: lazy_("the office"),
    Need.AGREEMENT_PREPARE: lazy_("the office"),
    Need.AGREEMENT_SIGN: lazy_("the legal representative"),
    Need.AGREEMENT_COUNTERSIGN: lazy_("the office or finance, a person other than who signed"),
    Need.PUBLICATION: lazy_("the office"),
}

WHY = {
    Need.ACCEPTANCE: lazy_("The office goes on once the grant is accepted; renouncing gives the money to others."),
    Need.VERIFICATION: lazy_("No agreement is signed before every check of the list is positive."),
    Need.INCORPORATION_RECORD: lazy_("Only a legal entity can sign the agreement and be paid."),
    Need.INCORPORATION_CONFIRM: lazy_("Two people make it sure: one records the deed, another checks it."),
    Need.CUP: lazy_("The agreement and every invoice carry the CUP."),
    Need.AGREEMENT_PREPARE: lazy_("The agreement fixes amount, milestones, tranches and duties."),
    Need.AGREEMENT_SIGN: lazy_("The plan and the first tranche begin once both sides have signed."),
    Need.AGREEMENT_COUNTERSIGN: lazy_("The plan and the first tranche begin once both sides have signed."),
    Need.PUBLICATION: lazy_("Publication is a condition of payment for grants above € 1.000."),
}

BUTTONS = {
    Need.ACCEPTANCE: lazy_("Accept or renounce"),
    Need.VERIFICATION: lazy_("Check"),
    Need.INCORPORATION_RECORD: lazy_("Record"),
    Need.INCORPORATION_CONFIRM: lazy_("Confirm"),
    Need.CUP: lazy_("Record"),
    Need.AGREEMENT_PREPARE: lazy_("Prepare"),
    Need.AGREEMENT_SIGN: lazy_("Sign"),
    Need.AGREEMENT_COUNTERSIGN: lazy_("Countersign"),
    Need.PUBLICATION: lazy_("Publish"),
}
"""Events of the audit trail that the page tells as a story."""

LEGAL_FORMS = {
    "association": lazy_("association"),
    "volunteer_organisation": lazy_("voluntary organisation (ODV)"),
    "social_promotion_association": lazy_("social promotion association (APS)"),
    "social_cooperative": lazy_("social cooperative"),
    "foundation": lazy_("foundation"),
    "church_body": lazy_("church body"),
    "social_enterprise": lazy_("social enterprise"),
    "ngo": lazy_("non-governmental organisation"),
    "informal_group": lazy_("informal group"),
    "temporary_association": lazy_("temporary association (ATS)"),
}
CHECKS = {
    "declarations": lazy_("declarations of the application"),
    "state_aid": lazy_("State aid"),
    "exclusions": lazy_("grounds for exclusion"),
}
"""The checks of always, as the trail names them."""
