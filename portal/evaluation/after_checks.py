"""Invariants of what is written on a ranking and after it: observations, replies, letters of outcome."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.applications.content import content_hash
from portal.applications.models import Application
from portal.evaluation.models import Observation, OutcomeLetter, Ranking, RankingRow
from portal.evaluation.terms import day_at


def broken(session: Session) -> Iterator[str]:
    """One line for each that is not what it must be."""
    yield from _observations(session)
    yield from _letters(session)


def _observations(session: Session) -> Iterator[str]:
    """Written in its days, as registered; replied to before the ranking became final, as registered."""
    query = select(Observation).options(
        joinedload(Observation.ranking), joinedload(Observation.reply), joinedload(Observation.protocol_entry),
        joinedload(Observation.application).joinedload(Application.phase),
    )  # fmt: skip
    finals = _first_finals(session)
    for each in session.scalars(query.order_by(Observation.id)):
        name, ranking, zone = f"evaluation: observation {each.id}", each.ranking, each.application.phase.zone
        said = {"ranking": str(each.ranking_id), "kind": each.kind, "text": each.text}
        if content_hash(said) != each.protocol_entry.sha256:
            yield f"{name} does not say what was registered"
        until, opened = ranking.observations_until, ranking.provisional_at
        if opened is None or until is None or each.sent_at < opened or day_at(each.sent_at, zone) > until:
            yield f"{name} was sent outside the days of its ranking"
        yield from _reply(name, each)
        final_at = finals.get(ranking.phase_id)
        if final_at is not None and (each.reply is None or each.reply.replied_at > final_at):
            yield f"{name} had no reply when the ranking became final"


def _reply(name: str, observation: Observation) -> Iterator[str]:
    reply = observation.reply
    if reply is None:
        return
    said = {"observation": str(observation.id), "accepted": reply.is_accepted, "text": reply.text}
    if content_hash(said) != reply.protocol_entry.sha256:
        yield f"{name} has a reply that is not the registered one"
    if reply.replied_at < observation.sent_at:
        yield f"{name} was replied to before it was sent"


def _first_finals(session: Session) -> dict[UUID, datetime]:
    query = select(Ranking.phase_id, func.min(Ranking.final_at)).where(Ranking.final_at.is_not(None))
    return {phase: at for phase, at in session.execute(query.group_by(Ranking.phase_id)) if at is not None}


def _letters(session: Session) -> Iterator[str]:
    """A letter is the registered file, and tells of a final version in which the application stands."""
    placed = select(RankingRow.id).where(
        RankingRow.ranking_id == OutcomeLetter.ranking_id, RankingRow.application_id == OutcomeLetter.application_id
    )
    query = select(OutcomeLetter, placed.exists()).options(
        joinedload(OutcomeLetter.ranking), joinedload(OutcomeLetter.file), joinedload(OutcomeLetter.protocol_entry)
    )
    for letter, stands in session.execute(query.order_by(OutcomeLetter.id)):
        name = f"evaluation: letter {letter.id}"
        if letter.file.sha256 != letter.protocol_entry.sha256:
            yield f"{name} is not the registered file"
        if letter.ranking.final_at is None or letter.made_at < letter.ranking.final_at or not stands:
            yield f"{name} tells an outcome that was not final, or of another ranking"
