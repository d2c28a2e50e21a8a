"""The recipient's answer to an award, and the way a grant goes after it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.grants.changes.rules import EndKind
from portal.grants.models import Grant, Incorporation
from portal.grants.operations.news import tell_office
from portal.grants.queries import grant_to_change
from portal.grants.rules import (
    DEFAULT_INCORPORATION_DAYS,
    VERIFY,
    WAIT_FOR_INCORPORATION,
    GrantStatus,
    local_day,
    require,
)

PROPOSED = frozenset({GrantStatus.PROPOSED})


class Renounced(Conflict):
    """Its own renunciation waits for the office."""

    default = lazy_("The recipient has renounced this grant: take the renunciation back first, then accept.")


def last_day_to_accept(*, application: Application, act_date: date) -> date | None:
    """Until when the recipient answers: the days of the call from the act; None where no answer is asked."""
    days = application.design.award.acceptance_days
    return act_date + timedelta(days=days) if days else None


def accept_grant(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> Grant:
    """Accept the grant: it goes on to its checks, or to the days in which a group becomes a legal entity.

    A term that has passed ends nothing by itself: until the office acts, a late acceptance is still an acceptance.
    Raises Renounced while its own renunciation is open.
    """
    grant = grant_to_change(session, actor, Action.GRANT_ANSWER, grant_id)
    require("accept", PROPOSED, grant.status)
    if grant.open_proceeding is not None and grant.open_proceeding.kind is EndKind.RENUNCIATION:
        raise Renounced
    before = grant.status
    grant.accepted_at, grant.accepted_by = now, actor.person_id
    send_on_its_way(session, grant=grant, now=now)
    late = grant.accept_by is not None and local_day(now) > grant.accept_by
    record(
        session, at=now, actor=actor, event=Action.GRANT_ANSWER, subject=grant, before={"status": before},
        after={"status": grant.status, "late": late},
    )  # fmt: skip
    message = lazy_("%(name)s has accepted its grant.", name=grant.organisation.name)
    tell_office(session, authority_id=grant.authority_id, message=message, path=f"/grants/{grant.id}", now=now)
    return grant


def send_on_its_way(session: Session, *, grant: Grant, now: datetime) -> None:
    """An entity is checked; an informal group first becomes one, within the days of the call from the act."""
    if not grant.organisation.is_informal:
        grant.make(VERIFY, at=now)
        return
    days = _days_to_incorporate(grant.application)
    session.add(Incorporation(grant_id=grant.id, due_on=grant.act_date + timedelta(days=days)))
    grant.make(WAIT_FOR_INCORPORATION, at=now)
    session.flush()
    session.refresh(grant, ["incorporation"])


def _days_to_incorporate(application: Application) -> int:
    organisation = application.organisation
    rule = application.design.rule_for(organisation.kind, organisation.legal_form)
    return (rule.must_incorporate_days if rule else None) or DEFAULT_INCORPORATION_DAYS
