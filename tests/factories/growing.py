"""A call that rates maturity and asks after the end, and a team under it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.designer.growing import usual_dimensions
from portal.calls.rules import CallDesign
from portal.calls.rules.design import FollowUpRules, MaturityMoment, MaturityRules
from portal.coaching.followup.operations import ask_again
from portal.coaching.maturity.operations import finalise_rating, save_rating
from portal.coaching.models import Assessment, EarlyWarning, FollowUp, Rating
from portal.core.mail import OutgoingMail
from portal.grants.models import Grant
from portal.grants.rules import local_day
from tests.factories.base import bari_design
from tests.factories.grants import World, make_world

ADAPTER: TypeAdapter[MaturityRules] = TypeAdapter(MaturityRules)
KEYS = tuple(each["key"] for each in usual_dimensions())


def maturity_rules(**given: Any) -> MaturityRules:
    """The six usual dimensions of four levels, with what a test changes."""
    return replace(ADAPTER.validate_python({"dimensions": usual_dimensions()}), **given)


def growing_design(**given: Any) -> CallDesign:
    """The call of Bari, which rates maturity and asks after 6 and 12 months."""
    return replace(bari_design(), maturity=maturity_rules(**given), follow_up=FollowUpRules())


def make_growing(session: Session, *, now: datetime, **given: Any) -> tuple[World, Grant]:
    """A grant under way, its team coached, all its moments planned; `given` changes the rules of maturity."""
    world = make_world(session, now=now, design=growing_design(**given))
    grant = world.activate()
    world.engage()
    session.flush()
    return world, grant


def assessment(session: Session, grant: Grant, moment: MaturityMoment = MaturityMoment.ENTRY) -> Assessment:
    """One moment of a grant."""
    query = select(Assessment).where(Assessment.grant_id == grant.id, Assessment.moment == moment)
    return session.scalars(query).one()


def rate(
    world: World, grant: Grant, *, by: Any, level: int, now: datetime, moment: MaturityMoment = MaturityMoment.ENTRY,
    words: str = "", **levels: int,
) -> Rating:  # fmt: skip
    """Somebody gives a rating: one level for all, others by name."""
    row = assessment(world.session, grant, moment)
    said = dict.fromkeys(KEYS, level) | levels
    texts = dict.fromkeys(KEYS, words) if words else {}
    save_rating(world.session, assessment_id=row.id, levels=said, words=texts, version=0, actor=world.actor(by),
                now=now)  # fmt: skip
    return finalise_rating(world.session, assessment_id=row.id, actor=world.actor(by), now=now)


def warnings_of(session: Session, grant: Grant) -> list[EarlyWarning]:
    """Every warning about a grant, by its mark."""
    query = select(EarlyWarning).where(EarlyWarning.grant_id == grant.id)
    return list(session.scalars(query.order_by(EarlyWarning.mark)))


def follow_up(session: Session, grant: Grant, months: int = 6) -> FollowUp:
    """One question after the end of a grant."""
    return session.scalars(select(FollowUp).where(FollowUp.grant_id == grant.id, FollowUp.months == months)).one()


def end_at(session: Session, grant: Grant, now: datetime, days: int) -> None:
    """The project ended so many days ago, and so its questions are due from months after."""
    ended = local_day(now - timedelta(days=days))
    grant.starts_on, grant.ends_on = ended - timedelta(days=300), ended
    for row in session.scalars(select(Assessment).where(Assessment.grant_id == grant.id)):
        row.opens_on, row.due_on = grant.starts_on, ended
    for asked in session.scalars(select(FollowUp).where(FollowUp.grant_id == grant.id)):
        asked.opens_on = ended + timedelta(days=30 * asked.months)
    session.flush()


def ask(world: World, row: FollowUp, *, now: datetime) -> str:
    """The office sends a link; returns its token, which only the mail knows."""
    ask_again(world.session, follow_up_id=row.id, actor=world.actor(world.officer), now=now)
    world.session.flush()
    mails = select(OutgoingMail).where(OutgoingMail.body.contains("/follow-up/")).order_by(OutgoingMail.id.desc())
    mail = world.session.scalars(mails).first()
    assert mail is not None
    return mail.body.split("/follow-up/")[1].split()[0]
