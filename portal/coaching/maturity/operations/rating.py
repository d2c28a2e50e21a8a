"""A side rates: drafts as they are written, then one rating that nobody changes."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calls.rules.design import MaturityRules
from portal.coaching.maturity.operations.refusals import AlreadyFinal, NotOpenYet, StaleRating, TeamIsGone
from portal.coaching.maturity.operations.warning import look_for_warnings
from portal.coaching.maturity.queries import Sheet, assessment_to_rate
from portal.coaching.maturity.rules import LIVE, LONGEST_WORDS, missing_levels
from portal.coaching.models import Rating
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, InvalidForm
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.grants.rules import local_day

CHOOSE = lazy_("Choose a level from the list.")


def save_rating(
    session: Session, *, assessment_id: UUID, levels: Mapping[str, int], words: Mapping[str, str], version: int,
    actor: Actor, now: datetime,
) -> Rating:  # fmt: skip
    """Save the draft of one's own side upon the version it was written on (0: the first).

    Saving what already stands changes nothing. Raises Invalid, StaleRating, NotOpenYet, TeamIsGone, AlreadyFinal.
    """
    sheet = _open_sheet(session, assessment_id, actor, now)
    said = _checked(sheet.rules, levels, words)
    rating = sheet.rating
    if rating is None:
        if version:
            raise StaleRating
        rating = Rating(assessment_id=sheet.assessment.id, side=sheet.side, levels=said[0], words=said[1], saved_at=now,
                        saved_by=actor.person_id)  # fmt: skip
        session.add(rating)
    elif said != (rating.levels, rating.words):
        if rating.version != version:
            raise StaleRating
        rating.levels, rating.words = said
        rating.saved_at, rating.saved_by = now, actor.person_id
    session.flush()
    return rating


def finalise_rating(session: Session, *, assessment_id: UUID, actor: Actor, now: datetime) -> Rating:
    """Give one's rating for good. Raises InvalidForm naming the dimensions without a level."""
    sheet = _open_sheet(session, assessment_id, actor, now)
    rating = sheet.rating
    missing = missing_levels(sheet.rules, rating.levels if rating else {})
    if rating is None or missing:
        raise InvalidForm({f"level-{key}": CHOOSE for key in missing})
    rating.final_at, rating.saved_by = now, actor.person_id
    after = {"moment": sheet.assessment.moment, "side": sheet.side}
    record(session, at=now, actor=actor, event="maturity.rated", subject=sheet.assessment, after=after)
    session.flush()
    look_for_warnings(session, grant_ids=[sheet.assessment.grant_id], now=now)
    return rating


def _open_sheet(session: Session, assessment_id: UUID, actor: Actor, now: datetime) -> Sheet:
    sheet = assessment_to_rate(session, actor, assessment_id)
    if sheet.is_final:
        raise AlreadyFinal
    if sheet.assessment.grant.status not in LIVE:
        raise TeamIsGone
    if sheet.assessment.opens_on > local_day(now):
        raise NotOpenYet
    return sheet


def _checked(
    rules: MaturityRules, levels: Mapping[str, int], words: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, str]]:
    """Levels and words of known dimensions, in the order of the call."""
    highest = {each.key: len(each.levels) for each in rules.dimensions}
    for key, level in levels.items():
        if not 1 <= level <= highest.get(key, 0):
            raise Invalid(CHOOSE, f"level-{key}")
    said = {key: text for key in highest if (text := clean_text(words.get(key, "")))}
    for key, text in said.items():
        if len(text) > LONGEST_WORDS:
            raise Invalid(lazy_("Write at most %(count)d characters.", count=LONGEST_WORDS), f"words-{key}")
    return {key: levels[key] for key in highest if key in levels}, said
