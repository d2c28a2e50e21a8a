"""What documents of organisations ask of people: officers verify what was handed in, members renew what expires."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, select

from portal.access.labels import FACTS
from portal.access.models import OfferedFact, Organisation, OrganisationRegistration, VerifiedFact
from portal.access.policy import Role, Tie
from portal.access.rules.facts import TELL_BEFORE, FactKind, OfferStatus, local_day
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.core.instants import format_day
from portal.grants.rules import end_of_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Documents to verify (officers), documents about to expire (who represents or writes for an organisation)."""
    authorities = actor.authorities_as(Role.OFFICER)
    if authorities:
        yield _to_verify(authorities)
    mine = actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR)
    if mine:
        yield _to_renew(mine, now)


def _to_verify(authorities: frozenset[UUID]) -> Ask:
    """Documents that wait for officers of these authorities, the oldest first."""
    known = select(OrganisationRegistration.organisation_id).where(
        OrganisationRegistration.authority_id.in_(authorities)
    )
    columns = line(
        id=OfferedFact.id, of=Organisation.id, name=Organisation.name, more=cast(OfferedFact.kind, String),
        at=OfferedFact.offered_at,
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(OfferedFact)
        .join(Organisation, Organisation.id == OfferedFact.organisation_id)
        .where(OfferedFact.status == OfferStatus.OFFERED, OfferedFact.organisation_id.in_(known))
    )
    return Ask(query, (OfferedFact.offered_at, OfferedFact.id), _verify)


def _verify(found: Any) -> DueStep:
    return DueStep(
        what=_("Verify a document: %(document)s", document=FACTS[FactKind(found.more)]),
        button=_("Verify"),
        path=f"/organisations/{found.of}/offers/{found.id}",
        why=_("Handed in on %(day)s. Verified, it holds for every payment until it expires.",
              day=format_day(found.at)),
        place=found.name,
    )  # fmt: skip


def _to_renew(organisations: frozenset[UUID], now: datetime) -> Ask:
    """The newest fact of each kind that expires soon or has just expired, and that nothing handed in replaces."""
    last = (
        select(VerifiedFact.organisation_id, VerifiedFact.kind, func.max(VerifiedFact.valid_until).label("until"))
        .where(VerifiedFact.organisation_id.in_(organisations))
        .group_by(VerifiedFact.organisation_id, VerifiedFact.kind)
        .subquery()
    )
    handed_in = select(OfferedFact.id).where(
        OfferedFact.organisation_id == last.c.organisation_id,
        OfferedFact.kind == last.c.kind,
        OfferedFact.status == OfferStatus.OFFERED,
    )
    today = local_day(now)
    query = (
        select(*line(id=Organisation.id, name=Organisation.name, more=cast(last.c.kind, String), day=last.c.until))
        .select_from(last)
        .join(Organisation, last.c.organisation_id == Organisation.id)
        .where(last.c.until.between(today - TELL_BEFORE, today + TELL_BEFORE), ~handed_in.exists())
    )
    return Ask(query, (last.c.until, Organisation.name, Organisation.id), _renew)


def _renew(found: Any) -> DueStep:
    return DueStep(
        what=_("Hand in a new document: %(document)s", document=FACTS[FactKind(found.more)]),
        button=_("Hand in"),
        path=f"/organisations/{found.id}/documents/offer",
        by=end_of_day(found.day),
        why=_("The one that the office verified is valid until %(day)s.", day=format_day(found.day)),
        place=found.name,
    )
