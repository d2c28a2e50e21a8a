"""Asking projects how they are after their end. Never commits."""

from portal.coaching.followup.operations.answering import Given, LinkIsOver, answer_follow_up
from portal.coaching.followup.operations.asking import AlreadyAnswered, ask_again, ask_those_due, plan_follow_ups

__all__ = [
    "AlreadyAnswered",
    "Given",
    "LinkIsOver",
    "answer_follow_up",
    "ask_again",
    "ask_those_due",
    "plan_follow_ups",
]
