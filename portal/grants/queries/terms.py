"""Terms that a recipient missed: a line for the office, which alone ends a grant, by an act."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.access.models import Organisation
from portal.access.policy import Role
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.grants.models import Grant, Incorporation
from portal.grants.rules import GrantStatus, local_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def missed_terms(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Grants nobody accepted in time, and groups that became no legal entity in time."""
    offices = actor.authorities_as(Role.OFFICER)
    if not offices:
        return
    today = local_day(now)
    columns = line(id=Grant.id, name=Organisation.name, more=Grant.reference)
    query = select(*columns).select_from(Grant).join(Organisation, Organisation.id == Grant.organisation_id)
    query = query.where(Grant.authority_id.in_(offices))
    late = query.where(Grant.status == GrantStatus.PROPOSED, Grant.accept_by < today)
    yield Ask(late, (Grant.accept_by, Grant.id), _not_accepted)
    groups = query.join(Incorporation, Incorporation.grant_id == Grant.id).where(
        Grant.status == GrantStatus.INCORPORATING, Incorporation.due_on < today, Incorporation.recorded_at.is_(None)
    )
    yield Ask(groups, (Incorporation.due_on, Grant.id), _not_incorporated)


def _not_accepted(found: Any) -> DueStep:
    return _missed(found, _("%(name)s has neither accepted nor renounced its grant in time", name=found.name))


def _not_incorporated(found: Any) -> DueStep:
    return _missed(found, _("%(name)s has not become a legal entity in time", name=found.name))


def _missed(found: Any, what: str) -> DueStep:
    return DueStep(
        what=what,
        button=_("Decide"),
        path=f"/grants/{found.id}/end",
        why=_("The term alone ends nothing: the office declares the forfeiture by an act, or waits."),
        place=found.more,
    )
