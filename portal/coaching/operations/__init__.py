"""Changing coaching: a coach for a team, sessions logged, confirmed or disputed. Never commits."""

from portal.coaching.operations.answering import confirm_session, confirm_silent, dispute_session
from portal.coaching.operations.changing import change_coach, change_terms
from portal.coaching.operations.engaging import engage_coach
from portal.coaching.operations.refusals import AlreadyConfirmed, HasACoach, NotFunded, Overlapping
from portal.coaching.operations.sessions import log_session
from portal.coaching.operations.withdrawing import withdraw_session

__all__ = [
    "AlreadyConfirmed",
    "HasACoach",
    "NotFunded",
    "Overlapping",
    "change_coach",
    "change_terms",
    "confirm_session",
    "confirm_silent",
    "dispute_session",
    "engage_coach",
    "log_session",
    "withdraw_session",
]
