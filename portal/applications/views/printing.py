"""A whole application on paper: as it stands in the draft, or as it was sent."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.models import Application
from portal.applications.queries import application_for, draft_for, registered_version
from portal.applications.views.blueprint import bp
from portal.applications.views.lent import setting_of
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.questionnaires.fields import answers_read


@bp.get("/applications/<uuid:application_id>/print")
@declares(Action.APPLICATION_READ)
def on_paper(application_id: UUID) -> ResponseReturnValue:
    """Every answer one after the other, without the frame of the portal."""
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.APPLICATION_READ)
        if application.is_draft or application.submission is None:
            return _draft(session, application)
        found = registered_version(session, application_id, current_actor())
        return page("applications/paper_sent.html", found=found, application=application)


def _draft(session: Session, application: Application) -> ResponseReturnValue:
    """What was never sent is its team's alone."""
    opened = draft_for(session, application.id, current_actor())
    setting, filled = setting_of(session, opened), opened.draft.filled
    sections = [
        (each, answers_read(filled, each.questions, setting)) for each in filled.sections if filled.is_shown(each)
    ]
    return page(
        "applications/paper_draft.html", application=application, opened=opened, sections=sections, instant=now()
    )
