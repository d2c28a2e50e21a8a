"""The result of a control, for its recipient too."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.documents.web import send_stored
from portal.milestones.control.letters import less_of
from portal.milestones.control.queries import control_of, letter_of
from portal.milestones.control.shown import WORDS
from portal.milestones.control.views.bp import bp
from portal.milestones.control.words import category_names, method_words, projection_words
from portal.milestones.costs.queries import report_to_read


@bp.get("/costs/<uuid:report_id>/result")
@declares(Action.COST_READ)
def result(report_id: UUID) -> ResponseReturnValue:
    """What stands, line by line where it is less than was charged; nothing before the approval."""
    with reading() as session:
        report = report_to_read(session, current_actor(), report_id)
        control = control_of(session, report) if report.accepted_cents is not None else None
        shown: dict[str, Any] = {
            "control": control, "less": less_of(session, control), "letter": letter_of(session, report),
            "method": method_words(control.sample),
            "projection": projection_words(control), "names": category_names(session, report),
        } if control else {"control": None}  # fmt: skip
        return page("milestones/control/result.html", report=report, grant=report.grant, **shown, **WORDS)


@bp.get("/costs/<uuid:report_id>/result.pdf")
@declares(Action.COST_READ)
def letter(report_id: UUID) -> ResponseReturnValue:
    """The letter."""
    with reading() as session:
        found = letter_of(session, report_to_read(session, current_actor(), report_id))
        if found is None:
            raise NotFound
        return send_stored(found.file)
