"""The maturity of a team: its page, the sheet of one's side, the office's answer to a warning."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching.maturity import labels, operations, queries
from portal.coaching.maturity.forms import NoteForm, Typed, typed
from portal.coaching.maturity.operations import StaleRating
from portal.coaching.maturity.pictures import radar_of, said_of, trend_of
from portal.coaching.maturity.rules import missing_levels
from portal.core.clock import now
from portal.core.errors import Invalid, InvalidForm, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import fragment_or_redirect, page, wants_fragment
from portal.core.web.errors import status_of
from portal.core.web.respond import go_to
from portal.grants.rules import local_day

bp = Blueprint("maturity", __name__)


@bp.get("/grants/<uuid:grant_id>/maturity")
@declares(Action.MATURITY_READ)
def show(grant_id: UUID) -> ResponseReturnValue:
    """Where the team stands, and how it got there."""
    return _team(grant_id)


@bp.get("/maturity/<uuid:assessment_id>")
@declares(Action.MATURITY_RATE)
def sheet(assessment_id: UUID) -> ResponseReturnValue:
    """The sheet of one's own side."""
    return _sheet(assessment_id)


@bp.post("/maturity/<uuid:assessment_id>")
@declares(Action.MATURITY_RATE)
def save(assessment_id: UUID) -> ResponseReturnValue:
    """Save the draft; what cannot be saved stays in the page."""
    given = typed(request.form)
    try:
        with unit_of_work() as session:
            operations.save_rating(
                session, assessment_id=assessment_id, levels=given.levels, words=given.words, version=given.version,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except (Invalid, StaleRating) as refusal:
        return _saved(assessment_id, given, refusal)
    return _saved(assessment_id, given)


@bp.get("/maturity/<uuid:assessment_id>/check")
@declares(Action.MATURITY_RATE)
def check(assessment_id: UUID) -> ResponseReturnValue:
    """What will be given, before it is."""
    return _check(assessment_id)


@bp.post("/maturity/<uuid:assessment_id>/final")
@declares(Action.MATURITY_RATE)
def finalise(assessment_id: UUID) -> ResponseReturnValue:
    """Give one's rating for good."""
    try:
        with unit_of_work() as session:
            rating = operations.finalise_rating(
                session, assessment_id=assessment_id, actor=current_actor(), now=now()
            )  # fmt: skip
            grant_id = rating.assessment.grant_id
    except InvalidForm as refusal:
        return _check(assessment_id, 422, refusal.errors)
    flash(_("The rating is given. Thank you."), "success")
    return go_to(url_for("maturity.show", grant_id=grant_id))


@bp.post("/warnings/<uuid:warning_id>/seen")
@declares(Action.WARNING_SEE)
def see(warning_id: UUID) -> ResponseReturnValue:
    """The office has seen a warning."""
    with unit_of_work() as session:
        grant_id = operations.see_warning(
            session, warning_id=warning_id, note=NoteForm().note.data or "", actor=current_actor(), now=now()
        ).grant_id
    flash(_("The warning is noted as seen."), "success")
    return go_to(url_for("maturity.show", grant_id=grant_id, _anchor="warnings"))


def _team(grant_id: UUID) -> ResponseReturnValue:
    with reading() as session:
        found = queries.team_page(session, current_actor(), grant_id, local_day(now()))
        return page(
            "coaching/maturity/team.html", found=found, radar=radar_of(found), trend=trend_of(found),
            said=said_of(found.grown.rules), labels=labels, note_form=NoteForm(None),
        )  # fmt: skip


def _sheet(assessment_id: UUID, given: Typed | None = None, refusal: Refusal | None = None) -> ResponseReturnValue:
    with reading() as session:
        found = queries.sheet_for(session, current_actor(), assessment_id)
        status = 200 if refusal is None else status_of(refusal)
        return page("coaching/maturity/sheet.html", status, **_shown(found, given, refusal))


def _saved(assessment_id: UUID, given: Typed, refusal: Refusal | None = None) -> ResponseReturnValue:
    """The version in place for an autosave; the page again, or the one that was asked for, without htmx."""
    if refusal is not None and not wants_fragment():
        return _sheet(assessment_id, given, refusal)
    wanted = "maturity.check" if request.form.get("then") == "check" else "maturity.sheet"
    with reading() as session:
        found = queries.sheet_for(session, current_actor(), assessment_id)
        return fragment_or_redirect(
            "coaching/maturity/_saved.html", otherwise=url_for(wanted, assessment_id=assessment_id),
            status=200 if refusal is None else status_of(refusal), **_shown(found, given, refusal),
        )  # fmt: skip


def _shown(found: queries.Sheet, given: Typed | None, refusal: Refusal | None) -> dict[str, Any]:
    rating = found.rating
    kept = Typed(rating.levels if rating else {}, rating.words if rating else {}, found.version)
    shown = given or kept
    return {"sheet": found, "levels": shown.levels, "words": shown.words, "labels": labels, "refusal": refusal}


def _check(assessment_id: UUID, status: int = 200, faults: dict[str, object] | None = None) -> ResponseReturnValue:
    with reading() as session:
        found = queries.sheet_for(session, current_actor(), assessment_id)
        levels = found.rating.levels if found.rating else {}
        return page(
            "coaching/maturity/check.html", status, sheet=found, labels=labels, faults=faults or {},
            missing=missing_levels(found.rules, levels), rating=found.rating,
        )  # fmt: skip
