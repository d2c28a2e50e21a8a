"""What somebody typed into a form that cannot be taken now: it goes back to them, whole, to be sent again.

Passwords, codes and secrets never come back; a file cannot, so its field is shown again with the name it had.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.core.unit_of_work import KEY, KEY_FIELD

FILES_AGAIN = "proof_files"
"""In a form that came back: which files must be chosen again."""
NEVER_BACK = re.compile(r"csrf_token|idempotency_key|current|proof_.*|.*(password|secret|token).*")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form as pairs; the file fields that held files, each with their names; the key of the form.

    Sent again under its own key it is still the same form.
    """

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, tuple[str, ...]], ...] = ()
    key: str | None = None

    def __bool__(self) -> bool:
        return bool(self.fields or self.files)


def typed_in_form() -> Typed:
    """What this request's form said."""
    key = request.form.get(KEY_FIELD, "")
    files = {
        name: tuple(str(file.filename) for file in request.files.getlist(name) if file.filename)
        for name in request.files
    }
    again = {name: tuple(request.form.getlist(f"{FILES_AGAIN}:{name}")) for name in request.form.getlist(FILES_AGAIN)}
    return Typed(
        fields=tuple(pair for pair in request.form.items(multi=True) if not NEVER_BACK.fullmatch(pair[0])),
        files=tuple((name, names) for name, names in (again | {k: v for k, v in files.items() if v}).items()),
        key=key if KEY.fullmatch(key) else None,
    )


def files_are_missing() -> bool:
    """Whether this form came back once, and a file that it had is not chosen again."""
    return any(
        not (chosen := request.files.get(name)) or not chosen.filename for name in request.form.getlist(FILES_AGAIN)
    )


def given_back(template: str, status: int, **context: Any) -> ResponseReturnValue:
    """A page that carries what was typed, in a form of its own to the same address (components/typed.html)."""
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    path = quote("/" + request.path.lstrip("/")) + query
    given = {"typed": typed_in_form(), "path": path} | context
    return render_template(template, **given), status
