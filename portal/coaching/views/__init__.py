"""The pages of coaching: a coach's teams, one team's sessions, the answers of the team, the choice of a coach."""

from portal.coaching.views import answering, assigning, logging, teams
from portal.coaching.views.blueprint import bp

__all__ = ["answering", "assigning", "bp", "logging", "teams"]
