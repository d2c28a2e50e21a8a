"""What keeps somebody from noting that a team was there."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.policy import Tie
from portal.applications.models import Application
from portal.coaching.accompaniment.rules import Held
from portal.coaching.models import Meeting
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.instants import Instant
from portal.grants.apart import stand_apart


class StandsApart(Conflict):
    """A declared conflict counts for attendance too."""

    default = lazy_("You stand apart from one of these teams: a colleague notes whether it was there.")


def must_be_apart(application: Application, actor: Actor) -> None:
    """Return if the actor neither belongs to the team nor stands apart from it."""
    stand_apart(actor=actor, organisation_id=application.organisation_id)
    if {application.id, application.organisation_id} & actor.objects_tied_as(Tie.CONFLICTED):
        raise StandsApart


def must_be_elsewhere(meetings: Sequence[Meeting], application_id: UUID, held: Held, field: str) -> None:
    """Refuse a team at two meetings at once: its hours would count twice."""
    for each in meetings:
        if each.present.get(application_id, False) and each.held.is_during(held):
            raise Invalid(
                lazy_(
                    "One of these teams was at “%(title)s” then (%(instant)s): nobody is at two meetings at once.",
                    title=each.title,
                    instant=Instant(each.starts_at),
                ),
                field,
            )
