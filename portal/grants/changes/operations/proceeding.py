"""Before an act: the office tells the recipient what it is about to do, or the recipient renounces."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.apart import stand_apart
from portal.grants.changes.operations.refusals import NoProceeding, NotThisEnd, ProceedingOpen
from portal.grants.changes.queries import open_proceeding_of, standing_money
from portal.grants.changes.rules import (
    DROP,
    LONGEST_TEXT,
    REPLY,
    EndKind,
    Ground,
    kinds_open_to,
    partial,
)
from portal.grants.models import Grant, Proceeding
from portal.grants.operations.news import tell_grant_team, tell_office
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import local_day

REPLY_FILE = FileRules(("pdf", "p7m", "docx"), 10 * 1024 * 1024, field="file")
WHY = lazy_("Write the reasons: both sides read them.")


def open_proceeding(
    session: Session, *, grant_id: UUID, kind: EndKind, ground: Ground, reason: str, cents: int | None = None,
    actor: Actor, now: datetime,
) -> Proceeding:  # fmt: skip
    """Tell the recipient that its grant is about to be forfeited, revoked or lowered, and until when it may reply.

    Raises NotThisEnd, ProceedingOpen, Invalid with the field.
    """
    grant = grant_to_change(session, actor, Action.PROCEEDING_OPEN, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    if kind is EndKind.RENUNCIATION or kind not in kinds_open_to(grant.status):
        raise NotThisEnd
    _ground_holds(grant, ground, now)
    if kind is EndKind.PARTIAL_REVOCATION:
        partial(standing_money(session, grant.id), cents or 0)
    row = _open(session, grant, kind=kind, ground=ground, reason=reason,
                cents=cents if kind is EndKind.PARTIAL_REVOCATION else None, actor=actor, now=now)  # fmt: skip
    message = lazy_("The office has opened proceedings on the grant %(reference)s: you may reply.",
                    reference=grant.reference)  # fmt: skip
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/proceeding")
    return row


def declare_renunciation(session: Session, *, grant_id: UUID, reason: str, actor: Actor, now: datetime) -> Proceeding:
    """The recipient renounces; the office takes note by an act, which frees the money."""
    grant = grant_to_change(session, actor, Action.PROCEEDING_REPLY, grant_id)
    if EndKind.RENUNCIATION not in kinds_open_to(grant.status):
        raise NotThisEnd
    row = _open(session, grant, kind=EndKind.RENUNCIATION, ground=Ground.OTHER, reason=reason, cents=None,
                actor=actor, now=now)  # fmt: skip
    message = lazy_("%(name)s renounces its grant: take note by an act.", name=grant.organisation.name)
    tell_office(session, authority_id=grant.authority_id, message=message, path=f"/grants/{grant.id}/end", now=now)
    return row


def reply_rules(session: Session, *, grant_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the file of a reply, to whoever may send it."""
    authorise(actor, Action.PROCEEDING_REPLY, grant_to_read(session, actor, grant_id))
    return REPLY_FILE


def reply_to_proceeding(
    session: Session, *, grant_id: UUID, reply: str, upload: Arrived | None = None, actor: Actor, now: datetime
) -> Proceeding:
    """What the recipient answers, until the act is taken; a later reply takes the place of an earlier one."""
    grant = grant_to_change(session, actor, Action.PROCEEDING_REPLY, grant_id)
    row = open_proceeding_of(session, grant.id, locked=True)
    if row is None or row.kind is EndKind.RENUNCIATION:
        raise NoProceeding
    said = written(reply, most=LONGEST_TEXT, field="reply", empty=lazy_("Write your reply."))
    before = {"status": row.status, "reply": row.reply}
    row.make(REPLY, at=now)
    row.reply, row.replied_by, row.replied_at = said, actor.person_id, now
    if upload is not None:
        row.reply_file_id = store_upload(session, upload=upload, rules=REPLY_FILE, actor=actor, now=now).id
    session.flush()
    record(session, at=now, actor=actor, event="proceeding.reply", subject=grant, before=before,
           after={"status": row.status, "reply": said})  # fmt: skip
    message = lazy_("%(name)s replied to the proceedings on its grant.", name=grant.organisation.name)
    tell_office(session, authority_id=grant.authority_id, message=message, path=f"/grants/{grant.id}/end", now=now)
    return row


def drop_proceeding(session: Session, *, grant_id: UUID, reason: str, actor: Actor, now: datetime) -> Proceeding:
    """The office closes its proceedings without an act, and tells the recipient."""
    grant = grant_to_change(session, actor, Action.PROCEEDING_OPEN, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    row = _dropped(session, grant, reason, actor, now, is_renunciation=False)
    message = lazy_("The proceedings on the grant %(reference)s are closed without an act.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now)
    return row


def take_back_renunciation(session: Session, *, grant_id: UUID, reason: str, actor: Actor, now: datetime) -> Proceeding:
    """The recipient takes its renunciation back, before the office has taken note of it."""
    grant = grant_to_change(session, actor, Action.PROCEEDING_REPLY, grant_id)
    return _dropped(session, grant, reason, actor, now, is_renunciation=True)


def _dropped(
    session: Session, grant: Grant, reason: str, actor: Actor, now: datetime, *, is_renunciation: bool
) -> Proceeding:
    row = open_proceeding_of(session, grant.id, locked=True)
    if row is None or (row.kind is EndKind.RENUNCIATION) is not is_renunciation:
        raise NoProceeding
    said = written(reason, most=LONGEST_TEXT, field="reason", empty=WHY)
    before = row.status
    row.make(DROP, at=now)
    row.dropped_by, row.drop_reason = actor.person_id, said
    session.flush()
    record(session, at=now, actor=actor, event="proceeding.drop", subject=grant, before={"status": before},
           after={"status": row.status, "kind": row.kind}, reason=said)  # fmt: skip
    return row


def _open(
    session: Session, grant: Grant, *, kind: EndKind, ground: Ground, reason: str, cents: int | None, actor: Actor,
    now: datetime,
) -> Proceeding:  # fmt: skip
    if open_proceeding_of(session, grant.id) is not None:
        raise ProceedingOpen
    days = grant.call.design.changes.reply_days
    reply_by = None if kind is EndKind.RENUNCIATION else local_day(now) + timedelta(days=days)
    row = Proceeding(
        authority_id=grant.authority_id, grant_id=grant.id, kind=kind, ground=ground, cents=cents, opened_at=now,
        opened_by=actor.person_id, reply_by=reply_by, status_at=now,
        reason=written(reason, most=LONGEST_TEXT, field="reason", empty=WHY),
    )  # fmt: skip
    session.add(row)
    session.flush()
    event = "proceeding.renounce" if kind is EndKind.RENUNCIATION else "proceeding.open"
    after = {"kind": kind, "ground": ground, "reply_by": reply_by, "cents": cents}
    record(session, at=now, actor=actor, event=event, subject=grant, after=after, reason=row.reason)
    return row


def _ground_holds(grant: Grant, ground: Ground, now: datetime) -> None:
    """A term that was missed has passed."""
    today, entity = local_day(now), grant.incorporation
    missed = {
        Ground.ACCEPTANCE_MISSED: grant.accept_by is not None and grant.accept_by < today and not grant.accepted_at,
        Ground.INCORPORATION_MISSED: entity is not None and entity.due_on < today and entity.confirmed_at is None,
    }
    if not missed.get(ground, True):
        raise Invalid(lazy_("This term has not been missed: choose another reason."), "ground")
