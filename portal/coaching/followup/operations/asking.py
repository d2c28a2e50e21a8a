"""The questions after the end: planned with the project, sent when their day has come, sent again by the office."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, Tie, authorise
from portal.access.queries import people_tied, token_hash
from portal.coaching.followup.queries.office import WITH_PROJECT
from portal.coaching.followup.rules import opens_on
from portal.coaching.maturity.rules import LIVE
from portal.coaching.models import FollowUp, FollowUpLink
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import lazy_
from portal.core.mail import send_mail
from portal.grants.models import Grant
from portal.grants.rules import local_day


class AlreadyAnswered(Conflict):
    """One answer a question."""

    default = lazy_("This question was answered: no further link is sent.")


class NotTheTime(Conflict):
    """Nobody is asked before the day, nor about a grant that was taken away."""

    default = lazy_("The day of this question has not come, or the grant was over before its time.")


def plan_follow_ups(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> list[FollowUp]:
    """What the call asks after the end; questions that nobody was asked yet move with the end of the project."""
    grant = session.get_one(Grant, grant_id)
    rules = grant.call.design.follow_up
    if rules is None or grant.ends_on is None:
        return []
    query = select(FollowUp).options(selectinload(FollowUp.links)).where(FollowUp.grant_id == grant.id)
    standing = {each.months: each for each in session.scalars(query)}
    changed = []
    for months in (each.months for each in rules.moments):
        row, day = standing.get(months), opens_on(grant.ends_on, months)
        if row is None:
            row = FollowUp(authority_id=grant.authority_id, call_id=grant.call_id, grant=grant, months=months,
                           opens_on=day)  # fmt: skip
            session.add(row)
        elif row.links or row.opens_on == day:
            continue
        row.opens_on = day
        changed.append(row)
    if changed:
        after = {"days": [each.opens_on for each in changed]}
        record(session, at=now, actor=actor, event="follow_up.planned", subject=grant, after=after)
    return changed


def ask_those_due(session: Session, *, now: datetime) -> int:
    """Send the first link of every question whose day has come; returns how many were sent."""
    query = (
        select(FollowUp)
        .join(Grant, Grant.id == FollowUp.grant_id)
        .options(WITH_PROJECT, selectinload(FollowUp.links))
        .where(FollowUp.opens_on <= local_day(now), Grant.status.in_(LIVE), ~FollowUp.links.any())
        .order_by(FollowUp.opens_on, FollowUp.id)
    )
    due = session.scalars(query).all()
    for each in due:
        _send(session, each, actor=SYSTEM, now=now)
    return len(due)


def ask_again(session: Session, *, follow_up_id: UUID, actor: Actor, now: datetime) -> FollowUpLink:
    """Send a new link; the former ones open nothing any more. Raises NotFound, AlreadyAnswered, NotTheTime."""
    locked = select(FollowUp.id).where(FollowUp.id == follow_up_id).with_for_update()
    if session.scalars(locked).one_or_none() is None:
        raise NotFound
    query = select(FollowUp).options(WITH_PROJECT, selectinload(FollowUp.links), joinedload(FollowUp.answer))
    found = session.scalars(query.where(FollowUp.id == follow_up_id)).one()
    authorise(actor, Action.FOLLOW_UP_SEND, found)
    if found.answer is not None:
        raise AlreadyAnswered
    if found.opens_on > local_day(now) or found.grant.status not in LIVE:
        raise NotTheTime
    return _send(session, found, actor=actor, now=now)


def _send(session: Session, row: FollowUp, *, actor: Actor, now: datetime) -> FollowUpLink:
    for former in row.links:
        former.void_at = former.void_at or now
    rules = row.grant.call.design.follow_up
    token = secrets.token_urlsafe(32)
    link = FollowUpLink(
        follow_up=row, token_hash=token_hash(token), sent_at=now, sent_by=actor.person_id,
        expires_at=now + timedelta(days=rules.link_days if rules else 1),
    )  # fmt: skip
    session.add(link)
    session.flush()
    record(session, at=now, actor=actor, event=Action.FOLLOW_UP_SEND, subject=row, after={"link": link.id})
    for address, locale in _addresses(session, row.grant, now):
        send_mail(
            session, to=address, template="coaching/follow_up", locale=locale, now=now, link=link, row=row,
            path=f"/follow-up/{token}",
        )  # fmt: skip
    return link


def _addresses(session: Session, grant: Grant, now: datetime) -> list[tuple[str, str]]:
    """The organisation, and whoever represents it: each address once."""
    found = {grant.organisation.email.casefold(): "it"}
    for person in people_tied(session, grant.organisation_id, (Tie.OWNER,), now):
        found[person.email.casefold()] = person.locale
    return list(found.items())
