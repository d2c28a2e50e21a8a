"""Nobody decides alone, and nobody on their own organisation (P10); the database has the last word."""

from uuid import UUID

from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation
from portal.grants.queries import is_of_the_team


class TwoPeople(Conflict):
    """The person who did the first step asks for the second."""

    default = lazy_("This needs two people: whoever did the step before cannot do this one. Ask a colleague.")


class OwnOrganisation(Conflict):
    """The actor belongs to the recipient."""

    default = lazy_("You belong to this organisation: a colleague who does not has to decide.")


for _constraint in ("ck_agreement_two_people", "ck_incorporation_two_people", "ck_milestone_report_two_people"):
    violation(_constraint, TwoPeople)


def stand_apart(*, actor: Actor, organisation_id: UUID, not_again: UUID | None = None) -> None:
    """Return if the actor is neither of the recipient's team nor the person of the step before."""
    if is_of_the_team(actor, organisation_id):
        raise OwnOrganisation
    if not_again is not None and actor.person_id == not_again:
        raise TwoPeople
