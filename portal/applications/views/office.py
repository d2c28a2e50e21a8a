"""The office: the checklist, the decision on admissibility, and what becomes of a reserve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.queries.likeness import likeness_count
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.admissibility_forms import (
    NO,
    NOTICE,
    RESERVE,
    YES,
    Looks,
    ReserveForm,
    admissibility_form,
)
from portal.applications.admission import Point
from portal.applications.queries import application_for
from portal.applications.queries.admissibility import Standing, facts_beside, looks_at, reserve_of, standing_of
from portal.applications.queries.elsewhere import points_of, who_takes_part_twice
from portal.applications.queries.integration import keys_missing, parity_of
from portal.applications.queries.reading import RegisteredVersion, version_of
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.get("/applications/<uuid:application_id>/admissibility")
@declares(Action.ADMISSIBILITY_DECIDE)
def admissibility(application_id: UUID) -> ResponseReturnValue:
    """The checklist, with what was computed beside each point."""
    with reading() as session:
        return _admissibility_page(session, _form(session, _found(session, application_id), formdata=None))


@bp.post("/applications/<uuid:application_id>/admissibility")
@declares(Action.ADMISSIBILITY_DECIDE)
def decide(application_id: UUID) -> ResponseReturnValue:
    """Record the decision, or keep the checklist as far as it goes."""
    is_kept = request.form.get("act") == "keep"
    with reading() as session:
        check = _form(session, _found(session, application_id))
        if not is_kept and not check.form.validate():
            return _admissibility_page(session, check, 422)
    try:
        (_keep if is_kept else _decide)(application_id, check.form)
    except Refusal as refusal:
        with reading() as session:
            again = replace(_form(session, _found(session, application_id)), form=check.form)
            return _admissibility_page(session, again, show_refusal(check.form, refusal))
    where = "applications.admissibility" if is_kept else "applications.show"
    return go_to(url_for(where, application_id=application_id))


@bp.get("/applications/<uuid:application_id>/reserve")
@declares(Action.ADMISSIBILITY_DECIDE)
def reserve(application_id: UUID) -> ResponseReturnValue:
    """The condition, and what becomes of it."""
    return _reserve_page(application_id, ReserveForm(None))


@bp.post("/applications/<uuid:application_id>/reserve")
@declares(Action.ADMISSIBILITY_DECIDE)
def decide_reserve(application_id: UUID) -> ResponseReturnValue:
    """Lift the reserve, or exclude the application."""
    form = ReserveForm()
    if not form.validate():
        return _reserve_page(application_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.decide_reserve(
                session, application_id=application_id, is_lifted=form.outcome.data == YES, reason=form.reason.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _reserve_page(application_id, form, show_refusal(form, refusal))
    return go_to(url_for("applications.show", application_id=application_id))


def _found(session: Session, application_id: UUID) -> RegisteredVersion:
    return version_of(session, application_for(session, application_id, current_actor(), Action.ADMISSIBILITY_DECIDE))


def _form(session: Session, found: RegisteredVersion, **given: Any) -> "_Check":
    """What the page shows, with its form: everything is looked for once."""
    applied = found.application
    is_over = now() > applied.phase.deadline.last_instant
    points, looks = points_of(session, applied), looks_at(session, applied) if is_over else {}
    standing = standing_of(session, applied, now())
    needs_notice = applied.design.admission.objection_days and not standing.notice
    form = admissibility_form(points, looks, [YES, RESERVE, NOTICE if needs_notice else NO], **given)
    return _Check(found, points, looks, standing, form)


@dataclass(frozen=True, slots=True)
class _Check:
    found: RegisteredVersion
    points: Sequence[Point]
    looks: Looks
    standing: Standing
    form: Any


def _keep(application_id: UUID, form: Any) -> None:
    given = form.given
    with unit_of_work() as session:
        operations.keep_checklist(
            session, application_id=application_id, checklist=given.checklist, notes=given.notes,
            actor=current_actor(), now=now(),
        )  # fmt: skip
    flash(_("The checklist was kept: nothing is decided yet."), "success")


def _decide(application_id: UUID, form: Any) -> None:
    given, decision = form.given, form.decision.data
    common = {"application_id": application_id, "checklist": given.checklist, "notes": given.notes,
              "reason": form.reason.data or "", "actor": current_actor(), "now": now()}  # fmt: skip
    with unit_of_work() as session:
        if decision == NOTICE:
            operations.notice_rejection(session, **common)
            flash(_("The notice was sent: the applicant may answer."), "success")
            return
        is_admissible, condition = decision in (YES, RESERVE), form.condition_wanted
        operations.decide_admissibility(session, **common, is_admissible=is_admissible, condition=condition)
    flash(_("The decision was recorded and the applicant was told."), "success")


def _admissibility_page(session: Session, check: _Check, status: int = 200) -> ResponseReturnValue:
    applied, standing, instant = check.found.application, check.standing, now()
    is_over = instant > applied.phase.deadline.last_instant
    partners = [UUID(each["id"]) for each in check.found.content["organisation"].get("partners", [])]
    missing = [] if standing.asked else keys_missing(session, applied)
    return page(
        "applications/admissibility.html", status, found=check.found, form=check.form, points=check.points,
        looks=check.looks, done=sum(point.key in check.looks for point in check.points),
        alike=likeness_count(session, applied.organisation_id, applied.authority_id),
        twice=who_takes_part_twice(session, applied), is_over=is_over, deadline=applied.phase.deadline,
        facts=facts_beside(session, [applied.organisation_id, *partners]) if is_over else [],
        asked=standing.asked, clock=standing.clock, notice_given=standing.notice, now=instant,
        parity=parity_of(session, applied, current_actor(), missing, None),
    )  # fmt: skip


def _reserve_page(application_id: UUID, form: ReserveForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = _found(session, application_id)
        kept = reserve_of(session, found.application)
        return page("applications/reserve.html", status, found=found, form=form, reserve=kept)
