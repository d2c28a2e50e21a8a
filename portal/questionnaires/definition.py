"""A form as plain JSON and back, with its hash: what a revision stores."""

import hashlib
import json
from typing import Any

from pydantic import TypeAdapter

from portal.questionnaires.rules import Form

ADAPTER: TypeAdapter[Form] = TypeAdapter(Form)


def form_to_json(form: Form) -> dict[str, Any]:
    """The form as plain JSON; what a question does not say is left out."""
    plain: dict[str, Any] = ADAPTER.dump_python(form, mode="json", by_alias=True, exclude_none=True)
    return plain


def form_from_json(definition: dict[str, Any]) -> Form:
    """A stored form; it was valid when it was stored."""
    return ADAPTER.validate_python(definition)


def form_hash(definition: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
