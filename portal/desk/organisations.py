"""What documents of organisations ask of people: officers verify what was handed in, members renew what expires."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.labels import FACTS
from portal.access.policy import Role, Tie
from portal.access.queries.facts import facts_expiring, offers_to_verify
from portal.access.rules.facts import local_day
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.core.instants import format_day
from portal.grants.rules import end_of_day
from portal.notices.rules import DueStep


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """Documents to verify (officers), documents about to expire (who represents or writes for an organisation)."""
    return [*_to_verify(session, actor), *_to_renew(session, actor, now)]


def _to_verify(session: Session, actor: Actor) -> Iterator[DueStep]:
    authorities = actor.authorities_as(Role.OFFICER)
    for offer in offers_to_verify(session, authorities) if authorities else ():
        yield DueStep(
            what=_("Verify a document: %(document)s", document=FACTS[offer.kind]),
            button=_("Verify"),
            path=f"/organisations/{offer.organisation_id}/offers/{offer.id}",
            why=_("Handed in on %(day)s. Verified, it holds for every payment until it expires.",
                  day=format_day(offer.offered_at)),
            place=offer.organisation.name,
        )  # fmt: skip


def _to_renew(session: Session, actor: Actor, now: datetime) -> Iterator[DueStep]:
    mine = actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR)
    for organisation, kind, until in facts_expiring(session, mine, local_day(now)) if mine else ():
        yield DueStep(
            what=_("Hand in a new document: %(document)s", document=FACTS[kind]),
            button=_("Hand in"),
            path=f"/organisations/{organisation.id}/documents/offer",
            by=end_of_day(until),
            why=_("The one that the office verified is valid until %(day)s.", day=format_day(until)),
            place=organisation.name,
        )
