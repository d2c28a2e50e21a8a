"""Controlling costs: drawn, judged line by line, clarified, proposed by one person and approved by another."""

from portal.milestones.control.operations.asking import ask_clarification, close_clarification
from portal.milestones.control.operations.deciding import approve_control, propose_control, return_costs
from portal.milestones.control.operations.judging import accept_lines, answer_checklist, judge_line
from portal.milestones.control.operations.replying import reply_rules, reply_to_clarification
from portal.milestones.control.operations.starting import begin_control
from portal.milestones.control.operations.widening import widen_sample

__all__ = [
    "accept_lines",
    "answer_checklist",
    "approve_control",
    "ask_clarification",
    "begin_control",
    "close_clarification",
    "judge_line",
    "propose_control",
    "reply_rules",
    "reply_to_clarification",
    "return_costs",
    "widen_sample",
]
