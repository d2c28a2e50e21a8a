"""Changing milestones: planned with the grant, reported with evidence, returned or accepted. Never commits."""

from portal.milestones.operations.deciding import accept_report, return_report
from portal.milestones.operations.planning import plan_milestone, plan_milestones
from portal.milestones.operations.refusals import GrantNotActive, OtherVersion
from portal.milestones.operations.reporting import evidence_rules, submit_report

__all__ = [
    "GrantNotActive",
    "OtherVersion",
    "accept_report",
    "evidence_rules",
    "plan_milestone",
    "plan_milestones",
    "return_report",
    "submit_report",
]
