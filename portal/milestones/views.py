"""The pages of milestones: the plan of a grant, one milestone with its reports, their evidence, the decision."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import fragment_or_redirect, page, wants_fragment
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.models import FileSignature
from portal.documents.queries import signatures_of
from portal.documents.receiving import arriving
from portal.documents.web import listed, send_stored
from portal.grants.rules import local_day
from portal.milestones import operations, queries
from portal.milestones.forms import AcceptForm, PlanForm, ReportForm, ReturnForm, report_form
from portal.milestones.labels import LABELS, TONES
from portal.milestones.models import Milestone
from portal.milestones.progress.queries import targets_of
from portal.milestones.progress.shown import milestone_shown, plan_shown

bp = Blueprint("milestones", __name__)
NO_FILES: AbstractContextManager[dict[str, Any]] = nullcontext({})


@bp.get("/grants/<uuid:grant_id>/plan")
@declares(Action.MILESTONE_READ)
def plan(grant_id: UUID) -> ResponseReturnValue:
    """The milestones of a grant, in order."""
    with reading() as session:
        grant, milestones = queries.plan_to_read(session, current_actor(), grant_id)
        return page("milestones/plan.html", grant=grant, milestones=milestones, labels=LABELS, tones=TONES,
                    progress=plan_shown(session, grant, milestones, local_day(now())))  # fmt: skip


@bp.get("/milestones/<uuid:milestone_id>")
@declares(Action.MILESTONE_READ)
def show(milestone_id: UUID) -> ResponseReturnValue:
    """One milestone: its reports by version, the evidence, what may be done now."""
    with reading() as session:
        return page("milestones/show.html", **_context(session, milestone_id))


@bp.get("/milestones/<uuid:milestone_id>/files/<uuid:file_id>")
@declares(Action.MILESTONE_READ)
def download(milestone_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """A file of a report."""
    with reading() as session:
        return send_stored(queries.evidence_to_read(session, current_actor(), milestone_id, file_id))


@bp.post("/milestones/<uuid:milestone_id>/plan")
@declares(Action.MILESTONE_PLAN)
def change_plan(milestone_id: UUID) -> ResponseReturnValue:
    """Change title, deliverable or day."""
    form = PlanForm()
    if not form.validate():
        return _again(milestone_id, form, 422)
    given = {"title": form.title.data, "deliverable": form.deliverable.data, "due_on": form.due_on.data}
    return _act(milestone_id, form, operations.plan_milestone, given)


@bp.post("/milestones/<uuid:milestone_id>/reports")
@declares(Action.REPORT_SUBMIT)
def report(milestone_id: UUID) -> ResponseReturnValue:
    """Send a report with its evidence."""
    with reading() as session:
        asked = targets_of(session, queries.milestone_to_read(session, current_actor(), milestone_id))
    form = report_form(asked)()
    if not form.validate():
        return _again(milestone_id, form, 422)
    given = {"narrative": form.narrative.data, "reached": form.reached}
    return _act(milestone_id, form, operations.submit_report, given, _evidence(milestone_id, form))


@bp.post("/milestones/<uuid:milestone_id>/return")
@declares(Action.REPORT_RETURN)
def send_back(milestone_id: UUID) -> ResponseReturnValue:
    """Send the report back with what is missing."""
    form = ReturnForm()
    if not form.validate():
        return _again(milestone_id, form, 422)
    return _act(
        milestone_id, form, operations.return_report, {"reason": form.reason.data, "version": form.version.data}
    )


@bp.post("/milestones/<uuid:milestone_id>/accept")
@declares(Action.REPORT_ACCEPT)
def accept(milestone_id: UUID) -> ResponseReturnValue:
    """Accept the report that was read."""
    form = AcceptForm()
    form.validate()
    with unit_of_work() as session:
        operations.accept_report(
            session, milestone_id=milestone_id, actor=current_actor(), now=now(), version=form.version.data
        )
    return _done(milestone_id)


@contextmanager
def _evidence(milestone_id: UUID, form: ReportForm) -> Iterator[dict[str, Any]]:
    asked = partial(operations.evidence_rules, milestone_id=milestone_id, actor=current_actor())
    with arriving(form.evidence.data or [], asked) as found:
        yield {"uploads": found}


def _act(
    milestone_id: UUID, form: Any, operation: Any, given: dict[str, Any],
    files: AbstractContextManager[dict[str, Any]] = NO_FILES,
) -> ResponseReturnValue:  # fmt: skip
    """Call the operation; what it refuses in a field comes back as it was typed."""
    try:
        with files as found, unit_of_work() as session:
            operation(session, milestone_id=milestone_id, actor=current_actor(), now=now(), **given, **found)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _again(milestone_id, form, show_refusal(form, refusal))
    if isinstance(form, ReportForm):
        return go_to(url_for("milestones.show", milestone_id=milestone_id))
    return _done(milestone_id)


def _done(milestone_id: UUID) -> ResponseReturnValue:
    otherwise = url_for("milestones.show", milestone_id=milestone_id)
    with reading() as session:
        shown = _context(session, milestone_id) if wants_fragment() else {}
        return fragment_or_redirect("milestones/_card.html", otherwise=otherwise, **shown)


def _again(milestone_id: UUID, form: Any, status: int) -> ResponseReturnValue:
    with reading() as session:
        shown = _context(session, milestone_id, form)
        return page("milestones/_card.html" if wants_fragment() else "milestones/show.html", status, **shown)


def _context(session: Any, milestone_id: UUID, form: Any = None) -> dict[str, Any]:
    milestone = queries.milestone_to_read(session, current_actor(), milestone_id)
    version = milestone.report.version if milestone.report else None
    signatures = signatures_of(session, [row.file for each in milestone.reports for row in each.evidence])
    targets = targets_of(session, milestone)
    return {
        "milestone": milestone,
        "form": form,
        "report_form": form if isinstance(form, ReportForm) else report_form(targets)(None),
        "return_form": form if isinstance(form, ReturnForm) else ReturnForm(None, data={"version": version}),
        "plan_form": form if isinstance(form, PlanForm) else PlanForm(None, obj=milestone),
        "files": {each.id: _files(milestone, each, signatures) for each in milestone.reports},
        "label": LABELS[milestone.status],
        "tone": TONES[milestone.status],
        **milestone_shown(session, milestone, targets),
    }


def _files(milestone: Milestone, report: Any, signatures: dict[UUID, list[FileSignature]]) -> list[dict[str, Any]]:
    return [
        listed(
            each.file,
            url=url_for("milestones.download", milestone_id=milestone.id, file_id=each.file_id),
            signatures=signatures.get(each.file_id, []),
        )
        for each in report.evidence
    ]
