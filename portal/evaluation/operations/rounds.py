"""Going on to the next round of an evaluation: an act, never undone, which changes what evaluators see."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Phase
from portal.calls.queries import phase_for_update
from portal.calls.rules import PhaseStatus
from portal.calls.rules.design import EvaluationRound
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict
from portal.core.i18n import lazy_
from portal.evaluation.models import RoundChange
from portal.evaluation.queries.rounds import round_steps
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.terms import checked_act
from portal.notices.operations import notify

TOLD = {
    "it": "È cominciata una nuova fase della valutazione: è cambiato che cosa si vede delle domande.",
    "en": "A new round of the evaluation has begun: what is shown of the applications has changed.",
}


def begin_round(
    session: Session, *, phase_id: UUID, round_key: str, act_number: str, act_date: date | None, actor: Actor,
    now: datetime,
) -> RoundChange:  # fmt: skip
    """Begin the round that follows the present one, by an act; evaluators are told that something changed.

    Raises Conflict for any other round, Closed where the phase is not under evaluation.
    """
    phase = phase_for_update(session, phase_id)
    commission = commission_of(session, phase.id)
    if commission is None or phase.status is not PhaseStatus.EVALUATION:
        raise Closed(lazy_("This phase is not under evaluation: its rounds cannot change."))
    authorise(actor, Action.ROUND_BEGIN, commission)
    before, following = _next(session, phase)
    if following is None or following.key != round_key:
        raise Conflict(lazy_("Rounds follow one another as the call declares them. Reload the page."))
    number, day = checked_act(act_number, act_date, now)
    row = RoundChange(phase_id=phase.id, round_key=following.key, act_number=number, act_date=day, begun_at=now,
                      begun_by=actor.person_id)  # fmt: skip
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event=Action.ROUND_BEGIN, subject=row, before={"round": before.key},
           after={"round": following.key, "act": number, "date": day},
           authority_id=commission.authority_id)  # fmt: skip
    notify(session, people=[each.person_id for each in commission.members], text=TOLD, path="/scoring", now=now)
    return row


def _next(session: Session, phase: Phase) -> tuple[EvaluationRound, EvaluationRound | None]:
    steps = round_steps(session, phase)
    here = next((number for number, each in enumerate(steps) if each.is_now), None)
    if here is None:
        raise Conflict(lazy_("This call declares no rounds."))
    following = steps[here + 1].round if here + 1 < len(steps) else None
    return steps[here].round, following
