"""What every act on an irregularity leaves behind, and who is told."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.access.queries import people_with_role
from portal.core.actor import Actor
from portal.core.errors import Forbidden
from portal.core.i18n import in_both
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.grants.operations.news import tell_team
from portal.grants.rules import local_day
from portal.notices.operations import notify
from portal.payments.irregularities.models import Irregularity, IrregularityStep
from portal.payments.irregularities.rules import StepKind

OFFICE = (Role.OFFICER, Role.FINANCE_MAKER, Role.FINANCE_APPROVER)


def add_step(
    session: Session, row: Irregularity, kind: StepKind, *, actor: Actor, now: datetime, words: str | None = None,
    file: StoredFile | None = None,
) -> IrregularityStep:  # fmt: skip
    """Add to the story of an irregularity."""
    if actor.person_id is None:
        raise Forbidden
    step = IrregularityStep(
        irregularity_id=row.id, kind=kind, made_at=now, made_by=actor.person_id, words=words,
        file_id=file.id if file else None,
    )  # fmt: skip
    session.add(step)
    session.flush()
    session.expire(row, ["steps"])
    return step


def reply_term(grant: Grant, now: datetime) -> date:
    """Until when the recipient is heard, as its call says."""
    return local_day(now) + timedelta(days=grant.call.design.payments.irregularity_reply_days)


def tell_recipient(
    session: Session, row: Irregularity, *, message: object, now: datetime, template: str | None = None
) -> None:
    """A line in the inbox of the team, and a mail where a template is given."""
    tell_team(
        session, organisation_id=row.grant.organisation_id, message=message, path=f"/irregularities/{row.id}", now=now,
        template=template, irregularity=row, grant=row.grant,
    )  # fmt: skip


def tell_the_office(session: Session, row: Irregularity, *, message: object, now: datetime) -> None:
    """A line in the inbox of officers and finance."""
    people = {each.id for role in OFFICE for each in people_with_role(session, role, row.authority_id, now)}
    notify(session, people=sorted(people), text=in_both(message), path=f"/irregularities/{row.id}", now=now)
