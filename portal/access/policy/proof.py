"""Second factors that an action needs: one given in this session, or one given just now."""

from datetime import datetime, timedelta

from portal.access.policy.table import FRESH, STRONG
from portal.access.policy.vocabulary import Action
from portal.core.actor import Actor
from portal.core.errors import Forbidden
from portal.core.i18n import lazy_

STEP_UP_FOR = timedelta(minutes=10)
"""How long a second factor counts as fresh for the gravest acts."""


class ProofMissing(Forbidden):
    """An operation was reached without the second factor that it needs."""

    default = lazy_("This needs a second factor given just now. Sign in again and confirm that it is you.")


def is_fresh(strong_at: datetime | None, now: datetime) -> bool:
    """Whether the second factor was given within the last ten minutes."""
    return strong_at is not None and now - strong_at <= STEP_UP_FOR


def lacks_proof(action: Action, *, has_factor: bool, strong_at: datetime | None, now: datetime) -> bool:
    """Whether a second factor must be given before this action. Setting the first one up asks for none."""
    if action is Action.FACTORS_MANAGE and not has_factor:
        return False
    if action in FRESH:
        return not is_fresh(strong_at, now)
    return action in STRONG and strong_at is None


def must_have_proved(actor: Actor, action: Action) -> None:
    """Return if the actor gave the second factor that this action needs, when their request began.

    The door of a route asks for it; this is what an operation keeps itself. Raises ProofMissing.
    """
    if actor.is_system or action not in FRESH | STRONG:
        return
    read_at = actor.read_at
    if read_at is None or lacks_proof(action, has_factor=True, strong_at=actor.strong_at, now=read_at):
        raise ProofMissing
