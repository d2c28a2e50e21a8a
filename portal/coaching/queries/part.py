"""The part of coaching in the page of a grant."""

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.coaching.queries.coached import coached_of
from portal.coaching.rules import Coached
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.core.instants import format_day, format_hours
from portal.grants.models import Grant
from portal.grants.parts import GrantPart, PartLine


def grant_part(session: Session, actor: Actor, grant: Grant) -> GrantPart | None:
    """The coaching of a grant, on its page: coach and hours; a way to assign one for whoever may."""
    if not allowed(actor, Action.COACHING_READ, grant):
        return None
    found = coached_of(session, [grant.application_id]).get(grant.application_id, Coached())
    may_assign = found.coach is None and allowed(actor, Action.COACH_ASSIGN, grant)
    lines = []
    if found.coach is not None:
        state = _("%(used)s of %(all)s", used=format_hours(found.used), all=format_hours(found.allowance))
        note = _("last contact %(day)s", day=format_day(found.last_on)) if found.last_on else _("no session yet")
        tone = "progress" if found.waiting else "neutral"
        lines = [PartLine(found.coach, f"/engagements/{found.engagement_id}", state, tone, note)]
    return GrantPart(
        key="coaching",
        title=_("Coaching"),
        lines=tuple(lines),
        empty=_("No coach yet."),
        url=f"/applications/{grant.application_id}/coach" if may_assign else None,
        button=_("Assign a coach") if may_assign else None,
    )
