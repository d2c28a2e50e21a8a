"""The office's page of who scores what: a plan is worked out, looked at, put into force; single ones by hand."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _, ngettext
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page, wants_fragment
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.evaluation import operations
from portal.evaluation.assigning_forms import OneForm, PlanForm, TermsForm
from portal.evaluation.queries.assigning import AssigningPage, assigning_page
from portal.evaluation.queries.commissions import phase_of_call
from portal.evaluation.queries.desks import topics_known
from portal.evaluation.queries.distributing import home_of_assignment, home_of_distribution
from portal.evaluation.views.blueprint import bp


@bp.get("/manage/calls/<slug>/assignments")
@declares(Action.RANKING_READ)
def assignments(slug: str) -> ResponseReturnValue:
    """Loads, the plan that is open, and single assignments."""
    return _page(slug)


@bp.post("/manage/calls/<slug>/assignments")
@declares(Action.COMMISSION_APPOINT)
def assign(slug: str) -> ResponseReturnValue:
    """Have a plan worked out."""
    form = PlanForm()
    return _done(slug, form, _("The plan is being worked out."), lambda session: operations.ask_distribution(
        session, phase_id=_phase_id(session, slug), together=form.together.data, actor=current_actor(), now=now()
    ))  # fmt: skip


@bp.post("/distributions/<uuid:distribution_id>/confirm")
@declares(Action.COMMISSION_APPOINT)
def confirm_distribution(distribution_id: UUID) -> ResponseReturnValue:
    """Put a plan into force."""
    slug, phase = _home(home_of_distribution, distribution_id)
    try:
        with unit_of_work() as session:
            made = operations.confirm_distribution(
                session, distribution_id=distribution_id, actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        return _page(slug, show_refusal(form := PlanForm(), refusal), phase, plan=form)
    flash(ngettext("%(num)d assignment made.", "%(num)d assignments made.", len(made)))
    return go_to(url_for("evaluation.commission", slug=slug, phase=phase))


@bp.post("/distributions/<uuid:distribution_id>/set-aside")
@declares(Action.COMMISSION_APPOINT)
def set_aside_distribution(distribution_id: UUID) -> ResponseReturnValue:
    """Leave a plan."""
    slug, phase = _home(home_of_distribution, distribution_id)
    with unit_of_work() as session:
        operations.set_aside_distribution(session, distribution_id=distribution_id, actor=current_actor(), now=now())
    flash(_("The plan is set aside: nothing came of it."))
    return go_to(_address(slug, phase))


@bp.post("/manage/calls/<slug>/assignments/terms/<uuid:evaluator_id>")
@declares(Action.COMMISSION_APPOINT)
def evaluator_terms(slug: str, evaluator_id: UUID) -> ResponseReturnValue:
    """Keep the cap and the topics of an evaluator."""
    with reading() as session:
        topics = topics_known(phase_of_call(session, current_actor(), slug, _phase_key(), now())[1].design)
    form = TermsForm(prefix=prefix_of(evaluator_id)).offer(topics)
    return _done(slug, form, _("Saved: it holds from the next plan on."), lambda session: operations.set_terms(
        session, phase_id=_phase_id(session, slug), person_id=evaluator_id, most=form.most.data,
        topics=form.topics.data or (), actor=current_actor(), now=now(),
    ))  # fmt: skip


@bp.post("/manage/calls/<slug>/assignments/one")
@declares(Action.COMMISSION_APPOINT)
def assign_one(slug: str) -> ResponseReturnValue:
    """Give one application by hand."""
    with reading() as session:
        found = assigning_page(session, current_actor(), slug, _phase_key(), "", now())
    form = OneForm().offer([each.person for each in found.places])
    return _done(slug, form, _("The application is assigned."), lambda session: operations.assign_one(
        session, phase_id=_phase_id(session, slug), reference=form.reference.data, person_id=form.person.data,
        actor=current_actor(), now=now(),
    ))  # fmt: skip


@bp.post("/assignments/<uuid:assignment_id>/take-back")
@declares(Action.COMMISSION_APPOINT)
def take_back_assignment(assignment_id: UUID) -> ResponseReturnValue:
    """Take back what nobody has begun."""
    slug, phase = _home(home_of_assignment, assignment_id)
    with unit_of_work() as session:
        operations.take_back(session, assignment_id=assignment_id, actor=current_actor(), now=now())
    flash(_("The assignment is taken back."))
    return go_to(_address(slug, phase))


def _done(slug: str, form: FlaskForm, words: str, work: Any) -> ResponseReturnValue:
    """Check the form, do the work, lead back to the page; else the page with what to mend."""
    name = {PlanForm: "plan", TermsForm: "terms", OneForm: "one"}[type(form)]
    if not form.validate():
        return _page(slug, 422, **{name: form})
    try:
        with unit_of_work() as session:
            work(session)
    except Refusal as refusal:
        return _page(slug, show_refusal(form, refusal), **{name: form})
    flash(words)
    return go_to(_address(slug, _phase_key()))


def _page(slug: str, status: int = 200, phase: str | None = None, **forms: FlaskForm) -> ResponseReturnValue:
    with reading() as session:
        only = request.args.get("only", "")
        found = assigning_page(session, current_actor(), slug, phase or _phase_key(), only, now())
        template = "evaluation/_distribution.html" if wants_fragment() and not forms else "evaluation/assignments.html"
        return page(
            template, status, found=found, form=next(iter(forms.values()), PlanForm(formdata=None)),
            plan=forms.get("plan") or PlanForm(formdata=None), one=forms.get("one") or _one(found),
            terms_of=lambda place: _terms(found, place), only=only,
        )  # fmt: skip


def prefix_of(person_id: UUID) -> str:
    """Several forms of one shape stand on the page: each has names of its own."""
    return f"{person_id.hex}-"


def _one(found: AssigningPage) -> OneForm:
    return OneForm(formdata=None).offer([each.person for each in found.places])


def _terms(found: AssigningPage, place: Any) -> TermsForm:
    """The form of one evaluator as it stands; its fields have names of their own on the page."""
    terms = place.terms
    data = {"most": terms.most, "topics": terms.topics} if terms else {}
    form = TermsForm(formdata=None, data=data, prefix=prefix_of(place.person.id))
    return form.offer(topics_known(found.phase.design))


def _home(query: Any, key: UUID) -> tuple[str, str]:
    with reading() as session:
        slug, phase = query(session, current_actor(), key)
        return slug, phase


def _phase_key() -> str | None:
    return request.values.get("phase") or None


def _phase_id(session: Session, slug: str) -> UUID:
    return phase_of_call(session, current_actor(), slug, _phase_key(), now())[1].id


def _address(slug: str, phase: str | None) -> str:
    return url_for("evaluation.assignments", slug=slug, phase=phase)
