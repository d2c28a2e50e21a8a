"""What an applicant does with its outcome: write observations while they are open, take the letter."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web.arrival import arrived_at
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.web import send_stored
from portal.evaluation import operations
from portal.evaluation.after_forms import ObservationForm
from portal.evaluation.afterwards import ObservationKind
from portal.evaluation.queries.outcomes import letter_of
from portal.evaluation.views.blueprint import bp
from portal.evaluation.views.ranking import outcome_shown


@bp.post("/applications/<uuid:application_id>/outcome/observations")
@declares(Action.OBSERVATION_SEND)
def observe(application_id: UUID) -> ResponseReturnValue:
    """Write on the provisional result."""
    received_at, form = arrived_at(), ObservationForm()
    if not form.validate():
        return outcome_shown(application_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.send_observation(
                session, application_id=application_id, kind=ObservationKind(form.kind.data), text=form.text.data,
                actor=current_actor(), received_at=received_at, now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return outcome_shown(application_id, form, show_refusal(form, refusal))
    flash(_("What you wrote is registered. The office replies before the ranking becomes final."))
    return go_to(url_for("evaluation.outcome", application_id=application_id))


@bp.get("/outcomes/letters/<uuid:letter_id>")
@declares(Action.OUTCOME_READ)
def letter(letter_id: UUID) -> ResponseReturnValue:
    """The letter of outcome."""
    with reading() as session:
        return send_stored(letter_of(session, current_actor(), letter_id).file)
