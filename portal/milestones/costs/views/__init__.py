"""The pages of cost reports: those of a grant, one of them, a line, what is read in, the sending."""

from portal.milestones.costs.views import bringing, lines, reports, sending, sent, technical
from portal.milestones.costs.views.bp import bp

__all__ = ["bp", "bringing", "lines", "reports", "sending", "sent", "technical"]
