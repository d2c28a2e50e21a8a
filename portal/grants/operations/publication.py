"""The CUP that every document of a grant carries, and the publication that makes the grant effective."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.grants.models import Grant
from portal.grants.queries import grant_to_change
from portal.grants.rules import BEFORE_AGREEMENT, OPEN, clean_cup, require


class AgreementCarriesIt(Conflict):
    """The agreement was prepared with the CUP of then."""

    default = lazy_("The agreement was signed with this CUP: it can no longer be changed here.")


class AlreadyPublished(Conflict):
    """A grant is published once."""

    default = lazy_("This grant is published already.")


def record_cup(session: Session, *, grant_id: UUID, cup: str, actor: Actor, now: datetime) -> Grant:
    """Record the CUP, before the agreement is signed. Raises Invalid for a code that is not one."""
    grant = grant_to_change(session, actor, Action.CUP_RECORD, grant_id)
    require("record_cup", BEFORE_AGREEMENT, grant.status)
    if grant.agreement is not None and grant.agreement.signed_at is not None:
        raise AgreementCarriesIt
    before, grant.cup = grant.cup, clean_cup(cup)
    record(
        session, at=now, actor=actor, event=Action.CUP_RECORD, subject=grant, before={"cup": before},
        after={"cup": grant.cup},
    )  # fmt: skip
    return grant


def publish_grant(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> Grant:
    """Publish the grant with the fields of art. 27 of D.Lgs. 33/2013: a condition of its effectiveness (art. 26)."""
    grant = grant_to_change(session, actor, Action.GRANT_PUBLISH, grant_id)
    require("publish", OPEN, grant.status)
    if grant.published_at is not None:
        raise AlreadyPublished
    grant.published_at = now
    record(session, at=now, actor=actor, event=Action.GRANT_PUBLISH, subject=grant, after={"published_at": now})
    return grant
