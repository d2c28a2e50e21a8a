"""Changing grants after their award: requests, suspension, proceedings and acts. Never commits."""

from portal.grants.changes.operations.answering import grant_amendment, refuse_amendment, return_amendment
from portal.grants.changes.operations.asking import (
    amendment_files,
    ask_amendment,
    complete_amendment,
    withdraw_amendment,
)
from portal.grants.changes.operations.ending import ActTyped, end_grant
from portal.grants.changes.operations.planning import draw_plan, next_version
from portal.grants.changes.operations.proceeding import (
    declare_renunciation,
    drop_proceeding,
    open_proceeding,
    reply_rules,
    reply_to_proceeding,
    take_back_renunciation,
)
from portal.grants.changes.operations.suspending import resume_grant, suspend_grant

__all__ = [
    "ActTyped",
    "amendment_files",
    "ask_amendment",
    "complete_amendment",
    "declare_renunciation",
    "draw_plan",
    "drop_proceeding",
    "end_grant",
    "grant_amendment",
    "next_version",
    "open_proceeding",
    "refuse_amendment",
    "reply_rules",
    "reply_to_proceeding",
    "resume_grant",
    "return_amendment",
    "suspend_grant",
    "take_back_renunciation",
    "withdraw_amendment",
]
