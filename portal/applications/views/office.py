"""The office: the applications of a call, and the decision on admissibility."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.queries.likeness import likeness_count
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.admission import suggested_points
from portal.applications.forms import YES, AdmissibilityForm, admissibility_form
from portal.applications.queries import InboxWanted, inbox_of, registered_version
from portal.applications.queries.elsewhere import who_takes_part_twice
from portal.applications.queries.reading import RegisteredVersion
from portal.applications.rules import ApplicationStatus
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Invalid, InvalidForm
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to


@bp.get("/manage/calls/<slug>/applications")
@declares(Action.APPLICATION_LIST)
def inbox(slug: str) -> ResponseReturnValue:
    """What came in for a call."""
    with reading() as session:
        found = inbox_of(session, slug, current_actor(), _wanted())
        return page("applications/inbox.html", found=found, rows=found.rows, statuses=list(ApplicationStatus))


@bp.get("/applications/<uuid:application_id>/admissibility")
@declares(Action.ADMISSIBILITY_DECIDE)
def admissibility(application_id: UUID) -> ResponseReturnValue:
    """The checklist, with what was computed beside each point."""
    with reading() as session:
        found = registered_version(session, application_id, current_actor(), Action.ADMISSIBILITY_DECIDE)
        form = admissibility_form(suggested_points(found.application), formdata=None)
        return _admissibility_page(found, form)


@bp.post("/applications/<uuid:application_id>/admissibility")
@declares(Action.ADMISSIBILITY_DECIDE)
def decide(application_id: UUID) -> ResponseReturnValue:
    """Record the decision."""
    with reading() as session:
        found = registered_version(session, application_id, current_actor(), Action.ADMISSIBILITY_DECIDE)
        form = admissibility_form(suggested_points(found.application))
        if not form.validate():
            return _admissibility_page(found, form, 422)
    try:
        _decide(application_id, form)
    except Invalid as refusal:
        _show_beside(form, refusal)
        with reading() as session:
            found = registered_version(session, application_id, current_actor(), Action.ADMISSIBILITY_DECIDE)
            return _admissibility_page(found, form, 422)
    flash(_("The decision was recorded and the applicant was told."), "success")
    return go_to(url_for("applications.show", application_id=application_id))


def _decide(application_id: UUID, form: AdmissibilityForm) -> None:
    others = {"decision", "reason", "csrf_token"}
    checklist = {field.name: field.data == YES for field in form if field.name not in others}
    with unit_of_work() as session:
        operations.decide_admissibility(
            session, application_id=application_id, is_admissible=form.decision.data == YES, checklist=checklist,
            reason=form.reason.data, actor=current_actor(), now=now(),
        )  # fmt: skip


def _show_beside(form: Any, refusal: Invalid) -> None:
    errors = refusal.errors if isinstance(refusal, InvalidForm) else {refusal.field: refusal.message}
    for name, message in errors.items():
        if name in form:
            form[name].errors = [str(message)]


def _admissibility_page(found: RegisteredVersion, form: AdmissibilityForm, status: int = 200) -> ResponseReturnValue:
    deadline, applied = found.application.phase.deadline, found.application
    with reading() as session:
        alike = likeness_count(session, applied.organisation_id, applied.authority_id)
        return page(
            "applications/admissibility.html", status, found=found, form=form, alike=alike,
            twice=who_takes_part_twice(session, applied), points=suggested_points(applied),
            is_over=now() > deadline.last_instant, deadline=deadline,
        )  # fmt: skip


def _wanted() -> InboxWanted:
    """The page asked for; what cannot be read asks for the first page of all."""
    status = request.args.get("status", "")
    known = {each.value for each in ApplicationStatus}
    return InboxWanted(
        status=ApplicationStatus(status) if status in known else None,
        after=_key("after"),
        before=_key("before"),
    )


def _key(name: str) -> UUID | None:
    try:
        return UUID(request.args[name]) if name in request.args else None
    except ValueError:
        return None
