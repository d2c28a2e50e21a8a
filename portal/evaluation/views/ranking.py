"""The public ranking, the numbers behind one row, and the applicant's own outcome."""

import json
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.i18n import _, in_language, locale
from portal.core.spreadsheets import csv_bytes
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.core.workbooks import xlsx_parts
from portal.evaluation.after_forms import ObservationForm
from portal.evaluation.declared import ranking_names
from portal.evaluation.labels import CAUSE_LABELS, KIND_LABELS, RANKING_LABELS, RANKING_TITLES, outcome_labels
from portal.evaluation.letters import REMEDIES
from portal.evaluation.lists import labels_of
from portal.evaluation.models import Ranking
from portal.evaluation.points import points_text, total_text
from portal.evaluation.queries.changes import changes_of
from portal.evaluation.queries.draws import draws_of_phase, visible_draw
from portal.evaluation.queries.elsewhere import is_chair_elsewhere
from portal.evaluation.queries.exporting import HEAD, ExportedRanking, exported_ranking
from portal.evaluation.queries.observing import observations_of, observed_ranking
from portal.evaluation.queries.outcomes import letters_of, may_see_why, outcome_page, why_page
from portal.evaluation.queries.rankings import ranking_page
from portal.evaluation.ranking import draw_steps
from portal.evaluation.terms import day_at, remedies_from
from portal.evaluation.views.blueprint import bp

KINDS = ("xlsx", "csv", "json")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
        rows = [] if is_chair_elsewhere(session, actor, found.ranking.phase) else found.all_rows
        explained = {row.id for row in rows if may_see_why(actor, found.ranking, row)}
        return page("evaluation/ranking.html", found=found, explained=explained, **_beside(session, found.ranking),
                    **_words(found.ranking))  # fmt: skip


def _beside(session: Session, ranking: Ranking) -> dict[str, Any]:
    """What stands on the page beside the rows."""
    return {
        "remedies": remedies_from(ranking.final_at) if ranking.final_at else None,
        "terms": in_language(ranking.phase.design.texts.get(REMEDIES)),
        "changes": changes_of(session, ranking),
        "list_labels": labels_of(selects=ranking.selects),
        "causes": CAUSE_LABELS,
        "draws": draws_of_phase(session, ranking.phase_id),
    }


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
    return outcome_shown(application_id, ObservationForm(formdata=None))


def outcome_shown(application_id: UUID, form: ObservationForm, status: int = 200) -> ResponseReturnValue:
    """The outcome with what was written on it, and the form to write more."""
    with reading() as session:
        found = outcome_page(session, current_actor(), application_id)
        written = observations_of(session, application_id)
        until = observed_ranking(session, application_id, day_at(now(), found.application.phase.zone))
        terms = in_language(found.application.design.texts.get(REMEDIES))
        return page(
            "evaluation/outcome.html", status, found=found, form=form, written=written, kinds=KIND_LABELS, terms=terms,
            open_ranking=until, letters=letters_of(session, application_id), **_words(found.ranking),
        )  # fmt: skip


@bp.get("/rankings/<uuid:ranking_id>/file")
@declares(Action.PUBLIC_READ)
def ranking_file(ranking_id: UUID) -> ResponseReturnValue:
    """A ranking as a table or for a machine (`format`): for everybody once it is published."""
    asked = request.args.get("format", "")
    kind = asked if asked in KINDS else "json"
    with reading() as session:
        found = exported_ranking(session, current_actor(), ranking_id)
        content, media_type = _written(found, kind)
    headers = {"Content-Disposition": f'attachment; filename="{found.name}.{kind}"'}
    return Response(content, content_type=media_type, headers=headers)


def _written(found: ExportedRanking, kind: str) -> tuple[bytes, str]:
    if kind == "json":
        return json.dumps(found.document(), ensure_ascii=False, indent=1).encode(), "application/json"
    if kind == "csv":
        return csv_bytes(HEAD, found.table()), CSV
    return b"".join(xlsx_parts(_("Ranking"), HEAD, found.table())), XLSX


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
