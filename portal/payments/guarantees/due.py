"""What guarantees ask of people: finance reads a new one, recipient and finance look after one that is about to end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from portal.access.policy import Role, Tie
from portal.access.queries import MEMBER_TIES
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant
from portal.grants.rules import GrantStatus, end_of_day, local_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep
from portal.payments.guarantees.models import Guarantee
from portal.payments.guarantees.rules import GuaranteeStatus

ENDS_SOON = timedelta(days=60)
"""How long before its last day: the time that a bank takes to extend it."""
OVER = (GrantStatus.CLOSED, GrantStatus.RENOUNCED, GrantStatus.FORFEITED)


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Guarantees to be read, and those whose last day is near or past while their grant goes on."""
    ends = Guarantee.valid_until
    ending = _guarantees().where(
        Guarantee.status == GuaranteeStatus.VERIFIED, Guarantee.renews.is_(False), Grant.status.not_in(OVER),
        ends <= local_day(now) + ENDS_SOON,
    )  # fmt: skip
    if owned := actor.objects_tied_as(Tie.OWNER):
        yield Ask(ending.where(Grant.organisation_id.in_(owned)), (ends, Guarantee.id), _extend)
    if homes := actor.authorities_as(Role.FINANCE_MAKER):
        yield Ask(ending.where(Guarantee.authority_id.in_(homes)), (ends, Guarantee.id), _watch)
    readers = actor.authorities_as(Role.FINANCE_MAKER) | actor.authorities_as(Role.FINANCE_APPROVER)
    if readers:
        waiting = _guarantees().where(Guarantee.status == GuaranteeStatus.RECORDED)
        mine = waiting.where(Guarantee.authority_id.in_(readers), *_not_ones_own(actor))
        yield Ask(mine, (Guarantee.recorded_at, Guarantee.id), _read)


def _guarantees() -> Select[Any]:
    said = line(id=Guarantee.grant_id, name=Guarantee.number, more=Application.title, day=Guarantee.valid_until)
    query = select(*said).select_from(Guarantee).join(Grant, Grant.id == Guarantee.grant_id)
    return query.join(Application, Application.id == Grant.application_id)


def _not_ones_own(actor: Actor) -> list[Any]:
    """Nobody reads that of an organisation they belong to, or of a grant they stood aside from (P10)."""
    tied = {tied for tie, tied in actor.ties if tie in {*MEMBER_TIES, Tie.CONFLICTED}}
    columns = (Grant.id, Grant.organisation_id, Grant.application_id, Grant.call_id)
    return [column.not_in(tied) for column in columns] if tied else []


def _extend(found: Any) -> DueStep:
    return DueStep(
        what=_("Guarantee %(number)s is about to end: have it extended, or record another", number=found.name),
        button=_("Open"), path=f"/grants/{found.id}/guarantees", by=end_of_day(found.day), place=found.more,
        why=_("The advance stays guaranteed until the project is accounted for."),
    )  # fmt: skip


def _watch(found: Any) -> DueStep:
    return DueStep(
        what=_("Guarantee %(number)s is about to end: ask for its extension, or call it", number=found.name),
        button=_("Open"), path=f"/grants/{found.id}/guarantees", by=end_of_day(found.day), place=found.more,
    )  # fmt: skip


def _read(found: Any) -> DueStep:
    return DueStep(
        what=_("Guarantee %(number)s waits to be verified", number=found.name), button=_("Read it"),
        path=f"/grants/{found.id}/guarantees", place=found.more,
    )  # fmt: skip
