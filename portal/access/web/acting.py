"""One step of somebody who is signed in: the form, the act, and where they stand afterwards."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.access.web.who import current_actor
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import unit_of_work
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

NO_FILE: AbstractContextManager[dict[str, Any]] = nullcontext({})


def step_taken(
    form: FlaskForm,
    act: Callable[..., object],
    *,
    again: Callable[[FlaskForm, int], ResponseReturnValue],
    then: str,
    file: AbstractContextManager[dict[str, Any]] = NO_FILE,
) -> ResponseReturnValue:
    """Act in a unit of work and go to `then`; a form that is refused comes back `again`, as it was typed.

    `act` takes the session and what stands in the form by itself; `file` adds what arrived with it. What is not there
    for this person stays not there (404).
    """
    if not form.validate():
        return again(form, 422)
    try:
        with file as given, unit_of_work() as session:
            act(session, actor=current_actor(), now=now(), **given)
    except NotFound:
        raise
    except Refusal as refusal:
        return again(form, show_refusal(form, refusal))
    return go_to(then)
