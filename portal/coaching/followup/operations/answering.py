"""A project tells how it is: once, through its link, without an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.coaching.followup.queries.link import link_to_answer, state_of
from portal.coaching.followup.rules import LONGEST_HELPED, MOST_JOBS, IncomeSource, LinkState
from portal.coaching.models import FollowUp, FollowUpAnswer, FollowUpIncome
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.core.unit_of_work import violation


@dataclass(frozen=True, slots=True)
class Given:
    """What was told: alive or not, income in cents by source, people in jobs, what helped."""

    is_alive: bool
    income: Mapping[IncomeSource, int] = field(default_factory=dict)
    jobs: int = 0
    disadvantaged: int = 0
    helped: str = ""


class LinkIsOver(Closed):
    """Answered, replaced by a newer one, or too old."""

    default = lazy_("This link is not valid any more: the questions were answered, or a newer link was sent.")


def answer_follow_up(session: Session, *, token: str, given: Given, actor: Actor, now: datetime) -> FollowUpAnswer:
    """Keep the answer and use the link up. Raises NotFound for a link that nobody sent, LinkIsOver, Invalid."""
    link = link_to_answer(session, token)
    session.scalars(select(FollowUp.id).where(FollowUp.id == link.follow_up_id).with_for_update()).one()
    session.refresh(link)
    session.refresh(link.follow_up, ["answer"])
    if state_of(link, now) is not LinkState.OPEN:
        raise LinkIsOver
    jobs = _checked_jobs(given) if given.is_alive else (0, 0)
    helped = clean_text(given.helped)
    if len(helped) > LONGEST_HELPED:
        raise Invalid(lazy_("Write at most %(count)d characters.", count=LONGEST_HELPED), "helped")
    income = [FollowUpIncome(source=source, cents=cents) for source, cents in given.income.items() if cents > 0]
    row = FollowUpAnswer(
        follow_up_id=link.follow_up_id, link_id=link.id, answered_at=now, is_alive=given.is_alive, jobs=jobs[0],
        disadvantaged=jobs[1], helped=helped or None, income=income if given.is_alive else [],
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event="follow_up.answer", subject=link.follow_up, after={"link": link.id})
    return row


def _checked_jobs(given: Given) -> tuple[int, int]:
    if not 0 <= given.jobs <= MOST_JOBS:
        raise Invalid(lazy_("Write a whole number of people, 0 at least."), "jobs")
    if not 0 <= given.disadvantaged <= given.jobs:
        raise Invalid(lazy_("Of the people in jobs: no more than all of them."), "disadvantaged")
    return given.jobs, given.disadvantaged


violation("uq_follow_up_answer", LinkIsOver)
violation("link is over", LinkIsOver)
