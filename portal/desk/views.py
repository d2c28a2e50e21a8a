"""The first screen after signing in."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.labels import LABELS as APPLICATIONS
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.desk.labels import due_words
from portal.desk.navigation import home_of_work
from portal.desk.queries import desk_of
from portal.desk.rules import urgency
from portal.grants.labels import LABELS as GRANTS

bp = Blueprint("desk", __name__)


@bp.get("/desk")
@declares(Action.DESK_READ)
def show() -> ResponseReturnValue:
    """What do I do next?"""
    instant = now()
    with reading() as session:
        desk = desk_of(session, current_actor(), instant)
        g.place = desk.place
        steps = [(step, urgency(step.by, instant)) for step in desk.steps]
        return page(
            "desk/show.html", desk=desk, steps=[(s, u, due_words(u)) for s, u in steps], today=instant,
            home=home_of_work(), grant_label=GRANTS.__getitem__, application_label=APPLICATIONS.__getitem__,
        )  # fmt: skip
