"""Changing maturity: moments planned, ratings saved and given, warnings raised and seen. Never commits."""

from portal.coaching.maturity.operations.planning import plan_assessments
from portal.coaching.maturity.operations.rating import finalise_rating, save_rating
from portal.coaching.maturity.operations.refusals import AlreadyFinal, NotOpenYet, StaleRating, TeamIsGone
from portal.coaching.maturity.operations.warning import look_for_warnings, see_warning

__all__ = [
    "AlreadyFinal",
    "NotOpenYet",
    "StaleRating",
    "TeamIsGone",
    "finalise_rating",
    "look_for_warnings",
    "plan_assessments",
    "save_rating",
    "see_warning",
]
