"""A report as it was sent: read on a page, or as a PDF."""

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.milestones.costs import queries
from portal.milestones.costs.sent import sent_pdf, sent_report
from portal.milestones.costs.views.bp import bp


@bp.get("/costs/<uuid:report_id>/versions/<uuid:cost_version_id>/read")
@declares(Action.COST_READ)
def read_version(report_id: UUID, cost_version_id: UUID) -> ResponseReturnValue:
    """One sending of a report, to be read."""
    with reading() as session:
        sent = sent_report(*queries.version_to_read(session, current_actor(), report_id, cost_version_id))
        return page("milestones/costs/sent.html", sent=sent, report=sent.report, grant=sent.report.grant)


@bp.get("/costs/<uuid:report_id>/versions/<uuid:cost_version_id>/pdf")
@declares(Action.COST_READ)
def version_pdf(report_id: UUID, cost_version_id: UUID) -> ResponseReturnValue:
    """The same as a PDF."""
    with reading() as session:
        sent = sent_report(*queries.version_to_read(session, current_actor(), report_id, cost_version_id))
        name = f"rendiconto-{sent.report.grant.reference}-{sent.report.number}-v{sent.version.number}.pdf"
        return Response(sent_pdf(sent), mimetype="application/pdf",
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip
