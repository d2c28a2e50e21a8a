"""Changing milestones: planned with the grant, reported with evidence, returned or accepted. Never commits."""

from portal.milestones.operations.deciding import accept_report, return_report
from portal.milestones.operations.following import replan_milestone, waive_milestones
from portal.milestones.operations.planning import plan_milestone, plan_milestones
from portal.milestones.operations.refusals import GrantNotActive, OtherVersion, ReportedAlready
from portal.milestones.operations.reporting import evidence_rules, submit_report

__all__ = [
    "GrantNotActive",
    "OtherVersion",
    "ReportedAlready",
    "accept_report",
    "evidence_rules",
    "plan_milestone",
    "plan_milestones",
    "replan_milestone",
    "return_report",
    "submit_report",
    "waive_milestones",
]
