"""The recipient is heard before an irregularity is closed (L. 241/1990)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.payments.irregularities.models import Irregularity
from portal.payments.irregularities.operations.opening import EVIDENCE
from portal.payments.irregularities.queries import irregularity_for, irregularity_seen
from portal.payments.irregularities.refusals import ClosedAlready
from portal.payments.irregularities.rules import LONGEST_DESCRIPTION, StepKind
from portal.payments.irregularities.steps import add_step, tell_the_office


def reply_rules(session: Session, *, irregularity_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the file of a reply, to whoever may send it."""
    irregularity_seen(session, irregularity_id, actor, Action.IRREGULARITY_REPLY)
    return EVIDENCE


def reply_to_irregularity(
    session: Session, *, irregularity_id: UUID, words: str, upload: Arrived | None = None, actor: Actor, now: datetime
) -> Irregularity:
    """What the recipient answers while it is open, also after its term; each reply stays beside the earlier ones."""
    row = irregularity_for(session, irregularity_id, actor, Action.IRREGULARITY_REPLY)
    if not row.is_open:
        raise ClosedAlready
    said = written(words, most=LONGEST_DESCRIPTION, field="words", empty=lazy_("Write your reply."))
    file = store_upload(session, upload=upload, rules=EVIDENCE, actor=actor, now=now) if upload else None
    session.flush()
    row.replied_at = now
    add_step(session, row, StepKind.REPLIED, actor=actor, now=now, words=said, file=file)
    record(session, at=now, actor=actor, event="irregularity.reply", subject=row, after={"reply": said})
    message = lazy_("%(name)s replied to an irregularity of its grant.", name=row.grant.organisation.name)
    tell_the_office(session, row, message=message, now=now)
    return row
