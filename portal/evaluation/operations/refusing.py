"""Refusing to sign minutes: said once, with its reason, and kept beside the signatures of the others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.models import MinutesSignature
from portal.evaluation.operations.minutes import own_signature
from portal.evaluation.operations.sittings import tell_seats
from portal.evaluation.points import LONGEST_REASON
from portal.evaluation.queries.sittings import readable_minutes


def refuse_minutes(session: Session, *, minutes_id: UUID, reason: str, actor: Actor, now: datetime) -> MinutesSignature:
    """Refuse to sign the minutes, and say why: who sits is told, and nobody waits for that signature any more.

    Raises Invalid without a reason, NotToSign for whoever signed already or was not there.
    """
    found, _phase = readable_minutes(session, actor, minutes_id)
    authorise(actor, Action.MINUTES_SIGN, found.minutes)
    mine = own_signature(session, minutes_id=minutes_id, actor=actor)
    why = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write why you do not sign."))
    mine.refused_at, mine.refused_reason = now, why
    session.flush()
    record(session, at=now, actor=actor, event="minutes.refused", subject=found.minutes, reason=why,
           after={"person": str(actor.person_id)})  # fmt: skip
    sitting = found.minutes.sitting
    message = lazy_("%(name)s does not sign the minutes of session %(number)s.", name=actor.name, number=sitting.number)
    tell_seats(session, commission=sitting.commission, sitting=sitting, message=message, now=now)
    return mine
