"""The recipient's answer to the award."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.i18n import _
from portal.core.unit_of_work import unit_of_work
from portal.core.web.respond import go_to
from portal.grants import operations
from portal.grants.views.bp import bp


@bp.post("/grants/<uuid:grant_id>/accept")
@declares(Action.GRANT_ANSWER)
def accept(grant_id: UUID) -> ResponseReturnValue:
    """Accept the grant."""
    with unit_of_work() as session:
        operations.accept_grant(session, grant_id=grant_id, actor=current_actor(), now=now())
    flash(_("The grant is accepted. The office was told."))
    return go_to(url_for("grants.show", grant_id=grant_id))
