"""Ticking a next step off, putting it off, giving it up."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import InputRequired

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching.models import NextStep
from portal.coaching.next_steps import operations
from portal.core.clock import now
from portal.core.i18n import lazy_
from portal.core.unit_of_work import unit_of_work
from portal.core.web.respond import go_to

bp = Blueprint("next_steps", __name__, url_prefix="/next-steps")


class CarryForm(FlaskForm):  # type: ignore[misc]
    """Until when a step is put off."""

    due_on = DateField(lazy_("By when"), validators=[InputRequired(lazy_("Choose a day to come."))])


@bp.post("/<uuid:next_step_id>/done")
@declares(Action.NEXT_STEP_SETTLE)
def tick(next_step_id: UUID) -> ResponseReturnValue:
    """It is done; back to where it was ticked off."""
    with unit_of_work() as session:
        row = operations.tick_off(session, next_step_id=next_step_id, actor=current_actor(), now=now())
    return _back(row)


@bp.post("/<uuid:next_step_id>/drop")
@declares(Action.NEXT_STEP_SETTLE)
def drop(next_step_id: UUID) -> ResponseReturnValue:
    """It is not done any more."""
    with unit_of_work() as session:
        row = operations.drop_step(session, next_step_id=next_step_id, actor=current_actor(), now=now())
    return _back(row)


@bp.post("/<uuid:next_step_id>/carry-over")
@declares(Action.NEXT_STEP_SETTLE)
def carry(next_step_id: UUID) -> ResponseReturnValue:
    """Put it off to a later day."""
    form = CarryForm()
    due_on = form.due_on.data if form.validate() else None
    with unit_of_work() as session:
        row = operations.carry_over(session, next_step_id=next_step_id, due_on=due_on, actor=current_actor(), now=now())
    return _back(row)


def _back(row: NextStep) -> ResponseReturnValue:
    page = url_for("coaching.show", engagement_id=row.engagement_id) + "#next-steps"
    return go_to(page if request.form.get("from") == "team" else "/desk")
