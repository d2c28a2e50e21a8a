"""The cost reports of a grant, and one of them."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.grants.rules import local_day
from portal.milestones.costs import operations, queries
from portal.milestones.costs.forms import PeriodForm
from portal.milestones.costs.views.acting import act
from portal.milestones.costs.views.bp import bp
from portal.milestones.costs.views.shown import report_context
from portal.milestones.costs.views.words import WORDS


@bp.get("/grants/<uuid:grant_id>/costs")
@declares(Action.COST_READ)
def index(grant_id: UUID) -> ResponseReturnValue:
    """The reports of a grant, and how to begin one."""
    return _index(grant_id)


@bp.post("/grants/<uuid:grant_id>/costs")
@declares(Action.COST_WRITE)
def start(grant_id: UUID) -> ResponseReturnValue:
    """Begin a report."""
    form = PeriodForm()
    given = {"grant_id": grant_id, "from_on": form.from_on.data, "until_on": form.until_on.data}
    return act(operations.start_report, form, lambda refused, status: _index(grant_id, refused, status), _page_of,
               given)  # fmt: skip


@bp.get("/costs/<uuid:report_id>")
@declares(Action.COST_READ)
def show(report_id: UUID) -> ResponseReturnValue:
    """One report: totals, lines, what is to be mended."""
    return show_again(report_id)


@bp.post("/costs/<uuid:report_id>/period")
@declares(Action.COST_WRITE)
def period(report_id: UUID) -> ResponseReturnValue:
    """Report the costs of other days."""
    form = PeriodForm()
    given = {"report_id": report_id, "from_on": form.from_on.data, "until_on": form.until_on.data}
    return act(operations.change_period, form, lambda refused, status: show_again(report_id, refused, status),
               _page_of, given)  # fmt: skip


def show_again(report_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    """The page of a report, with the form that was refused."""
    after = request.args.get("after", 0, type=int)
    category = request.args.get("category") or None
    with reading() as session:
        shown = report_context(session, report_id, after=after, category=category, refused=refused)
        return page("milestones/costs/show.html", status, **shown)


def _index(grant_id: UUID, refused: PeriodForm | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        grant, reports = queries.reports_to_read(session, current_actor(), grant_id)
        latest = reports[-1].until_on if reports else grant.starts_on
        form = refused or PeriodForm(None, data={"from_on": latest, "until_on": local_day(now())})
        is_open = queries.is_reported(grant) and not any(each.is_being_written or each.is_returned for each in reports)
        return page("milestones/costs/index.html", status, grant=grant, reports=reports, period_form=form,
                    form=refused, may_begin=is_open, **WORDS)  # fmt: skip


def _page_of(report: Any) -> str:
    return url_for("costs.show", report_id=report.id)
