"""The part of coaching in the page of a grant."""

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.coaching.queries.reading import engagement_of
from portal.coaching.queries.teams import _sums
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.core.instants import format_day, format_hours
from portal.grants.models import Grant
from portal.grants.parts import GrantPart, PartLine


def grant_part(session: Session, actor: Actor, grant: Grant) -> GrantPart | None:
    """The coaching of a grant, on its page: coach and hours; a way to assign one for whoever may."""
    if not allowed(actor, Action.COACHING_READ, grant):
        return None
    engagement = engagement_of(session, grant.application_id)
    may_assign = engagement is None and allowed(actor, Action.COACH_ASSIGN, grant)
    lines = []
    if engagement is not None:
        used, waiting, last = _sums(session, [engagement.id]).get(engagement.id, (0, 0, None))
        state = _("%(used)s of %(all)s", used=format_hours(used), all=format_hours(engagement.allowance_minutes))
        note = _("last contact %(day)s", day=format_day(last)) if last else _("no session yet")
        tone = "progress" if waiting else "neutral"
        lines = [PartLine(engagement.coach.name, f"/engagements/{engagement.id}", state, tone, note)]
    return GrantPart(
        key="coaching",
        title=_("Coaching"),
        lines=tuple(lines),
        empty=_("No coach yet."),
        url=f"/applications/{grant.application_id}/coach" if may_assign else None,
        button=_("Assign a coach") if may_assign else None,
    )
