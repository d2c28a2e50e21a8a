"""What changes ask of people: requests to decide or complete, replies and acts, suspensions past their day."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from portal.access.models import Organisation
from portal.access.policy import Role, Tie
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.changes.rules import AMENDABLE, OPEN_PROCEEDINGS, AmendmentStatus, EndKind, ProceedingStatus, Side
from portal.grants.models import Amendment, Grant, Proceeding, Suspension
from portal.grants.rules import end_of_day, local_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def changes_due(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Of the office and of recipients."""
    today = local_day(now)
    if offices := actor.authorities_as(Role.OFFICER):
        at_home = Grant.authority_id.in_(offices)
        own = Grant.organisation_id.not_in(actor.objects_tied_as(Tie.CONFLICTED))
        yield _requests(actor, at_home & own, AmendmentStatus.REQUESTED, _decide)
        yield _requests(actor, at_home & (Amendment.side == Side.OFFICE), AmendmentStatus.RETURNED, _complete)
        yield _acts(at_home & own, today)
        yield _suspended(at_home & own, today)
    if owned := actor.objects_tied_as(Tie.OWNER):
        of_the_team = Grant.organisation_id.in_(owned)
        yield _requests(actor, of_the_team & (Amendment.side == Side.TEAM), AmendmentStatus.RETURNED, _complete)
        yield _replies(of_the_team)


def _requests(actor: Actor, whose: Any, status: AmendmentStatus, step: Any) -> Ask:
    columns = line(id=Amendment.id, of=Grant.id, name=Grant.reference, more=Organisation.name, day=Amendment.due_on)
    query = _with_grant(select(*columns).select_from(Amendment), Amendment.grant_id).where(whose)
    query = query.where(Amendment.status == status)
    if status is AmendmentStatus.RETURNED:
        query = query.where(Grant.status.in_(AMENDABLE))
    else:
        query = query.where(or_(Amendment.asked_by.is_(None), Amendment.asked_by != actor.person_id))
    return Ask(query, (Amendment.due_on, Amendment.id), step)


def _acts(whose: Any, today: date) -> Ask:
    """Proceedings whose act may be taken."""
    columns = line(of=Grant.id, name=Grant.reference, more=Organisation.name, day=Proceeding.reply_by)
    ripe = or_(
        Proceeding.status == ProceedingStatus.REPLIED, Proceeding.reply_by < today, Proceeding.reply_by.is_(None)
    )
    query = _with_grant(select(*columns).select_from(Proceeding), Proceeding.grant_id)
    query = query.where(whose, Proceeding.status.in_(OPEN_PROCEEDINGS), ripe)
    return Ask(query, (Proceeding.opened_at, Proceeding.id), _act)


def _replies(whose: Any) -> Ask:
    columns = line(of=Grant.id, name=Grant.reference, more=Organisation.name, day=Proceeding.reply_by)
    heard = and_(Proceeding.status == ProceedingStatus.OPENED, Proceeding.kind != EndKind.RENUNCIATION)
    query = _with_grant(select(*columns).select_from(Proceeding), Proceeding.grant_id).where(whose, heard)
    return Ask(query, (Proceeding.reply_by, Proceeding.id), _reply)


def _suspended(whose: Any, today: date) -> Ask:
    columns = line(of=Grant.id, name=Grant.reference, more=Organisation.name, day=Suspension.until)
    query = _with_grant(select(*columns).select_from(Suspension), Suspension.grant_id)
    query = query.where(whose, Suspension.ended_at.is_(None), Suspension.until < today)
    return Ask(query, (Suspension.until, Suspension.id), _go_on)


def _with_grant(query: Select[Any], grant_id: Any) -> Select[Any]:
    return query.join(Grant, Grant.id == grant_id).join(Organisation, Organisation.id == Grant.organisation_id)


def _step(found: Any, *, what: str, button: str, why: str, path: str) -> DueStep:
    by = end_of_day(found.day) if found.day else None
    return DueStep(what=what, button=button, path=path, by=by, why=why, place=f"{found.name} · {found.more}")


def _decide(found: Any) -> DueStep:
    return _step(found, what=_("Decide a request to change the plan"), button=_("See what moves"),
                 why=_("The plan stays as it is until somebody answers."),
                 path=f"/grants/{found.of}/changes/{found.id}")  # fmt: skip


def _complete(found: Any) -> DueStep:
    return _step(found, what=_("Complete a request to change the plan"), button=_("Read what is missing"),
                 why=_("The office sent it back."), path=f"/grants/{found.of}/changes/{found.id}")  # fmt: skip


def _act(found: Any) -> DueStep:
    return _step(found, what=_("Close the proceedings on a grant"), button=_("See the effect"),
                 why=_("The recipient was heard, or renounces: an act follows, or the proceedings are dropped."),
                 path=f"/grants/{found.of}/end")  # fmt: skip


def _reply(found: Any) -> DueStep:
    return _step(found, what=_("Reply to the proceedings on your grant"), button=_("Read and reply"),
                 why=_("The office is about to take an act: it reads your reply first."),
                 path=f"/grants/{found.of}/end")  # fmt: skip


def _go_on(found: Any) -> DueStep:
    return _step(found, what=_("Let a suspended grant go on, or decide otherwise"), button=_("Open"),
                 why=_("The day until which it was suspended has passed: it goes on by an act alone."),
                 path=f"/grants/{found.of}/changes")  # fmt: skip
