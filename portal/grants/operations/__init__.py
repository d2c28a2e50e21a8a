"""Changing grants: award, verification or incorporation, CUP, agreement, publication."""

from portal.grants.checking.operations import close_checks, evidence_rules, record_check
from portal.grants.checking.sampling import draw_sample
from portal.grants.operations.answering import accept_grant
from portal.grants.operations.award import award_all, award_grant
from portal.grants.operations.early import confirm_entity_early, deed_rules_early, record_entity_early
from portal.grants.operations.entity import (
    confirm_incorporation,
    deed_rules,
    record_incorporation,
)
from portal.grants.operations.publication import publish_grant, record_cup
from portal.grants.operations.stepping import step_rules, take_step

__all__ = [
    "accept_grant",
    "award_all",
    "award_grant",
    "close_checks",
    "confirm_entity_early",
    "confirm_incorporation",
    "deed_rules",
    "deed_rules_early",
    "draw_sample",
    "evidence_rules",
    "publish_grant",
    "record_check",
    "record_cup",
    "record_entity_early",
    "record_incorporation",
    "step_rules",
    "take_step",
]
