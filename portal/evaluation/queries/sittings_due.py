"""Sessions and minutes as due steps, and public sessions for the page of a call; no statement of their own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.calls.appointments import Appointment
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.i18n import _, in_language
from portal.evaluation.models import Commission, Minutes, MinutesSignature, Sitting
from portal.evaluation.sittings import UPCOMING, SittingStatus
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

AHEAD = timedelta(days=1)
"""How long before its hour a session stands on the desk of who opens it."""


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Minutes that wait for a signature; sessions to open or to close, for the chair and the secretary."""
    keeps = actor.objects_tied_as(Tie.PRESIDES) | actor.objects_tied_as(Tie.SECRETARY)
    sits = keeps | actor.objects_tied_as(Tie.COMMISSION)
    if sits:
        yield _to_sign(actor, sits)
    if keeps:
        yield _to_keep(keeps, now)


def _sittings() -> Select[Any]:
    columns = line(id=Sitting.id, more=Sitting.status, title=Call.title, number=Sitting.number, at=Sitting.starts_at)
    found = select(*columns).select_from(Sitting).join(Commission, Commission.id == Sitting.commission_id)
    return found.join(Phase, Phase.id == Commission.phase_id).join(Call, Call.id == Phase.call_id)


def _to_sign(actor: Actor, sits: frozenset[UUID]) -> Ask:
    query = _sittings().join(Minutes, Minutes.sitting_id == Sitting.id)
    query = query.join(MinutesSignature, MinutesSignature.minutes_id == Minutes.id)
    query = query.where(MinutesSignature.person_id == actor.person_id, MinutesSignature.signed_at.is_(None))
    query = query.where(MinutesSignature.refused_at.is_(None))
    return Ask(query.where(Sitting.commission_id.in_(sits)), (Minutes.made_at, Minutes.id), _sign)


def _sign(found: Any) -> DueStep:
    return DueStep(
        what=_("Read and sign the minutes of session %(number)s", number=found.number),
        why=_("Whoever was there signs them; they never change, further minutes correct them."),
        button=_("Sign"), path=f"/sittings/{found.id}", place=in_language(found.title),
    )  # fmt: skip


def _to_keep(keeps: frozenset[UUID], now: datetime) -> Ask:
    query = _sittings().where(Sitting.commission_id.in_(keeps), Sitting.status.in_(UPCOMING))
    return Ask(query.where(Sitting.starts_at <= now + AHEAD), (Sitting.starts_at, Sitting.id), _keep)


def _keep(found: Any) -> DueStep:
    if found.more == SittingStatus.OPENED:
        return DueStep(
            what=_("Close session %(number)s of the commission, with its minutes", number=found.number),
            button=_("Open"), path=f"/sittings/{found.id}", place=in_language(found.title),
        )  # fmt: skip
    return DueStep(
        what=_("Open session %(number)s of the commission", number=found.number),
        button=_("Open"), path=f"/sittings/{found.id}", place=in_language(found.title), by=found.at,
    )  # fmt: skip


def public_sittings(session: Session, call: Call, now: datetime) -> list[Appointment]:
    """The public sessions of the commissions of a call, past and to come; none is asked for before a deadline."""
    if not any(phase.closes_at < now for phase in call.phases):
        return []
    query = (
        select(Sitting, Phase.zone)
        .join(Commission, Commission.id == Sitting.commission_id)
        .join(Phase, Phase.id == Commission.phase_id)
        .where(Phase.call_id == call.id, Sitting.is_public, Sitting.status != SittingStatus.CANCELLED)
        .order_by(Sitting.starts_at, Sitting.id)
    )
    return [Appointment(row.starts_at, zone, row.place, row.number) for row, zone in session.execute(query)]
