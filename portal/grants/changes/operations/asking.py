"""Asking for a change, from either side: with reasons and files; completed, taken back, or free at once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.apart import OwnOrganisation
from portal.grants.changes.limits import after_change, is_free_now, must_be_under_way
from portal.grants.changes.operations.applying import put_in_force
from portal.grants.changes.operations.planning import first_version
from portal.grants.changes.operations.refusals import OtherSide
from portal.grants.changes.queries import amendment_to_change, side_of
from portal.grants.changes.rules import (
    COMPLETE,
    GRANT,
    LONGEST_TEXT,
    WITHDRAW,
    AmendmentKind,
    Change,
    Side,
)
from portal.grants.changes.rules.stored import change_to_json
from portal.grants.models import Amendment, AmendmentFile, Grant
from portal.grants.operations.news import tell_grant_team, tell_office
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import local_day

FILES = FileRules(("pdf", "p7m", "docx", "xlsx", "png", "jpg", "jpeg"), 10 * 1024 * 1024, field="files", most=5)
WHY = lazy_("Write why: who decides reads it.")


def amendment_files(session: Session, *, grant_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the files of a request, to whoever may make one."""
    authorise(actor, Action.AMENDMENT_ASK, grant_to_read(session, actor, grant_id))
    return FILES


def ask_amendment(
    session: Session, *, grant_id: UUID, change: Change, reason: str, uploads: Sequence[Arrived] = (), actor: Actor,
    now: datetime,
) -> Amendment:  # fmt: skip
    """Ask for a change of the plan; a shift that the call leaves free takes effect at once, and the office is told.

    Raises Invalid with the field where the change does not fit, NotUnderWay before or after the project.
    """
    grant = grant_to_change(session, actor, Action.AMENDMENT_ASK, grant_id)
    _acts_for_its_side(actor, grant)
    must_be_under_way(grant)
    plan = first_version(session, grant=grant, actor=actor, now=now).plan
    after_change(session, grant, plan, change)
    side = side_of(actor, grant)
    is_free = side is Side.TEAM and is_free_now(session, grant, plan, change)
    row = Amendment(
        authority_id=grant.authority_id, grant_id=grant.id, number=_next_number(session, grant.id),
        kind=AmendmentKind(change_to_json(change)["kind"]), side=side, asked_by=actor.person_id, asked_at=now,
        wants=change_to_json(change), reason=_why(reason), is_free=is_free, due_on=_due(grant, now), status_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _attach(session, row, uploads, actor, now)
    _note(session, row, "amendment.ask", None, actor, now)
    if is_free:
        row.make(GRANT, at=now)
        put_in_force(session, grant=grant, row=row, actor=actor, now=now)
    _tell_the_other_side(session, grant, row, now)
    return row


def complete_amendment(
    session: Session, *, grant_id: UUID, amendment_id: UUID, change: Change, reason: str,
    uploads: Sequence[Arrived] = (), actor: Actor, now: datetime,
) -> Amendment:  # fmt: skip
    """Send a request again that came back; the term to answer begins anew. Raises OtherSide, NotUnderWay, Invalid."""
    grant, row = _own(session, grant_id, amendment_id, actor)
    must_be_under_way(grant)
    before = row.status
    plan = first_version(session, grant=grant, actor=actor, now=now).plan
    after_change(session, grant, plan, change)
    row.make(COMPLETE, at=now)
    row.wants, row.reason, row.due_on = change_to_json(change), _why(reason), _due(grant, now)
    _attach(session, row, uploads, actor, now)
    _note(session, row, "amendment.complete", before, actor, now)
    _tell_the_other_side(session, grant, row, now)
    return row


def withdraw_amendment(
    session: Session, *, grant_id: UUID, amendment_id: UUID, actor: Actor, now: datetime
) -> Amendment:
    """Take a request back, while nobody has decided it. Raises OtherSide."""
    _grant, row = _own(session, grant_id, amendment_id, actor)
    before = row.status
    row.make(WITHDRAW, at=now)
    _note(session, row, "amendment.withdraw", before, actor, now)
    return row


def _own(session: Session, grant_id: UUID, amendment_id: UUID, actor: Actor) -> tuple[Grant, Amendment]:
    grant, row = amendment_to_change(session, actor, Action.AMENDMENT_ASK, grant_id, amendment_id)
    _acts_for_its_side(actor, grant)
    if row.side is not side_of(actor, grant):
        raise OtherSide
    return grant, row


def _acts_for_its_side(actor: Actor, grant: Grant) -> None:
    """Whoever belongs to the recipient acts for it or not at all: an officer who only reads there asks nothing."""
    if side_of(actor, grant) is Side.TEAM and Tie.OWNER not in actor.ties_to(grant.organisation_id):
        raise OwnOrganisation


def _why(reason: str) -> str:
    return written(reason, most=LONGEST_TEXT, field="reason", empty=WHY)


def _due(grant: Grant, now: datetime) -> date:
    return local_day(now) + timedelta(days=grant.call.design.changes.answer_days)


def _next_number(session: Session, grant_id: UUID) -> int:
    return 1 + (session.scalar(select(func.max(Amendment.number)).where(Amendment.grant_id == grant_id)) or 0)


def _attach(session: Session, row: Amendment, uploads: Sequence[Arrived], actor: Actor, now: datetime) -> None:
    present = {each.file_id for each in row.files}
    for upload in uploads:
        file = store_upload(session, upload=upload, rules=FILES, actor=actor, now=now)
        if file.id not in present:
            row.files.append(AmendmentFile(file_id=file.id))
            present.add(file.id)
    session.flush()


def _note(session: Session, row: Amendment, event: str, before: object, actor: Actor, now: datetime) -> None:
    after = {"number": row.number, "status": row.status, "change": row.wants}
    record(session, at=now, actor=actor, event=event, subject=row.grant, before={"status": before} if before else None,
           after=after, reason=row.reason)  # fmt: skip


def _tell_the_other_side(session: Session, grant: Grant, row: Amendment, now: datetime) -> None:
    path = f"/grants/{grant.id}/changes/{row.id}"
    if row.side is Side.OFFICE:
        message = lazy_("The office asks to change the plan of %(reference)s.", reference=grant.reference)
        tell_grant_team(session, grant=grant, message=message, now=now)
        return
    words = (
        lazy_("%(name)s moved money within the budget, as the call allows.", name=grant.organisation.name)
        if row.is_free
        else lazy_("%(name)s asks to change the plan: decide.", name=grant.organisation.name)
    )
    tell_office(session, authority_id=grant.authority_id, message=words, path=path, now=now)
