"""The words that every page of a cost report knows."""

from typing import Any

from portal.milestones.costs.labels import DOCUMENTS, FIELDS, FORMS, IMPORTS, LABELS, MEANS, ROLES, SOURCES, TONES

WORDS: dict[str, Any] = {
    "labels": LABELS, "tones": TONES, "cost_forms": FORMS, "documents": DOCUMENTS, "means": MEANS, "roles": ROLES,
    "sources": SOURCES, "import_words": IMPORTS, "field_words": FIELDS,
}  # fmt: skip
