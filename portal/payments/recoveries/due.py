"""What recoveries ask of people: the recipient returns an instalment, finance looks after late ones."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.access.policy import Role, Tie
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant
from portal.grants.rules import end_of_day, local_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep
from portal.payments.recoveries.models import Recovery, RecoveryInstalment
from portal.payments.recoveries.rules import RecoveryStatus


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """The next instalment of each recovery; of the office's, those that are late."""
    soonest = func.min(RecoveryInstalment.due_on)
    query = (
        select(*line(id=Recovery.grant_id, day=soonest, more=Application.title))
        .select_from(RecoveryInstalment)
        .join(Recovery, Recovery.id == RecoveryInstalment.recovery_id)
        .join(Grant, Grant.id == Recovery.grant_id)
        .join(Application, Application.id == Grant.application_id)
        .where(Recovery.status == RecoveryStatus.DECIDED)
        .where(RecoveryInstalment.until_here_cents > Recovery.returned_cents)
        .group_by(Recovery.id, Recovery.grant_id, Application.title)
    )
    if owned := actor.objects_tied_as(Tie.OWNER):
        yield Ask(query.where(Grant.organisation_id.in_(owned)), (soonest, Recovery.id), _to_return)
    if homes := actor.authorities_as(Role.FINANCE_MAKER):
        late = query.where(Recovery.authority_id.in_(homes), RecoveryInstalment.due_on < local_day(now))
        yield Ask(late, (soonest, Recovery.id), _late)


def _to_return(found: Any) -> DueStep:
    return DueStep(
        what=_("Return money of the grant"), button=_("Read how much"), path=f"/grants/{found.id}/recoveries",
        by=end_of_day(found.day), place=found.more,
    )  # fmt: skip


def _late(found: Any) -> DueStep:
    return DueStep(
        what=_("Money to be returned is late"), button=_("Take a look"), path=f"/grants/{found.id}/recoveries",
        by=end_of_day(found.day), place=found.more,
    )  # fmt: skip
