"""A coach's teams, and the page of one of them."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching import queries
from portal.coaching.accompaniment.queries import accompaniments_of
from portal.coaching.views.blueprint import bp
from portal.coaching.views.shown import shown_of
from portal.core.unit_of_work import reading
from portal.core.web import page


@bp.get("/coaching")
@declares(Action.COACHING_LIST)
def mine() -> ResponseReturnValue:
    """The teams of a coach, with hours and last contact."""
    with reading() as session:
        actor = current_actor()
        return page(
            "coaching/mine.html", teams=queries.teams_of(session, actor), phases=accompaniments_of(session, actor)
        )


@bp.get("/engagements/<uuid:engagement_id>")
@declares(Action.COACHING_READ)
def show(engagement_id: UUID) -> ResponseReturnValue:
    """One team: hours used, what comes next, sessions newest first, the log."""
    with reading() as session:
        return page("coaching/show.html", **shown_of(session, engagement_id))
