"""Drawing lots in the open: first the lists with their hashes, then the seed of a public draw still to come, once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, InvalidForm
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.evaluation.models import RankingDraw
from portal.evaluation.queries.draws import draw_for_update, draws_of_ranking
from portal.evaluation.queries.rankings import ranking_for_update
from portal.evaluation.ranking import list_hash
from portal.evaluation.rules import RankingStatus
from portal.evaluation.terms import ROME, checked_act

LONGEST = 200
STANDING = (RankingStatus.DRAFTED, RankingStatus.PROVISIONAL)


class NothingToDraw(Conflict):
    """Nobody shares a place, or the lists were published already."""

    default = lazy_("There is nothing to draw: nobody shares a place, or the lists were published already.")


class SeedTooEarly(Conflict):
    """The public draw has not been held yet."""

    default = lazy_("The public draw has not been held yet: its outcome is entered from that day on.")


class SeedKnown(Conflict):
    """A seed is entered once."""

    default = lazy_("The outcome of this draw was entered already: it cannot be changed.")


class SeedBySamePerson(Conflict):
    """What cannot be undone needs a second pair of eyes."""

    default = lazy_("You published these lists: somebody else enters the outcome, as it can never be corrected.")


def publish_draw(
    session: Session, *, ranking_id: UUID, source: str, held_on: date | None, act_number: str, act_date: date | None,
    actor: Actor, now: datetime,
) -> RankingDraw:  # fmt: skip
    """Publish the lists of those who share a place, and name the public draw of a later day whose outcome decides.

    Raises InvalidForm for a day that is not to come, NothingToDraw where no list is left to publish.
    """
    ranking, _phase = ranking_for_update(session, ranking_id)
    authorise(actor, Action.RANKING_PUBLISH, ranking)
    number, day = checked_act(act_number, act_date, now)
    today = now.astimezone(ROME).date()
    name, held = _checked(source, held_on, today)
    ties = draws_of_ranking(session, ranking.phase_id, ranking).unpublished
    if not ties or ranking.status not in STANDING:
        raise NothingToDraw
    lists = [
        {"ranking": tie.ranking, "position": tie.position, "references": list(tie.references),
         "sha256": list_hash(tie.references)}
        for tie in ties
    ]  # fmt: skip
    draw = RankingDraw(
        authority_id=ranking.authority_id, phase_id=ranking.phase_id, ranking_id=ranking.id, lists=lists, source=name,
        held_on=held, act_number=number, act_date=day, published_at=now, published_on=today,
        published_by=actor.person_id,
    )  # fmt: skip
    session.add(draw)
    session.flush()
    hashes = [each["sha256"] for each in lists]
    record(session, at=now, actor=actor, event="draw.published", subject=draw,
           after={"lists": hashes, "source": name, "held_on": held, "act": number})  # fmt: skip
    return draw


def enter_seed(session: Session, *, draw_id: UUID, seed: str, actor: Actor, now: datetime) -> RankingDraw:
    """Enter the outcome of the public draw, once, from its day on, by another person than who published the lists.

    Raises SeedTooEarly, SeedKnown or SeedBySamePerson.
    """
    draw = draw_for_update(session, draw_id)
    authorise(actor, Action.RANKING_PUBLISH, draw)
    text = clean_line(seed)
    if not text or len(text) > LONGEST:
        raise Invalid(lazy_("Write the outcome of the public draw, at most 200 characters."), "seed")
    if draw.is_held:
        raise SeedKnown
    if draw.published_by is not None and draw.published_by == actor.person_id:
        raise SeedBySamePerson
    today = now.astimezone(ROME).date()
    if today < draw.held_on:
        raise SeedTooEarly
    draw.seed, draw.seed_at, draw.seed_on, draw.seed_by = text, now, today, actor.person_id
    record(session, at=now, actor=actor, event="draw.seeded", subject=draw, before={"seed": None},
           after={"seed": text})  # fmt: skip
    return draw


def _checked(source: str, held_on: date | None, today: date) -> tuple[str, date]:
    name = clean_line(source)
    errors: dict[str, object] = {}
    if not name or len(name) > LONGEST:
        errors["source"] = lazy_("Name the public draw, at most 200 characters: which lottery, which wheel.")
    if held_on is None or held_on <= today:
        errors["held_on"] = lazy_("The public draw is held on a day still to come.")
    if errors or held_on is None:
        raise InvalidForm(errors)
    return name, held_on
