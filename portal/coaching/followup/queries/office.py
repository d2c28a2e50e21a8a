"""What the office reads: every question of a call with its answer, and who has not answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, Role, Tie, authorise
from portal.calls.models import Call
from portal.coaching.followup.rules import Count, Told, published_counts
from portal.coaching.maturity.rules import LIVE
from portal.coaching.models import FollowUp, FollowUpAnswer, FollowUpLink
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import _, in_language, ngettext
from portal.grants.models import Grant
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

WITH_PROJECT = joinedload(FollowUp.grant).options(
    joinedload(Grant.call), joinedload(Grant.application), joinedload(Grant.organisation)
)
PATIENCE = timedelta(days=30)
"""After so long without an answer the office finds the question on its desk."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and where it stands."""

    row: FollowUp
    told: Told
    sent_at: datetime | None

    @property
    def may_be_sent(self) -> bool:
        """Whether the office may send a link."""
        return self.told in (Told.SENT, Told.EXPIRED)


@dataclass(frozen=True, slots=True)
class OfficePage:
    """Every question of a call, by its day."""

    call: Call
    rows: Sequence[Asked]

    @property
    def answers(self) -> list[FollowUpAnswer]:
        """What was told."""
        return [each.row.answer for each in self.rows if each.row.answer is not None]

    @property
    def published(self) -> tuple[int | None, int | None]:
        """The counts of jobs as everybody may read them, for the last question that each project answered."""
        latest = {each.follow_up.grant_id: each for each in sorted(self.answers, key=lambda one: one.follow_up.months)}
        return published_counts([Count(each.jobs, each.disadvantaged) for each in latest.values()])


def office_page(session: Session, actor: Actor, slug: str, now: datetime) -> OfficePage:
    """The questions of a call, for its office and auditors; those about applicants in conflict are left out."""
    call = session.scalars(select(Call).where(Call.slug == slug)).one_or_none()
    if call is None:
        raise NotFound
    authorise(actor, Action.FOLLOW_UP_READ, call)
    apart = actor.objects_tied_as(Tie.CONFLICTED)
    query = (
        select(FollowUp)
        .join(Grant, Grant.id == FollowUp.grant_id)
        .options(WITH_PROJECT, selectinload(FollowUp.links))
        .options(joinedload(FollowUp.answer).selectinload(FollowUpAnswer.income))
        .where(FollowUp.call_id == call.id, Grant.application_id.not_in(apart), Grant.organisation_id.not_in(apart))
        .order_by(FollowUp.opens_on, Grant.reference, FollowUp.id)
    )
    return OfficePage(call, [_asked(each, now) for each in session.scalars(query)])


def _asked(row: FollowUp, now: datetime) -> Asked:
    last = row.links[-1] if row.links else None
    if row.answer is not None:
        told = Told.ANSWERED
    elif last is None:
        told = Told.NOT_YET
    else:
        told = Told.SENT if now < last.expires_at else Told.EXPIRED
    return Asked(row, told, last.sent_at if last else None)


def follow_up_asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """A line for each call with projects that were asked a month ago and have not answered."""
    offices = actor.authorities_as(Role.OFFICER)
    if not offices:
        return
    silent = (
        select(FollowUpLink.follow_up_id)
        .group_by(FollowUpLink.follow_up_id)
        .having(func.max(FollowUpLink.sent_at) <= now - PATIENCE)
    )
    query = (
        select(*line(id=Call.id, name=Call.slug, title=Call.title, number=func.count(FollowUp.id)))
        .select_from(FollowUp)
        .join(Call, Call.id == FollowUp.call_id)
        .join(Grant, Grant.id == FollowUp.grant_id)
        .outerjoin(FollowUpAnswer, FollowUpAnswer.follow_up_id == FollowUp.id)
        .where(FollowUp.authority_id.in_(offices), FollowUpAnswer.id.is_(None), FollowUp.id.in_(silent))
        .where(Grant.status.in_(LIVE))
        .group_by(Call.id, Call.slug)
    )
    yield Ask(query, (Call.slug,), _silent)


def _silent(found: Any) -> DueStep:
    return DueStep(
        what=ngettext("%(num)d project has not told how it is", "%(num)d projects have not told how they are",
                      found.number),
        button=_("Take a look"),
        path=f"/manage/calls/{found.name}/follow-up",
        why=_("A month has passed since the link was sent: call them, or send a new one."),
        place=in_language(found.title),
    )  # fmt: skip
