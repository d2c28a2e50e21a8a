"""The draw of the grants whose declarations are checked (art. 71 DPR 445/2000): recorded, and repeated by anybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.models import Call
from portal.calls.rules import GrantCheck
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.grants.checking.rules import sample_of
from portal.grants.models import Grant, SampleDraw
from portal.grants.rules import OPEN

LONGEST_SEED = 200


class NobodyToDraw(Conflict):
    """Every grant was in a draw already."""

    default = lazy_("Every grant of this call was in a draw already.")


@dataclass(frozen=True, slots=True)
class Sampled:
    """A check by sample of a call: its draws, and the grants that no draw has looked at."""

    check: GrantCheck
    draws: list[SampleDraw]
    waiting: list[str]

    @property
    def drawn(self) -> set[str]:
        """The references that were drawn."""
        return {reference for draw in self.draws for reference in draw.drawn}


def samples_of(session: Session, call: Call) -> list[Sampled]:
    """The checks by sample of a call."""
    checks = [check for check in call.design.award.checks if check.sample is not None]
    if not checks:
        return []
    query = select(SampleDraw).where(SampleDraw.call_id == call.id).order_by(SampleDraw.drawn_at, SampleDraw.id)
    draws = list(session.scalars(query))
    grants = select(Grant.reference).where(Grant.call_id == call.id, Grant.status.in_(OPEN)).order_by(Grant.reference)
    references = list(session.scalars(grants))
    return [_sampled(check, [draw for draw in draws if draw.key == check.key], references) for check in checks]


def _sampled(check: GrantCheck, draws: list[SampleDraw], references: list[str]) -> Sampled:
    looked_at = {reference for draw in draws for reference in draw.population}
    return Sampled(check, draws, [each for each in references if each not in looked_at])


def draw_sample(session: Session, *, slug: str, key: str, seed: str, actor: Actor, now: datetime) -> SampleDraw:
    """Draw among the grants that no draw has looked at yet. Raises Invalid without a seed, NobodyToDraw."""
    call = session.scalars(select(Call).where(Call.slug == slug).with_for_update()).one_or_none()
    if call is None:
        raise NotFound
    authorise(actor, Action.SAMPLE_DRAW, call)
    sampled = next((each for each in samples_of(session, call) if each.check.key == key), None)
    if sampled is None or sampled.check.sample is None:
        raise NotFound
    if not sampled.waiting:
        raise NobodyToDraw
    seed = clean_line(seed)
    if not seed or len(seed) > LONGEST_SEED:
        raise Invalid(lazy_("Write the seed, at most 200 characters, such as the numbers of a public lottery."), "seed")
    draw = SampleDraw(
        authority_id=call.authority_id, call_id=call.id, key=key,
        share_hundredths=int(sampled.check.sample * 100), seed=seed, population=sampled.waiting,
        drawn=list(sample_of(sampled.waiting, sampled.check.sample, seed)), drawn_by=actor.person_id, drawn_at=now,
    )  # fmt: skip
    session.add(draw)
    session.flush()
    after = {"checks": [key], "seed": seed, "drawn": draw.drawn, "among": len(draw.population)}
    record(session, at=now, actor=actor, event=Action.SAMPLE_DRAW, subject=call, after=after)
    return draw
