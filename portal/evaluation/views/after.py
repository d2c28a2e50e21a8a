"""After the ranking, for the office: replies to observations, who leaves, the versions that follow."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.evaluation import operations
from portal.evaluation.after_forms import DepartureForm, RectifiedForm, ReplyForm, RescoreForm, ScrollForm
from portal.evaluation.afterwards import DepartureCause
from portal.evaluation.labels import CAUSE_LABELS, DEPARTURE_LABELS, DISCLOSURE_LABELS, KIND_LABELS
from portal.evaluation.queries.after import AfterPage, after_page
from portal.evaluation.queries.observing import observation_for_reply
from portal.evaluation.views.blueprint import bp

LABELS = {"causes": CAUSE_LABELS, "departures": DEPARTURE_LABELS, "states": DISCLOSURE_LABELS, "kinds": KIND_LABELS}


@bp.get("/manage/phases/<uuid:phase_id>/after-the-ranking")
@declares(Action.RANKING_READ)
def after(phase_id: UUID) -> ResponseReturnValue:
    """Everything that follows the publication."""
    return _shown(phase_id)


@bp.post("/manage/phases/<uuid:phase_id>/departures")
@declares(Action.RANKING_PUBLISH)
def depart(phase_id: UUID) -> ResponseReturnValue:
    """Record that a winner leaves."""
    form = DepartureForm()
    with reading() as session:
        _offer(form, after_page(session, current_actor(), phase_id))
    if not form.validate():
        return _shown(phase_id, 422, departure_form=form)
    return _done(phase_id, form, "departure_form", _("Recorded. Run the ranking down again when all of them are."),
                 operations.record_departure, application_id=UUID(form.reference.data),
                 cause=DepartureCause(form.cause.data), reason=form.reason.data,
                 act_number=form.act_number.data, act_date=form.act_date.data)  # fmt: skip


@bp.post("/manage/phases/<uuid:phase_id>/scroll-down")
@declares(Action.RANKING_COMPUTE)
def scroll(phase_id: UUID) -> ResponseReturnValue:
    """Run the ranking down again over what came free."""
    form = ScrollForm()
    if not form.validate():
        return _shown(phase_id, 422, scroll_form=form)
    return _done(phase_id, form, "scroll_form", _("The new version is computed: read it, then publish it by its act."),
                 operations.scroll_down, phase_id=phase_id, why=form.why.data)  # fmt: skip


@bp.post("/manage/phases/<uuid:phase_id>/now-for-then")
@declares(Action.RANKING_COMPUTE)
def rescore(phase_id: UUID) -> ResponseReturnValue:
    """Compute the ranking of then with the scores that a judgment reopened."""
    form = RescoreForm()
    if not form.validate():
        return _shown(phase_id, 422, rescore_form=form)
    return _done(phase_id, form, "rescore_form", _("The new version is computed: read it, then publish it by its act."),
                 operations.score_now_for_then, phase_id=phase_id, judgment=form.judgment.data,
                 why=form.rescored_why.data)  # fmt: skip


@bp.post("/manage/phases/<uuid:phase_id>/rectified/<uuid:ranking_id>")
@declares(Action.RANKING_PUBLISH)
def publish_rectified(phase_id: UUID, ranking_id: UUID) -> ResponseReturnValue:
    """Put the new version in the place of the final one."""
    form = RectifiedForm()
    if not form.validate():
        return _shown(phase_id, 422, rectified_form=form)
    return _done(phase_id, form, "rectified_form", _("The new version is published."), operations.publish_rectified,
                 ranking_id=ranking_id, act_number=form.rectified_act_number.data,
                 act_date=form.rectified_act_date.data)  # fmt: skip


@bp.get("/observations/<uuid:observation_id>")
@declares(Action.OBSERVATION_REPLY)
def observation(observation_id: UUID) -> ResponseReturnValue:
    """What an applicant wrote, and the reply."""
    return _observation(observation_id, ReplyForm(formdata=None))


@bp.post("/observations/<uuid:observation_id>/reply")
@declares(Action.OBSERVATION_REPLY)
def reply(observation_id: UUID) -> ResponseReturnValue:
    """Reply, once."""
    form = ReplyForm()
    if not form.validate():
        return _observation(observation_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.reply_to_observation(
                session, observation_id=observation_id, is_accepted=form.decision.data == "yes", text=form.text.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _observation(observation_id, form, show_refusal(form, refusal))
    flash(_("The reply is registered and sent."))
    return go_to(url_for("evaluation.observation", observation_id=observation_id))


def _observation(observation_id: UUID, form: ReplyForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = observation_for_reply(session, observation_id, current_actor())
        return page("evaluation/observation.html", status, found=found, form=form, kinds=KIND_LABELS)


def _done(home: UUID, form: FlaskForm, name: str, words: str, operation: Any, **given: Any) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            operation(session, actor=current_actor(), now=now(), **given)
    except Refusal as refusal:
        return _shown(home, show_refusal(form, refusal), **{name: form})
    flash(words)
    return go_to(url_for("evaluation.after", phase_id=home))


def _shown(phase_id: UUID, status: int = 200, **forms: Any) -> ResponseReturnValue:
    with reading() as session:
        found = after_page(session, current_actor(), phase_id)
        departure_form = forms.get("departure_form") or _offer(DepartureForm(formdata=None), found)
        return page(
            "evaluation/after.html", status, found=found, form=next(iter(forms.values()), None) or departure_form,
            departure_form=departure_form, scroll_form=forms.get("scroll_form") or ScrollForm(formdata=None),
            rescore_form=forms.get("rescore_form") or RescoreForm(formdata=None),
            rectified_form=forms.get("rectified_form") or RectifiedForm(formdata=None), **LABELS,
        )  # fmt: skip


def _offer(form: DepartureForm, found: AfterPage) -> DepartureForm:
    form.reference.choices = [SelectChoice(str(each.id), f"{each.reference} · {each.title}") for each in found.winners]
    return form
