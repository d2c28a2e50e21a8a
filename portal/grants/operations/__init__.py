"""Changing grants: award, verification or incorporation, CUP, agreement, publication."""

from portal.grants.operations.agreement import (
    countersign_agreement,
    prepare_agreement,
    sign_agreement,
    signed_copy_rules,
)
from portal.grants.operations.award import award_all, award_grant
from portal.grants.operations.early import confirm_entity_early, deed_rules_early, record_entity_early
from portal.grants.operations.entity import (
    confirm_incorporation,
    confirm_verification,
    deed_rules,
    record_incorporation,
)
from portal.grants.operations.publication import publish_grant, record_cup

__all__ = [
    "award_all",
    "award_grant",
    "confirm_entity_early",
    "confirm_incorporation",
    "confirm_verification",
    "countersign_agreement",
    "deed_rules",
    "deed_rules_early",
    "prepare_agreement",
    "publish_grant",
    "record_cup",
    "record_entity_early",
    "record_incorporation",
    "sign_agreement",
    "signed_copy_rules",
]
