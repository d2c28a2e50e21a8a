"""The pages of the checks before signing: the list, one check, closing the list; the draw of a sample."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _, ngettext
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.receiving import one_arriving
from portal.documents.web import send_stored
from portal.grants import operations, queries
from portal.grants.checking.forms import CheckForm, SampleForm
from portal.grants.checking.labels import STANDINGS, TONES
from portal.grants.checking.queries import checklist_of, evidence_of
from portal.grants.checking.sampling import samples_of
from portal.grants.rules import local_day

bp = Blueprint("checks", __name__)


@bp.get("/grants/<uuid:grant_id>/checks")
@declares(Action.CHECK_READ)
def index(grant_id: UUID) -> ResponseReturnValue:
    """Every check with where it stands, its evidence and who looked at it."""
    with reading() as session:
        grant = queries.grant_to_read(session, current_actor(), grant_id)
        authorise(current_actor(), Action.CHECK_READ, grant)
        states = checklist_of(session, grant, local_day(now()))
        return page("grants/checks.html", grant=grant, states=states, standings=STANDINGS, tones=TONES)


@bp.get("/grants/<uuid:grant_id>/checks/<key>")
@declares(Action.CHECK_RECORD)
def show(grant_id: UUID, key: str) -> ResponseReturnValue:
    """The form of one check."""
    return _form_page(grant_id, key, CheckForm(None))


@bp.post("/grants/<uuid:grant_id>/checks/<key>")
@declares(Action.CHECK_RECORD)
def record(grant_id: UUID, key: str) -> ResponseReturnValue:
    """Write down what was found."""
    form = CheckForm()
    if not form.validate():
        return _form_page(grant_id, key, form, 422)
    asked = partial(operations.evidence_rules, grant_id=grant_id, actor=current_actor())
    try:
        with one_arriving(form.file.data or None, asked) as file, unit_of_work() as session:
            operations.record_check(
                session, grant_id=grant_id, key=key, typed=form.typed(file), actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        return _form_page(grant_id, key, form, show_refusal(form, refusal))
    return go_to(url_for("checks.index", grant_id=grant_id))


@bp.post("/grants/<uuid:grant_id>/checks-closed")
@declares(Action.CHECK_RECORD)
def close(grant_id: UUID) -> ResponseReturnValue:
    """Close the list."""
    with unit_of_work() as session:
        operations.close_checks(session, grant_id=grant_id, actor=current_actor(), now=now())
    flash(_("The checks are complete: the agreement can follow."))
    return go_to(url_for("grants.show", grant_id=grant_id))


@bp.get("/grants/<uuid:grant_id>/checks/files/<uuid:file_id>")
@declares(Action.CHECK_READ)
def download(grant_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """The evidence of a finding."""
    with reading() as session:
        return send_stored(evidence_of(session, current_actor(), grant_id, file_id))


@bp.get("/manage/calls/<slug>/sample")
@declares(Action.CALL_MANAGE)
def sample(slug: str) -> ResponseReturnValue:
    """The draws of a call, each with its seed, and what waits to be drawn."""
    return _sample_page(slug, SampleForm(None))


@bp.post("/manage/calls/<slug>/sample/<key>")
@declares(Action.SAMPLE_DRAW)
def draw(slug: str, key: str) -> ResponseReturnValue:
    """Draw."""
    form = SampleForm()
    if not form.validate():
        return _sample_page(slug, form, 422)
    try:
        with unit_of_work() as session:
            drawn = operations.draw_sample(
                session, slug=slug, key=key, seed=form.seed.data, actor=current_actor(), now=now()
            )
            flash(ngettext("%(num)d grant drawn.", "%(num)d grants drawn.", len(drawn.drawn)))
    except Refusal as refusal:
        return _sample_page(slug, form, show_refusal(form, refusal))
    return go_to(url_for("checks.sample", slug=slug))


def _form_page(grant_id: UUID, key: str, form: CheckForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        grant = queries.grant_to_read(session, current_actor(), grant_id)
        authorise(current_actor(), Action.CHECK_RECORD, grant)
        found = [each for each in checklist_of(session, grant, local_day(now())) if each.check.key == key]
        if not found:
            raise NotFound
        return page(
            "grants/check.html", status, grant=grant, state=found[0], form=form.fit(found[0].check),
            standings=STANDINGS, tones=TONES,
        )  # fmt: skip


def _sample_page(slug: str, form: SampleForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        call = queries.call_by_slug(session, current_actor(), slug)
        return page("grants/sample.html", status, call=call, samples=samples_of(session, call), form=form)
