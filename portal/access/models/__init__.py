"""Tables of authorities, people and their sign-in, roles and ties, organisations."""

from portal.access.models.accounts import AccountLink, ExternalIdentity, LinkRequest, Passkey, RecoveryCode, Totp
from portal.access.models.authorities import Authority, IdentityProvider
from portal.access.models.members import ConsortiumPartner, Invitation, JoinRequest
from portal.access.models.organisations import (
    BankDetails,
    LikenessVerdict,
    OfferedFact,
    Organisation,
    OrganisationRegistration,
    VerifiedFact,
)
from portal.access.models.people import Person, SignInFailure, WebSession
from portal.access.models.privacy import OwnCopy, PrivacyRequest, RetentionWarning
from portal.access.models.roles import RoleGrant, RoleProposal, StaffInvitation, TieRow
from portal.access.models.seals import Seal

__all__ = [
    "AccountLink",
    "Authority",
    "BankDetails",
    "ConsortiumPartner",
    "ExternalIdentity",
    "IdentityProvider",
    "Invitation",
    "JoinRequest",
    "LikenessVerdict",
    "LinkRequest",
    "OfferedFact",
    "Organisation",
    "OrganisationRegistration",
    "OwnCopy",
    "Passkey",
    "Person",
    "PrivacyRequest",
    "RecoveryCode",
    "RetentionWarning",
    "RoleGrant",
    "RoleProposal",
    "Seal",
    "SignInFailure",
    "StaffInvitation",
    "TieRow",
    "Totp",
    "VerifiedFact",
    "WebSession",
]
