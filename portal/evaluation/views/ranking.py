"""The public ranking, the numbers behind one row, and the applicant's own outcome."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.i18n import locale
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.evaluation.declared import ranking_names
from portal.evaluation.labels import RANKING_LABELS, RANKING_TITLES, outcome_labels
from portal.evaluation.models import Ranking
from portal.evaluation.points import points_text, total_text
from portal.evaluation.queries.draws import draws_of_phase, visible_draw
from portal.evaluation.queries.outcomes import may_see_why, outcome_page, why_page
from portal.evaluation.queries.rankings import ranking_page
from portal.evaluation.ranking import draw_steps
from portal.evaluation.terms import remedies_from
from portal.evaluation.views.blueprint import bp

WORDS: dict[str, Any] = {
    "labels": RANKING_LABELS, "titles": RANKING_TITLES,
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
        return page("evaluation/ranking.html", found=found, explained=explained, remedies=remedies,
                    draws=draws_of_phase(session, found.ranking.phase_id), **_words(found.ranking))  # fmt: skip


@bp.get("/rankings/<uuid:ranking_id>/results/<uuid:application_id>")
@declares(Action.DESK_READ)
def why(ranking_id: UUID, application_id: UUID) -> ResponseReturnValue:
    """Every number of one row: for staff and for its own team."""
    with reading() as session:
        found = why_page(session, current_actor(), ranking_id, application_id)
        return page("evaluation/why.html", found=found, **_words(found.ranking))


@bp.get("/applications/<uuid:application_id>/outcome")
@declares(Action.OUTCOME_READ)
def outcome(application_id: UUID) -> ResponseReturnValue:
    """The applicant's own outcome."""
    with reading() as session:
        found = outcome_page(session, current_actor(), application_id)
        return page("evaluation/outcome.html", found=found, **_words(found.ranking))


@bp.get("/draws/<uuid:draw_id>")
@declares(Action.PUBLIC_READ)
def draw(draw_id: UUID) -> ResponseReturnValue:
    """A draw for everybody: the lists with their hashes, then the seed and every step that repeats it."""
    with reading() as session:
        found = visible_draw(session, current_actor(), draw_id)
        steps = [list(draw_steps(each)) for each in found.draws]
        names = ranking_names(found.phase.design, locale())
        return page("evaluation/draw.html", draw=found, steps=steps, names=names)


def _words(ranking: Ranking | None) -> dict[str, Any]:
    return {**WORDS, "outcomes": outcome_labels(selects=ranking is not None and ranking.selects)}
