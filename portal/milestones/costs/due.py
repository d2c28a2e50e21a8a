"""What cost reports ask of people: a returned one is mended; one that was begun is finished."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.access.models import Organisation
from portal.access.policy import Tie
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules import CostReportStatus
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

WRITING_TIES = (Tie.OWNER, Tie.EDITOR, Tie.REPORTER)


def cost_asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Of recipients; what the office controls is asked by its control."""
    teams = {tied for tie in WRITING_TIES for tied in actor.objects_tied_as(tie)}
    if teams:
        yield _asked(teams, CostReportStatus.RETURNED, _mend)
        yield _asked(teams, CostReportStatus.DRAFT, _finish)


def _asked(teams: set[Any], status: CostReportStatus, step: Any) -> Ask:
    columns = line(id=CostReport.id, name=Grant.reference, more=Organisation.name, number=CostReport.number)
    query = (
        select(*columns).select_from(CostReport).join(Grant, Grant.id == CostReport.grant_id)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(Grant.organisation_id.in_(teams), CostReport.status == status)
    )  # fmt: skip
    return Ask(query, (CostReport.status_at, CostReport.id), step)


def _mend(found: Any) -> DueStep:
    return DueStep(
        what=_("Mend cost report %(number)d", number=found.number), button=_("Mend"), path=f"/costs/{found.id}",
        why=_("The office has written what is missing."), place=f"{found.name} · {found.more}",
    )  # fmt: skip


def _finish(found: Any) -> DueStep:
    return DueStep(
        what=_("Finish cost report %(number)d and send it", number=found.number), button=_("Go on"),
        path=f"/costs/{found.id}", why=_("Costs count once the office has controlled them."),
        place=f"{found.name} · {found.more}",
    )  # fmt: skip
