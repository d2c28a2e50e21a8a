"""Grants, incorporations and agreements."""

from portal.grants.models.agreement import Agreement
from portal.grants.models.aid import ActivityFinding, AidEntry, UndertakingLink
from portal.grants.models.amending import Amendment, AmendmentFile
from portal.grants.models.checking import CheckFinding, SampleDraw
from portal.grants.models.ending import EndAct, Proceeding
from portal.grants.models.grant import Grant
from portal.grants.models.incorporation import Incorporation, IncorporationTick
from portal.grants.models.library import LibraryText, LibraryVersion
from portal.grants.models.planning import PlanVersion
from portal.grants.models.publication import GrantPublication
from portal.grants.models.signing import AgreementArticle, AgreementSignature
from portal.grants.models.suspending import Suspension

__all__ = [
    "ActivityFinding",
    "Agreement",
    "AgreementArticle",
    "AgreementSignature",
    "AidEntry",
    "Amendment",
    "AmendmentFile",
    "CheckFinding",
    "EndAct",
    "Grant",
    "GrantPublication",
    "Incorporation",
    "IncorporationTick",
    "LibraryText",
    "LibraryVersion",
    "PlanVersion",
    "Proceeding",
    "SampleDraw",
    "Suspension",
    "UndertakingLink",
]
