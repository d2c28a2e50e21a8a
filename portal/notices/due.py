"""What `access` asks of people: whoever represents an organisation, and the administrator where nobody does."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.access.policy import Role, Tie
from portal.access.queries.waiting import places_in_consortia, requests_to_join, unrepresented_organisations
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Requests to be let in, questions to take part in a consortium or to lead it, organisations left alone."""
    owned = actor.objects_tied_as(Tie.OWNER)
    if owned:
        yield _requests(owned)
        yield _places(owned)
    authorities = actor.authorities_as(Role.ADMINISTRATOR)
    if authorities:
        yield _left_alone(authorities)


def _requests(owned: frozenset[UUID]) -> Ask:
    found = requests_to_join(owned).subquery().c
    query = select(*line(id=found.organisation_id, name=found.organisation, more=found.about))
    return Ask(query, (found.at, found.id), _request)


def _request(found: Any) -> DueStep:
    return DueStep(
        what=_("%(person)s asks to be let in", person=found.more),
        button=_("Give an answer"),
        path=f"/organisations/{found.id}/members#requests",
        why=_("Only whoever represents the organisation decides who belongs to it."),
        place=found.name,
    )


def _places(owned: frozenset[UUID]) -> Ask:
    found = places_in_consortia(owned).subquery().c
    said = line(id=found.organisation_id, name=found.organisation, more=found.about, number=found.leads)
    return Ask(select(*said), (found.at, found.id), _place)


def _place(found: Any) -> DueStep:
    return DueStep(
        what=_("Lead %(name)s?", name=found.more) if found.number else _("Take part in %(name)s?", name=found.more),
        button=_("Give an answer"),
        path=f"/organisations/{found.id}/consortia",
        why=_("Nobody takes part in a consortium, or leads it, without having agreed."),
        place=found.name,
    )


def _left_alone(authorities: frozenset[UUID]) -> Ask:
    found = unrepresented_organisations(authorities).subquery().c
    query = select(*line(id=found.organisation_id, name=found.organisation))
    return Ask(query, (found.organisation, found.organisation_id), _alone)


def _alone(found: Any) -> DueStep:
    return DueStep(
        what=_("Appoint who represents %(name)s", name=found.name),
        button=_("Open"),
        path=f"/organisations/{found.id}/members#appoint",
        why=_("Nobody with an open account represents it any more: it can neither sign nor ask for money."),
        place=found.name,
    )
