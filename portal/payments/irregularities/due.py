"""What irregularities ask of people: the recipient replies, the office closes and reports."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from portal.access.models import Organisation
from portal.access.policy import Role, Tie
from portal.access.queries import MEMBER_TIES
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant
from portal.grants.rules import end_of_day, local_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep
from portal.payments.irregularities.models import Irregularity

OPEN = Irregularity.closed_at.is_(None)


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Of owners of the recipient, of officers who did not open it, of finance."""
    if owned := actor.objects_tied_as(Tie.OWNER):
        query = _lines(Irregularity.reply_by).where(Grant.organisation_id.in_(owned), OPEN)
        yield Ask(query.where(Irregularity.replied_at.is_(None)), (Irregularity.reply_by, Irregularity.id), _reply)
    apart = {tied for tie, tied in actor.ties if tie in {*MEMBER_TIES, Tie.CONFLICTED}}
    if homes := actor.authorities_as(Role.OFFICER):
        today = local_day(now)
        heard = or_(
            Irregularity.replied_at.is_not(None), Irregularity.reply_by.is_(None), Irregularity.reply_by < today
        )
        query = _lines(Irregularity.reply_by).where(Irregularity.authority_id.in_(homes), OPEN, heard)
        held = Irregularity.held_by.is_(None) | (Irregularity.held_by != actor.person_id)
        query = query.where(Irregularity.opened_by != actor.person_id, held, Grant.organisation_id.not_in(apart))
        yield Ask(query, (Irregularity.reply_by, Irregularity.id), _close)
    if homes := actor.authorities_as(Role.OFFICER) | actor.authorities_as(Role.FINANCE_MAKER):
        query = _lines(Irregularity.report_by).where(Irregularity.authority_id.in_(homes))
        query = query.where(Irregularity.report_by.is_not(None), Irregularity.reported_on.is_(None))
        query = query.where(Grant.organisation_id.not_in(apart))
        yield Ask(query, (Irregularity.report_by, Irregularity.id), _report)


def _lines(day: Any) -> Select[Any]:
    columns = line(id=Irregularity.id, name=Grant.reference, more=Organisation.name, day=day)
    query = select(*columns).select_from(Irregularity).join(Grant, Grant.id == Irregularity.grant_id)
    return query.join(Organisation, Organisation.id == Grant.organisation_id)


def _step(found: Any, what: str, button: str, why: str) -> DueStep:
    return DueStep(
        what=what, button=button, path=f"/irregularities/{found.id}", why=why,
        by=end_of_day(found.day) if found.day else None, place=f"{found.name} · {found.more}",
    )  # fmt: skip


def _reply(found: Any) -> DueStep:
    return _step(found, _("Reply to what was found in your grant"), _("Read and reply"),
                 _("No money is paid until it is made clear."))  # fmt: skip


def _close(found: Any) -> DueStep:
    return _step(found, _("Close an irregularity, or ask money back"), _("Open"),
                 _("The recipient was heard; payments of the grant wait."))  # fmt: skip


def _report(found: Any) -> DueStep:
    return _step(found, _("Report an irregularity to the European body"), _("Open"),
                 _("The Union's part is above the threshold of the call."))  # fmt: skip
