"""The blueprint of applications, and what its templates need."""

from flask import Blueprint

from portal.access.labels import FACTS, LEGAL_FORMS
from portal.applications.inbox.labels import ACTS, EFFECTS
from portal.applications.labels import LABELS, POINTS, TONES
from portal.applications.rules import DOCUMENTS

bp = Blueprint("applications", __name__)


@bp.context_processor
def words() -> dict[str, object]:
    """Statuses and points in words."""
    return {"status_labels": LABELS, "status_tones": TONES, "point_labels": POINTS, "DOCUMENTS": DOCUMENTS,
            "legal_forms": LEGAL_FORMS, "fact_labels": FACTS, "act_labels": ACTS, "act_effects": EFFECTS}  # fmt: skip
