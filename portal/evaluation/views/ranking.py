"""The public ranking, the numbers behind one row, and the applicant's own outcome."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.evaluation.labels import OUTCOME_LABELS, RANKING_LABELS, RANKING_TITLES
from portal.evaluation.points import points_text, total_text
from portal.evaluation.queries.outcomes import may_see_why, outcome_page, why_page
from portal.evaluation.queries.rankings import ranking_page
from portal.evaluation.terms import remedies_from
from portal.evaluation.views.blueprint import bp

WORDS: dict[str, Any] = {
    "outcomes": OUTCOME_LABELS, "labels": RANKING_LABELS, "titles": RANKING_TITLES,
    "points_text": points_text, "total_text": total_text,
}  # fmt: skip


@bp.get("/rankings/<uuid:ranking_id>")
@declares(Action.PUBLIC_READ)
def ranking(ranking_id: UUID) -> ResponseReturnValue:
    """A ranking: for everybody once it is published."""
    actor = current_actor()
    with reading() as session:
        found = ranking_page(session, actor, ranking_id)
        explained = {row.id for row in found.all_rows if may_see_why(actor, found.ranking, row)}
        remedies = remedies_from(found.ranking.final_at) if found.ranking.final_at else None
        return page("evaluation/ranking.html", found=found, explained=explained, remedies=remedies, **WORDS)


@bp.get("/rankings/<uuid:ranking_id>/results/<uuid:application_id>")
@declares(Action.DESK_READ)
def why(ranking_id: UUID, application_id: UUID) -> ResponseReturnValue:
    """Every number of one row: for staff and for its own team."""
    with reading() as session:
        found = why_page(session, current_actor(), ranking_id, application_id)
        return page("evaluation/why.html", found=found, **WORDS)


@bp.get("/applications/<uuid:application_id>/outcome")
@declares(Action.OUTCOME_READ)
def outcome(application_id: UUID) -> ResponseReturnValue:
    """The applicant's own outcome."""
    with reading() as session:
        found = outcome_page(session, current_actor(), application_id)
        return page("evaluation/outcome.html", found=found, **WORDS)
