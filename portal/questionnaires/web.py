"""The address from which a municipality's name is completed while it is typed."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import declares
from portal.core.municipalities import municipalities_like

bp = Blueprint("questionnaires", __name__)
LONGEST_NAME = 60


@bp.get("/municipalities")
@declares(Action.PUBLIC_READ)
def municipalities() -> ResponseReturnValue:
    """The municipalities whose name begins with `begins`, at most ten, each with its province."""
    begun = request.args.get("begins", "")[:LONGEST_NAME]
    found = [each.label for each in municipalities_like(begun)]
    return {"municipalities": found}, {"Cache-Control": "public, max-age=86400"}
