"""Refusals of an operation, shown in the form that asked for it: what was typed stays, the field is named."""

from typing import Any

from portal.core.errors import InvalidForm, Refusal
from portal.core.web.errors import status_of


def show_refusal(form: Any, refusal: Refusal) -> int:
    """Put the message of a refusal beside its field, or at the head of the form; return the status to answer."""
    errors = refusal.errors if isinstance(refusal, InvalidForm) else {refusal.field: refusal.message}
    for name, message in errors.items():
        field = form._fields.get(name) if name else None
        if field is None:
            form.form_errors.append(str(message))
        else:
            field.errors = [*field.errors, str(message)]
    return status_of(refusal)
