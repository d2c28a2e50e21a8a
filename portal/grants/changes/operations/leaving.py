"""A grant that is over leaves the ranking: whoever follows may be funded from what it freed."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.evaluation.afterwards import DepartureCause
from portal.evaluation.operations import depart_with_grant
from portal.grants.changes.rules import EndKind
from portal.grants.models import EndAct

CAUSES = {
    EndKind.RENUNCIATION: DepartureCause.RENUNCIATION,
    EndKind.FORFEITURE: DepartureCause.FORFEITURE,
    EndKind.REVOCATION: DepartureCause.REVOCATION,
}


def leave_the_ranking(session: Session, *, act: EndAct, actor: Actor, now: datetime) -> None:
    """Record the departure by the same act; nothing where the grant was lowered only."""
    cause = CAUSES.get(act.kind)
    if cause is None:
        return
    depart_with_grant(
        session, application_id=act.grant.application_id, cause=cause, reason=act.reason, act_number=act.act_number,
        act_date=act.act_date, actor=actor, now=now,
    )  # fmt: skip
