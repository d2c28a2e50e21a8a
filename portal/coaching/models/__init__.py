"""Engagements, sessions, what they lead to and are paid by; accompaniments; ratings, warnings, follow-up."""

from portal.coaching.models.accompaniment import AccompanimentClosing, Attendance, Meeting
from portal.coaching.models.agenda import Appointment, CalendarFeed, ProposedTime
from portal.coaching.models.coach import CoachConflict, CoachProfile
from portal.coaching.models.engagement import Engagement
from portal.coaching.models.followup import FollowUp, FollowUpAnswer, FollowUpIncome, FollowUpLink
from portal.coaching.models.maturity import Assessment, Rating
from portal.coaching.models.next_step import NextStep
from portal.coaching.models.note import CoachingNote
from portal.coaching.models.session import CoachingSession
from portal.coaching.models.statement import CoachStatement, StatementLine
from portal.coaching.models.warning import EarlyWarning

__all__ = [
    "AccompanimentClosing",
    "Appointment",
    "Assessment",
    "Attendance",
    "CalendarFeed",
    "CoachConflict",
    "CoachProfile",
    "CoachStatement",
    "CoachingNote",
    "CoachingSession",
    "EarlyWarning",
    "Engagement",
    "FollowUp",
    "FollowUpAnswer",
    "FollowUpIncome",
    "FollowUpLink",
    "Meeting",
    "NextStep",
    "ProposedTime",
    "Rating",
    "StatementLine",
]
