"""What the list asks of officers: applications that somebody marked for the decision on admissibility."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.access.policy import Role
from portal.applications.inbox.scope import apart_of, not_apart, reached
from portal.applications.models import InboxEntry
from portal.core.actor import Actor
from portal.core.i18n import _, ngettext
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def asks(actor: Actor, _now: datetime) -> Iterator[Ask]:
    """One line for all that are marked, for officers."""
    if actor.authorities_as(Role.OFFICER):
        yield _marked(actor)


def _marked(actor: Actor) -> Ask:
    query = (
        select(*line(number=func.count(InboxEntry.id)))
        .where(InboxEntry.authority_id.in_(actor.authorities_as(Role.OFFICER)), InboxEntry.marked_at.is_not(None))
        .where(reached(), *not_apart(apart_of(actor)))
        .having(func.count(InboxEntry.id) > 0)
    )
    return Ask(query, (func.count(InboxEntry.id),), _decide)


def _decide(found: Any) -> DueStep:
    return DueStep(
        what=ngettext("%(num)d application marked for the decision on admissibility",
                      "%(num)d applications marked for the decision on admissibility", found.number),
        button=_("Open"),
        path="/manage/applications?marked=1",
        why=_("Somebody of the office marked them in the list: they are ready to be decided."),
    )  # fmt: skip
