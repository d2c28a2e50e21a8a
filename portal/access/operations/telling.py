"""Telling people what happened to their second factors: in the trail, in their inbox, by mail."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.labels import FACTOR_CHANGES
from portal.access.models import Person
from portal.access.rules.second_factor import FactorChange, FactorChanged
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.events import announce
from portal.core.mail import send_mail


def tell_of_factor(
    session: Session, *, change: FactorChange, actor: Actor, now: datetime, named: str = "",
    codes_left: int | None = None,
) -> None:  # fmt: skip
    """Record a change of the actor's own second factors, and tell them, so that nobody else makes one unseen."""
    person = session.get_one(Person, actor.person_id)
    after = {"named": named} if named else None
    record(session, at=now, actor=actor, event=f"second_factor.{change.value}", subject=person, after=after)
    announce(session, FactorChanged(person_id=person.id, change=change, at=now))
    send_mail(
        session, to=person.email, template="access/factor_changed", locale=person.locale, now=now,
        name=person.name, what=FACTOR_CHANGES[change], at=now, named=named, codes_left=codes_left,
    )  # fmt: skip
