"""The session in which the commission declares: opened before, closed after, with minutes that everybody signs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.core.i18n import lazy_
from portal.evaluation.models import Commission, Sitting
from portal.evaluation.operations import close_sitting, convene_sitting, open_sitting, sign_minutes
from portal.rehearsal.play import Play

SECRETARY = "officer"
PLACE, AGENDA = "Sala prove", "Dichiarazioni sui conflitti di interessi"


def open_first(play: Play, commission: Commission, now: datetime) -> Sitting | None:
    """One session in a rehearsal, in its first phase."""
    if play.phase.id != play.call.phases[0].id:
        return None
    actor = play.actor(SECRETARY, now)
    sitting = convene_sitting(
        play.session, commission_id=commission.id, starts_at=now, place=PLACE, is_public=True, agenda=AGENDA,
        actor=actor, now=now,
    )  # fmt: skip
    present = [each.id for each in (*commission.members, commission.secretary) if each]
    return open_sitting(
        play.session, sitting_id=sitting.id, present_ids=present, missing_reason="", actor=actor, now=now
    )


def close_first(play: Play, sitting: Sitting | None, keys: Sequence[str], now: datetime) -> None:
    """The minutes, signed by everybody."""
    if sitting is None:
        return
    minutes = close_sitting(play.session, sitting_id=sitting.id, actor=play.actor(SECRETARY, now), now=now)
    then = now + timedelta(hours=1)
    for key in (*keys, SECRETARY):
        sign_minutes(play.session, minutes_id=minutes.id, sha256=minutes.sha256, actor=play.actor(key, then), now=then)
    play.done(
        lazy_("The commission sat once: its minutes are registered and signed by %(count)s people.",
              count=len(keys) + 1),
        path=f"/sittings/{sitting.id}",
    )  # fmt: skip
