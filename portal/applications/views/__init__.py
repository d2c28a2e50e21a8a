"""The pages of applications: writing, attaching, sending, and the office's side."""

from portal.applications.views import attaching, office, sending, taking_back, writing
from portal.applications.views.blueprint import bp

__all__ = ["attaching", "bp", "office", "sending", "taking_back", "writing"]
