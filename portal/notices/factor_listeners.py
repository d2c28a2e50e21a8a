"""What the inbox hears from the rooms below it."""

from sqlalchemy.orm import Session

from portal.access.labels import FACTOR_CHANGES
from portal.access.rules.second_factor import FactorChanged
from portal.core.i18n import in_both
from portal.notices.operations import notify


def tell_of_factor(session: Session, event: FactorChanged) -> None:
    """A line for whoever's second factors changed, so that nobody changes them unseen."""
    text = in_both(FACTOR_CHANGES[event.change])
    notify(session, people=[event.person_id], text=text, path="/account/second-factor", now=event.at)
