"""The pages of what changes in a grant."""

from portal.grants.changes.views.amendments import answer, change, withdraw
from portal.grants.changes.views.asking import ask, asking
from portal.grants.changes.views.ends import end
from portal.grants.changes.views.plan import plan_on
from portal.grants.changes.views.steps import changes, resume, suspend

__all__ = ["answer", "ask", "asking", "change", "changes", "end", "plan_on", "resume", "suspend", "withdraw"]
