"""What a data protection officer has to do: requests about personal data, each with its term."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.labels import REQUEST_KINDS
from portal.access.queries.own_data import open_requests
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.notices.rules import DueStep


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """Requests that wait for an answer, by their term."""
    return [
        DueStep(
            what=_("Answer a request about personal data: %(kind)s", kind=REQUEST_KINDS[request.kind]),
            why=_("People get their answer within a month (GDPR art. 12(3))."),
            button=_("Answer"),
            path=f"/manage/privacy/requests/{request.id}",
            by=request.due_at,
        )
        for request in open_requests(session, actor)
    ]
