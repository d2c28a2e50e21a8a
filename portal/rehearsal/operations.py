"""Beginning, playing and closing a rehearsal. Never commits: each step is one transaction of whoever calls."""

import logging
import time
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, authorise
from portal.calls.models import Call
from portal.calls.rules import CallStatus
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Conflict, NotFound, Refusal
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.core.unit_of_work import violation
from portal.rehearsal.guard import RehearsalClosed
from portal.rehearsal.models import Rehearsal, RehearsalStep
from portal.rehearsal.plan import plan_of
from portal.rehearsal.play import CannotGoOn, Play
from portal.rehearsal.queries import rehearsal_for_update
from portal.rehearsal.rules import BEGIN, CLOSE, FAIL, FINISH, UNDER_WAY, RehearsalStatus
from portal.rehearsal.steps import PLAYED
from portal.rehearsal.twin import Troupe, twin_for

PLAY_JOB = "rehearsal.play"
LOG = logging.getLogger(__name__)


class UnderWay(Conflict):
    """One at a time: two would share the people of one desk."""

    default = lazy_("Another rehearsal of this authority is under way. Wait until it is over, or close it.")


class NothingToRehearse(Conflict):
    """A rehearsal of a rehearsal, or of a call that is over, would teach nothing."""

    default = lazy_("Only a draft, approved or published call can be rehearsed.")


violation("closed rehearsal", RehearsalClosed)
violation("uq_rehearsal_under_way", UnderWay)
violation("rehearsal.authority_id", UnderWay)


def begin_rehearsal(
    session: Session, *, call_id: UUID, actor: Actor, now: datetime, in_background: bool = True
) -> Rehearsal:
    """Prepare a rehearsal of a call as it stands, and have the worker play it.

    Raises Forbidden or NotFound, NothingToRehearse, UnderWay.
    """
    call = session.get(Call, call_id)
    if call is None:
        raise NotFound
    authorise(actor, Action.REHEARSAL_RUN, call)
    if call.authority.is_twin or call.status in (CallStatus.CANCELLED, CallStatus.CONCLUDED):
        raise NothingToRehearse
    authority = _held(session, call.authority_id)
    if session.scalar(
        select(Rehearsal.id).where(Rehearsal.authority_id == authority.id, Rehearsal.status.in_(UNDER_WAY))
    ):
        raise UnderWay
    twin = twin_for(session, authority, actor=actor, now=now)
    rehearsal = Rehearsal(
        authority_id=authority.id, twin_id=twin.id, source_id=call.id, number=_next_number(session, call),
        revision=call.revision, definition=call.definition, status=RehearsalStatus.PREPARED, status_at=now, done=0,
        planned=len(plan_of(call.design)), started_by=actor.person_id, started_at=now,
    )  # fmt: skip
    session.add(rehearsal)
    session.flush()
    after = {"call": call.slug, "number": rehearsal.number, "revision": call.revision}
    record(session, at=now, actor=actor, event=Action.REHEARSAL_RUN, subject=rehearsal, after=after)
    if in_background:
        enqueue(session, PLAY_JOB, now=now, rehearsal_id=rehearsal.id)
    return rehearsal


def play_step(session: Session, *, rehearsal_id: UUID, now: datetime) -> Rehearsal:
    """Play the next step, if there is one: its report stands beside it. What was played already is never played again.

    A step that cannot be played ends the rehearsal as failed; nothing of that step is kept but its report.
    """
    rehearsal = rehearsal_for_update(session, rehearsal_id)
    stop = rehearsal.next_stop
    if stop is None:
        return rehearsal
    if rehearsal.status is RehearsalStatus.PREPARED:
        rehearsal.make(BEGIN, at=now)
    began = time.monotonic()
    play = Play(session, rehearsal, rehearsal.started_at, stop)
    went_well = _played(play)
    _note(session, play, now, milliseconds=int((time.monotonic() - began) * 1000))
    if not went_well:
        _end(session, rehearsal, failed=True, now=now)
    elif rehearsal.done == rehearsal.planned:
        _end(session, rehearsal, failed=False, now=now)
    return rehearsal


def close_rehearsal(session: Session, *, rehearsal_id: UUID, actor: Actor, now: datetime) -> Rehearsal:
    """Close a rehearsal, also one under way: from now on nothing of it changes, and nothing is ever deleted.

    Raises Forbidden or NotFound, IllegalMove when it is closed.
    """
    rehearsal = rehearsal_for_update(session, rehearsal_id)
    authorise(actor, Action.REHEARSAL_RUN, rehearsal)
    before = rehearsal.status
    CLOSE.apply(before)
    Troupe(session, rehearsal).send_home(now)
    rehearsal.closed_at = now
    rehearsal.make(CLOSE, at=now)
    record(session, at=now, actor=actor, event="rehearsal.closed", subject=rehearsal, before={"status": before},
           after={"status": rehearsal.status})  # fmt: skip
    return rehearsal


def _held(session: Session, authority_id: UUID) -> Authority:
    return session.scalars(select(Authority).where(Authority.id == authority_id).with_for_update()).one()


def _next_number(session: Session, call: Call) -> int:
    return 1 + int(session.scalar(select(func.max(Rehearsal.number)).where(Rehearsal.source_id == call.id)) or 0)


def _played(play: Play) -> bool:
    """Whether the step could be played; what it did is undone where it could not, its lines are kept.

    A step that breaks is a finding too: whoever rehearses learns where, and the log keeps why.
    """
    try:
        with play.session.begin_nested():
            PLAYED[play.stop.step](play)
    except CannotGoOn:
        return False
    except Refusal as refusal:
        play.impossible(lazy_("The rehearsal stopped here: %(reason)s", reason=refusal.message))
        return False
    except OperationalError:
        raise
    except Exception as broken:
        LOG.exception("rehearsal %s broke at %s", play.rehearsal.id, play.stop.step)
        play.impossible(_broke(broken))
        return False
    return True


def _broke(broken: Exception) -> object:
    return lazy_(
        "The portal itself broke at this step (%(kind)s): this is no fault of the call. The log has the details: tell"
        " whoever keeps the portal.",
        kind=type(broken).__name__,
    )


def _note(session: Session, play: Play, now: datetime, *, milliseconds: int) -> None:
    rehearsal = play.rehearsal
    rehearsal.done += 1
    rehearsal.planned = max(len(rehearsal.plan), rehearsal.done)
    row = RehearsalStep(
        rehearsal_id=rehearsal.id, number=rehearsal.done, step=play.stop.step, phase_key=play.stop.phase, at=now,
        milliseconds=milliseconds, lines=[line.as_json() for line in play.lines],
    )  # fmt: skip
    session.add(row)
    session.flush()


def _end(session: Session, rehearsal: Rehearsal, *, failed: bool, now: datetime) -> None:
    before = rehearsal.status
    rehearsal.make(FAIL if failed else FINISH, at=now)
    event = "rehearsal.failed" if failed else "rehearsal.finished"
    record(session, at=now, actor=SYSTEM, event=event, subject=rehearsal, before={"status": before},
           after={"status": rehearsal.status})  # fmt: skip
