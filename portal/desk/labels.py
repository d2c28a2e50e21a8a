"""Terms in words."""

from portal.core.i18n import _, ngettext
from portal.desk.rules import Urgency


def due_words(urgency: Urgency) -> str | None:
    """ "today", "in 2 days", "3 days late"; None without a term."""
    if urgency.days is None:
        return None
    if urgency.level == "overdue":
        days = -urgency.days
        return str(ngettext("%(num)d day late", "%(num)d days late", days) if days else _("late since today"))
    if urgency.days == 0:
        return str(_("today"))
    if urgency.days == 1:
        return str(_("tomorrow"))
    return str(ngettext("in %(num)d day", "in %(num)d days", urgency.days))
