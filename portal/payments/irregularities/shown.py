"""What the page of one irregularity shows to this person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.core.actor import Actor
from portal.documents.models import StoredFile
from portal.documents.web import listed
from portal.grants.queries import is_of_the_team
from portal.grants.rules import local_day
from portal.payments.irregularities.models import Irregularity, IrregularityStep
from portal.payments.irregularities.queries import irregularity_seen, standing_recovery
from portal.payments.irregularities.rules import OFFICE_STEPS, IrregularityOutcome
from portal.payments.recoveries.models import Recovery


@dataclass(frozen=True, slots=True)
class IrregularityPage:
    """One irregularity, its story, the money asked back for it, and what can be said of it now."""

    row: Irregularity
    story: list[IrregularityStep]
    files: dict[Any, dict[str, Any]]
    recovery: Recovery | None
    is_heard: bool
    closes: tuple[IrregularityOutcome, ...]
    is_own: bool
    today: date


def irregularity_page(session: Session, irregularity_id: Any, actor: Actor, now: datetime) -> IrregularityPage:
    """The page, for whoever may read it; or NotFound."""
    row = irregularity_seen(session, irregularity_id, actor, Action.IRREGULARITY_READ)
    office = allowed(actor, Action.IRREGULARITY_LIST, row)
    today = local_day(now)
    recovery, is_heard = standing_recovery(session, row.id), row.is_heard_on(today)
    return IrregularityPage(
        row=row, story=[step for step in row.steps if office or step.kind not in OFFICE_STEPS],
        files={each.id: _listed(row, each) for each in (row.file, *(step.file for step in row.steps)) if each},
        recovery=recovery, is_heard=is_heard, closes=_closes(recovery, is_heard=is_heard), today=today,
        is_own=row.was_opened_by(actor.person_id) or is_of_the_team(actor, row.grant.organisation_id),
    )  # fmt: skip


def _closes(recovery: Recovery | None, *, is_heard: bool) -> tuple[IrregularityOutcome, ...]:
    if recovery is not None:
        return (IrregularityOutcome.RECOVERED,) if is_heard else ()
    return (IrregularityOutcome.UNFOUNDED, *((IrregularityOutcome.MENDED,) if is_heard else ()))


def _listed(row: Irregularity, file: StoredFile) -> dict[str, Any]:
    return listed(file, url=url_for("irregularities.download", irregularity_id=row.id, file_id=file.id))
