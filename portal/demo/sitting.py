"""The first session of a commission with its minutes, and one still to come."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.demo.stage import Stage
from portal.evaluation.models import Commission, Sitting
from portal.evaluation.operations import close_sitting, convene_sitting, open_sitting, sign_minutes, write_remark

SECRETARY = "officer"
PLACE = "Sala Giunta, palazzo della Città metropolitana"
AGENDA = "1. Dichiarazioni sui conflitti di interessi\n2. Criteri di lavoro\n3. Calendario delle sedute"
NOTE = "La commissione concorda di leggere le proposte nell'ordine di protocollo e di motivare ogni punteggio."
NEXT = "1. Esame dei punteggi che divergono\n2. Formazione della graduatoria"


def sit(stage: Stage, commission: Commission, at: datetime) -> Sitting:
    """Convened the day before, opened with everybody who votes and the secretary."""
    actor = stage.actor(SECRETARY)
    sitting = convene_sitting(
        stage.session, commission_id=commission.id, starts_at=at, place=PLACE, is_public=True, agenda=AGENDA,
        actor=actor, now=at - timedelta(hours=3),
    )  # fmt: skip
    present = [each.id for each in (*commission.members, commission.secretary) if each]
    return open_sitting(
        stage.session, sitting_id=sitting.id, present_ids=present, missing_reason="", actor=actor, now=at
    )


def rise(stage: Stage, sitting: Sitting, at: datetime, *, signed_by: Iterable[str]) -> None:
    """A note, the minutes, and the signatures of these people."""
    actor = stage.actor(SECRETARY)
    write_remark(stage.session, sitting_id=sitting.id, text=NOTE, reference="", actor=actor, now=at)
    minutes = close_sitting(stage.session, sitting_id=sitting.id, actor=actor, now=at)
    for key in signed_by:
        sign_minutes(
            stage.session, minutes_id=minutes.id, sha256=minutes.sha256, actor=stage.actor(key),
            now=at + timedelta(hours=1),
        )  # fmt: skip


def convene_the_next(stage: Stage, commission: Commission) -> None:
    """A public session in some days, on the page of the call."""
    starts_at = (stage.now + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
    convene_sitting(
        stage.session, commission_id=commission.id, starts_at=starts_at, place=PLACE,
        is_public=True, agenda=NEXT, actor=stage.actor(SECRETARY), now=stage.now,
    )  # fmt: skip
