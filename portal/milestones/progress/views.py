"""The page on which a recipient says when it expects to reach a milestone."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.milestones.progress.forms import ForecastForm
from portal.milestones.progress.operations import expect_milestone
from portal.milestones.progress.queries import forecasts_of, standing
from portal.milestones.queries import milestone_to_read

bp = Blueprint("progress", __name__)


@bp.get("/milestones/<uuid:milestone_id>/expected")
@declares(Action.MILESTONE_FORECAST)
def expecting(milestone_id: UUID) -> ResponseReturnValue:
    """The day in force, that expected until now, and the form for another."""
    return _page(milestone_id, ForecastForm(None))


@bp.post("/milestones/<uuid:milestone_id>/expected")
@declares(Action.MILESTONE_FORECAST)
def expect(milestone_id: UUID) -> ResponseReturnValue:
    """Say another day."""
    form = ForecastForm()
    if not form.validate():
        return _page(milestone_id, form, 422)
    try:
        with unit_of_work() as session:
            expect_milestone(session, milestone_id=milestone_id, expected_on=form.expected_on.data,
                             reason=form.reason.data, actor=current_actor(), now=now())  # fmt: skip
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _page(milestone_id, form, show_refusal(form, refusal))
    return go_to(url_for("milestones.show", milestone_id=milestone_id))


def _page(milestone_id: UUID, form: Any, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        milestone = milestone_to_read(session, current_actor(), milestone_id)
        authorise(current_actor(), Action.MILESTONE_FORECAST, milestone)
        stands = standing(milestone, forecasts_of(session, milestone.id))
        return page("milestones/progress/expect.html", status, milestone=milestone, stands=stands, form=form)
