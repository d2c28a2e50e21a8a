"""Early warnings: found by the rules of the call, raised once, set aside when their facts are over, then seen."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, authorise
from portal.coaching.maturity.queries.sheet import WITH_CALL
from portal.coaching.maturity.queries.standings import final_ratings, rules_of
from portal.coaching.maturity.rules import LIVE, LONGEST_NOTE
from portal.coaching.maturity.signals import Raised, Ratings, drops, gaps, overdue, silence
from portal.coaching.models import Assessment, CoachingSession, EarlyWarning, Engagement
from portal.coaching.rules import COUNTED
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.grants.apart import stand_apart
from portal.grants.late import Overdue, late_work
from portal.grants.models import Grant
from portal.grants.rules import GrantStatus, local_day


class AlreadySeen(Conflict):
    """Seen once; the note stays."""

    default = lazy_("This warning was seen already.")


def look_for_warnings(session: Session, *, now: datetime, grant_ids: Sequence[UUID] | None = None) -> int:
    """Raise what the rules find, for these grants or for all; returns how many are new. Five statements to find out."""
    query = select(Grant).options(*WITH_CALL).where(Grant.status.in_(LIVE))
    rated = select(Assessment.grant_id)
    query = query.where(Grant.id.in_(rated) if grant_ids is None else Grant.id.in_(grant_ids)).order_by(Grant.id)
    grants = [each for each in session.scalars(query) if rules_of(each) is not None]
    keys, today = [each.id for each in grants], local_day(now)
    ratings, contacts, late = final_ratings(session, keys), _contacts(session, keys), late_work(session, keys, today)
    standing = _standing(session, keys)
    new = 0
    for grant in grants:
        found = _found(grant, ratings.get(grant.id, {}), contacts.get(grant.id), late.get(grant.id, ()), today)
        new += _keep(session, grant, found, standing.get(grant.id, {}), now)
    return new


def see_warning(session: Session, *, warning_id: UUID, note: str, actor: Actor, now: datetime) -> EarlyWarning:
    """Somebody of the office has seen it, and says what they do about it.

    Raises NotFound, OwnOrganisation, AlreadySeen, Invalid.
    """
    query = select(EarlyWarning).where(EarlyWarning.id == warning_id).with_for_update(of=EarlyWarning)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.WARNING_SEE, found)
    stand_apart(actor=actor, organisation_id=found.grant.organisation_id)
    if found.seen_at is not None:
        raise AlreadySeen
    said = clean_text(note)
    if len(said) > LONGEST_NOTE:
        raise Invalid(lazy_("Write at most %(count)d characters.", count=LONGEST_NOTE), "note")
    found.seen_at, found.seen_by, found.note = now, actor.person_id, said or None
    record(session, at=now, actor=actor, event=Action.WARNING_SEE, subject=found, after={"kind": found.kind})
    return found


def _found(
    grant: Grant, ratings: Ratings, contact: date | None, late: Sequence[Overdue], today: date
) -> dict[str, Raised]:
    """Silence and what is overdue count while the project is under way alone."""
    declared = rules_of(grant)
    assert declared is not None
    rules = declared.warnings
    found = [*drops(rules, ratings), *gaps(rules, ratings)]
    if grant.status is GrantStatus.ACTIVE:
        found += [*silence(rules, contact, today), *overdue(rules, late, today)]
    return {each.mark: each for each in found}


def _keep(
    session: Session, grant: Grant, found: dict[str, Raised], standing: dict[str, EarlyWarning], now: datetime
) -> int:
    for mark, row in standing.items():
        is_over = mark not in found
        if is_over != (row.over_at is not None):
            row.over_at = now if is_over else None
    fresh = [
        EarlyWarning(authority_id=grant.authority_id, grant=grant, kind=each.kind, mark=mark,
                     figures=dict(each.figures), raised_at=now)
        for mark, each in found.items() if mark not in standing
    ]  # fmt: skip
    for row in fresh:
        session.add(row)
        session.flush()
        record(session, at=now, actor=SYSTEM, event="warning.raised", subject=row, after={"kind": row.kind})
    return len(fresh)


def _contacts(session: Session, grant_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The last session of each team that has a coach, else the day on which its coaching began."""
    query = (
        select(Grant.id, func.coalesce(func.max(CoachingSession.starts_at), func.max(Engagement.since)))
        .join(Engagement, Engagement.application_id == Grant.application_id)
        .outerjoin(
            CoachingSession,
            (CoachingSession.engagement_id == Engagement.id) & CoachingSession.status.in_(COUNTED),
        )
        .where(Grant.id.in_(grant_ids), Engagement.until.is_(None))
        .group_by(Grant.id)
    )
    return {key: local_day(contact) for key, contact in session.execute(query)}


def _standing(session: Session, grant_ids: Sequence[UUID]) -> dict[UUID, dict[str, EarlyWarning]]:
    query = select(EarlyWarning).options(joinedload(EarlyWarning.grant)).where(EarlyWarning.grant_id.in_(grant_ids))
    found: dict[UUID, dict[str, EarlyWarning]] = {}
    for row in session.scalars(query.order_by(EarlyWarning.id)):
        found.setdefault(row.grant_id, {})[row.mark] = row
    return found
