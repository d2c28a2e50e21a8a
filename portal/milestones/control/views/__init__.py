"""The pages of the control: what to check first, one line, clarifications, the result."""

from portal.milestones.control.views import asking, lines, office, result
from portal.milestones.control.views.bp import bp

__all__ = ["asking", "bp", "lines", "office", "result"]
