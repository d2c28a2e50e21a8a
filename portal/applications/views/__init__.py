"""The pages of applications: writing, attaching, sending, and the office's side."""

from portal.applications.views import attaching, eligibility, office, sections, sending, taking_back, writing
from portal.applications.views.blueprint import bp

__all__ = ["attaching", "bp", "eligibility", "office", "sections", "sending", "taking_back", "writing"]
