"""The office answers a request: returned for completion, granted by another person than who asked, or refused."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.core.written import written
from portal.grants.apart import stand_apart
from portal.grants.changes.limits import after_change, must_be_under_way
from portal.grants.changes.operations.applying import put_in_force
from portal.grants.changes.operations.planning import first_version
from portal.grants.changes.operations.refusals import RequestChanged
from portal.grants.changes.queries import amendment_to_change, seen_of
from portal.grants.changes.rules import GRANT, LONGEST_TEXT, REFUSE, RETURN, AmendmentStatus
from portal.grants.models import Amendment, Grant
from portal.grants.operations.news import tell_team

NEWS = {
    RETURN: lazy_("Your request to change the plan came back: read what is missing."),
    GRANT: lazy_("Your request to change the plan was granted."),
    REFUSE: lazy_("Your request to change the plan was refused: read why."),
}


def return_amendment(
    session: Session, *, grant_id: UUID, amendment_id: UUID, words: str, actor: Actor, now: datetime,
    seen: str | None = None,
) -> Amendment:  # fmt: skip
    """Send it back with what is missing."""
    grant, row = _to_answer(session, grant_id, amendment_id, actor, seen)
    said = _said(words, lazy_("Write what is missing, so that it can be completed."))
    return _answer(session, grant, row, RETURN, said, actor, now)


def refuse_amendment(
    session: Session, *, grant_id: UUID, amendment_id: UUID, words: str, actor: Actor, now: datetime,
    seen: str | None = None,
) -> Amendment:  # fmt: skip
    """Refuse it, with the reason."""
    grant, row = _to_answer(session, grant_id, amendment_id, actor, seen)
    said = _said(words, lazy_("Write why it is refused: the recipient reads it."))
    return _answer(session, grant, row, REFUSE, said, actor, now)


def grant_amendment(
    session: Session, *, grant_id: UUID, amendment_id: UUID, words: str = "", actor: Actor, now: datetime,
    seen: str | None = None,
) -> Amendment:  # fmt: skip
    """Grant it: the plan changes now, as `seen` (of `queries.seen_of`) was shown.

    Raises TwoPeople, OwnOrganisation, NotUnderWay, RequestChanged, Conflict if it fits no more.
    """
    grant, row = _to_answer(session, grant_id, amendment_id, actor, seen)
    must_be_under_way(grant)
    try:
        after_change(session, grant, first_version(session, grant=grant, actor=actor, now=now).plan, row.change)
    except Invalid as fault:
        raise Conflict(fault.message) from fault
    said = _said(words, None) if words.strip() else None
    _answer(session, grant, row, GRANT, said, actor, now)
    put_in_force(session, grant=grant, row=row, actor=actor, now=now)
    return row


def _to_answer(
    session: Session, grant_id: UUID, amendment_id: UUID, actor: Actor, seen: str | None
) -> tuple[Grant, Amendment]:
    grant, row = amendment_to_change(session, actor, Action.AMENDMENT_DECIDE, grant_id, amendment_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id, not_again=row.asked_by)
    if row.awaits_decision and seen is not None and seen != seen_of(session, grant, row):
        raise RequestChanged
    return grant, row


def _said(words: str, empty: object) -> str:
    return written(words, most=LONGEST_TEXT, field="words", empty=empty)


def _answer(
    session: Session, grant: Grant, row: Amendment, move: Move[AmendmentStatus], words: str | None, actor: Actor,
    now: datetime,
) -> Amendment:  # fmt: skip
    before = row.status
    move.apply(before)
    row.words, row.decided_by = words, actor.person_id
    row.make(move, at=now)
    session.flush()
    record(session, at=now, actor=actor, event=f"amendment.{move.name}", subject=grant, before={"status": before},
           after={"number": row.number, "status": row.status, "change": row.wants}, reason=words)  # fmt: skip
    path = f"/grants/{grant.id}/changes/{row.id}"
    tell_team(session, organisation_id=grant.organisation_id, message=NEWS[move], path=path, now=now)
    return row
