"""A report is sent after its effect was shown; taken back; taken up again."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.documents.web import send_stored
from portal.milestones.costs import operations, queries
from portal.milestones.costs.forms import SendForm
from portal.milestones.costs.views.acting import act
from portal.milestones.costs.views.bp import bp
from portal.milestones.costs.views.reports import show_again
from portal.milestones.costs.views.technical_shown import links_to_mend
from portal.milestones.costs.views.words import WORDS

MOST_SHOWN = 100
"""Lines to be mended on one page: whoever has more begins with these."""


@bp.get("/costs/<uuid:report_id>/send")
@declares(Action.COST_SEND)
def effect(report_id: UUID) -> ResponseReturnValue:
    """What is sent, what it comes to, what is to be mended before."""
    with reading() as session:
        report = queries.report_to_read(session, current_actor(), report_id)
        authorise(current_actor(), Action.COST_SEND, report)
        whole = queries.whole_report(session, report)
        return page("milestones/costs/send.html", report=report, grant=report.grant, whole=whole,
                    to_mend=whole.to_mend[:MOST_SHOWN], has_costs=bool(whole.terms.categories or whole.costs),
                    missing=links_to_mend(whole.technical) if whole.technical else [], **WORDS)  # fmt: skip


@bp.post("/costs/<uuid:report_id>/send")
@declares(Action.COST_SEND)
def send(report_id: UUID) -> ResponseReturnValue:
    """Send it, with the amount that was shown."""
    form = SendForm()
    given = {"report_id": report_id, "seen_cents": form.seen.data}
    return _take(operations.send_report, report_id, form, given)


@bp.post("/costs/<uuid:report_id>/withdraw")
@declares(Action.COST_SEND)
def withdraw(report_id: UUID) -> ResponseReturnValue:
    """Take it back before its control begins."""
    return _take(operations.withdraw_report, report_id)


@bp.post("/costs/<uuid:report_id>/rewrite")
@declares(Action.COST_WRITE)
def rewrite(report_id: UUID) -> ResponseReturnValue:
    """Take up again what the office returned."""
    return _take(operations.rewrite_report, report_id)


@bp.get("/costs/<uuid:report_id>/versions/<uuid:cost_version_id>")
@declares(Action.COST_READ)
def version(report_id: UUID, cost_version_id: UUID) -> ResponseReturnValue:
    """The report as it was sent, whole."""
    with reading() as session:
        _report, found = queries.version_to_read(session, current_actor(), report_id, cost_version_id)
        return send_stored(found.file)


def _take(
    operation: Any, report_id: UUID, form: Any = None, given: dict[str, Any] | None = None
) -> ResponseReturnValue:
    return act(
        operation, form, lambda refused, status: show_again(report_id, refused, status),
        lambda _: url_for("costs.show", report_id=report_id), given or {"report_id": report_id},
    )  # fmt: skip
