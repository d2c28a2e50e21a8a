"""Engagements and sessions; meetings of an accompaniment and who attended them."""

from portal.coaching.models.accompaniment import AccompanimentClosing, Attendance, Meeting
from portal.coaching.models.engagement import Engagement
from portal.coaching.models.session import CoachingSession

__all__ = ["AccompanimentClosing", "Attendance", "CoachingSession", "Engagement", "Meeting"]
