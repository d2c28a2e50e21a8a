"""One way for every form of a cost report: act, or show it again as it was typed."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask.typing import ResponseReturnValue

from portal.access.web import current_actor
from portal.core.clock import now
from portal.core.errors import Invalid, InvalidForm, Refusal
from portal.core.unit_of_work import unit_of_work
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

Again = Callable[[Any, int], ResponseReturnValue]
Files = AbstractContextManager[dict[str, Any]]


def act(
    operation: Any, form: Any, again: Again, leads_to: Callable[[Any], str], given: dict[str, Any] | None = None,
    files: Files | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Call the operation and go on; what it refuses of a field comes back beside the field."""
    if form is not None and not form.validate():
        return again(form, 422)
    try:
        with files or nullcontext({}) as found, unit_of_work() as session:
            done = operation(session, actor=current_actor(), now=now(), **(given or {}), **found)
            path = leads_to(done)
    except Refusal as refusal:
        if form is None or not (isinstance(refusal, InvalidForm | Invalid)):
            raise
        return again(form, show_refusal(form, refusal))
    return go_to(path)
