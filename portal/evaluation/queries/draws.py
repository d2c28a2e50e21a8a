"""Draws between applications that share a place: which are wanted, which were published, which were held."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, allowed
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Ranking, RankingDraw
from portal.evaluation.ranking import Draw, Tie, TieRule, list_hash


@dataclass(frozen=True, slots=True)
class DrawsOfRanking:
    """What a version of a ranking still wants drawn, and the draws of its phase, the newest first."""

    wanted: list[Tie]
    made: Sequence[RankingDraw]

    @property
    def waiting(self) -> RankingDraw | None:
        """The draw whose seed is not known yet."""
        return next((each for each in self.made if not each.is_held), None)

    @property
    def unpublished(self) -> list[Tie]:
        """The ties that no list was published of."""
        known = {each["sha256"] for draw in self.made for each in draw.lists}
        return [tie for tie in self.wanted if list_hash(tie.references) not in known]


def draws_of_phase(session: Session, phase_id: UUID) -> Sequence[RankingDraw]:
    """Every draw of a phase, the newest first."""
    query = select(RankingDraw).where(RankingDraw.phase_id == phase_id).order_by(RankingDraw.id.desc())
    return session.scalars(query).all()


def draws_held(session: Session, phase_id: UUID) -> tuple[Draw, ...]:
    """The draws that were held, as the engine reads them."""
    return tuple(draw for row in draws_of_phase(session, phase_id) for draw in row.draws)


def draws_of_ranking(session: Session, phase_id: UUID, ranking: Ranking | None) -> DrawsOfRanking:
    """What this version wants, beside the draws of its phase; without a draw in the chain nothing is looked for."""
    if ranking is None or not is_drawn(ranking):
        return DrawsOfRanking([], [])
    return DrawsOfRanking(ties_to_draw(ranking), draws_of_phase(session, phase_id))


def is_drawn(ranking: Ranking) -> bool:
    """Whether a draw ends the chain of tie-breaks."""
    return any(link["rule"] == TieRule.DRAW for link in ranking.scheme.get("tie_breaks", ()))


def ties_to_draw(ranking: Ranking) -> list[Tie]:
    """Those who share a place where the call ends its chain of tie-breaks by a draw; else none."""
    return _ties(ranking.results) if is_drawn(ranking) else []


def _ties(results: Iterable[Mapping[str, Any]]) -> list[Tie]:
    places: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for each in results:
        if each["position"] is not None:
            places[each.get("ranking", each["line"]), each["position"]].append(each["reference"])
    return [Tie(key, place, tuple(sorted(names))) for (key, place), names in places.items() if len(names) > 1]


def draw_for_update(session: Session, draw_id: UUID) -> RankingDraw:
    """One draw, locked; or NotFound."""
    found = session.scalars(select(RankingDraw).where(RankingDraw.id == draw_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def visible_draw(session: Session, actor: Actor, draw_id: UUID) -> RankingDraw:
    """A draw: for everybody from the publication of its lists, that of a rehearsal for staff; NotFound otherwise."""
    query = (
        select(RankingDraw)
        .where(RankingDraw.id == draw_id)
        .options(joinedload(RankingDraw.phase).joinedload(Phase.call).joinedload(Call.authority))
    )
    found = session.scalars(query).one_or_none()
    if found is None or not (found.phase.call.is_public or allowed(actor, Action.RANKING_READ, found)):
        raise NotFound
    return found
