"""Verified facts: recorded by the office, or handed in by members and then verified or refused."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import OfferedFact, VerifiedFact
from portal.access.policy import Action
from portal.access.queries.facts import offer_locked, open_offers
from portal.access.queries.organisations import hold_organisation, organisation_seen
from portal.access.queries.people import MEMBER_TIES
from portal.access.rules.facts import (
    ACCEPTED,
    MOST_BYTES,
    REFUSE_OFFER,
    REPLACE_OFFER,
    VERIFY_OFFER,
    FactKind,
    OfferDecided,
    OfferStatus,
    check_issued_on,
    check_valid_until,
    local_day,
    valid_until,
)
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.core.text import clean_line, clean_text
from portal.documents.models import StoredFile
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules

LONGEST_REASON = 500
DOCUMENTS = FileRules(ACCEPTED, MOST_BYTES)


class OwnOrganisation(Forbidden):
    """Nobody verifies a fact about an organisation they belong to."""

    default = lazy_("You belong to this organisation: another officer verifies its documents.")


@dataclass(frozen=True, slots=True)
class FactSeen:
    """What an officer read in a document; without an expiry, the one of its kind holds."""

    kind: FactKind
    issued_on: date
    source: str
    expires_on: date | None = None
    note: str = ""


def file_rules(session: Session, *, organisation_id: UUID, action: Action, actor: Actor) -> FileRules:
    """What is asked of a document, to whoever may hand it in or record it."""
    organisation_seen(session, organisation_id, actor, action)
    return DOCUMENTS


def record_fact(
    session: Session,
    *,
    organisation_id: UUID,
    seen: FactSeen,
    actor: Actor,
    now: datetime,
    upload: Arrived | None = None,
) -> VerifiedFact:
    """Record a fact that the office has checked, with its file when there is one. Raises Invalid."""
    organisation_seen(session, organisation_id, actor, Action.FACT_RECORD)
    _stand_apart(organisation_id, actor)
    file = _stored(session, upload, actor, now) if upload is not None else None
    return _record(session, organisation_id, seen, file, actor, now)


def offer_fact(
    session: Session,
    *,
    organisation_id: UUID,
    kind: FactKind,
    issued_on: date,
    upload: Arrived | None,
    actor: Actor,
    now: datetime,
) -> OfferedFact:
    """Hand in a document; one that still waits for the office is put aside. Raises Invalid."""
    found = organisation_seen(session, organisation_id, actor, Action.FACT_OFFER).organisation
    if actor.person_id is None:
        raise Forbidden
    if found.is_informal:
        raise Invalid(lazy_("An informal group has no such documents: they come with the legal entity."), "kind")
    check_issued_on(issued_on, local_day(now))
    file = _stored(session, upload, actor, now)
    hold_organisation(session, organisation_id)
    for earlier in open_offers(session, organisation_id, kind):
        earlier.make(REPLACE_OFFER, at=now)
        record(session, at=now, actor=actor, event="fact.replace", subject=earlier, after={"status": earlier.status})
    session.flush()
    offer = OfferedFact(
        organisation_id=organisation_id,
        kind=kind,
        issued_on=issued_on,
        file_id=file.id,
        status=OfferStatus.OFFERED,
        status_at=now,
        offered_by=actor.person_id,
        offered_at=now,
    )
    session.add(offer)
    after = {"kind": kind, "issued_on": issued_on, "file": file.name, "sha256": file.sha256}
    record(session, at=now, actor=actor, event=Action.FACT_OFFER, subject=offer, after=after)
    return offer


def verify_offer(
    session: Session, *, organisation_id: UUID, offer_id: UUID, seen: FactSeen, actor: Actor, now: datetime
) -> OfferedFact:
    """Turn a document that members handed in into a verified fact with its file. Raises IllegalMove, Invalid."""
    offer = offer_locked(session, organisation_id, offer_id, actor)
    _stand_apart(organisation_id, actor)
    VERIFY_OFFER.apply(offer.status)
    fact = _record(session, organisation_id, seen, offer.file, actor, now)
    session.flush()
    offer.fact_id, offer.decided_by = fact.id, actor.person_id
    return _decided(session, offer, VERIFY_OFFER, actor, now)


def refuse_offer(
    session: Session, *, organisation_id: UUID, offer_id: UUID, reason: str, actor: Actor, now: datetime
) -> OfferedFact:
    """Refuse a document that members handed in, with the reason they read. Raises IllegalMove, Invalid."""
    offer = offer_locked(session, organisation_id, offer_id, actor)
    _stand_apart(organisation_id, actor)
    told = clean_text(reason)[:LONGEST_REASON]
    if not clean_line(told):
        raise Invalid(
            lazy_("Write the reason: whoever handed the document in reads it and sends a better one."), "reason"
        )
    offer.refusal_reason, offer.decided_by = told, actor.person_id
    return _decided(session, offer, REFUSE_OFFER, actor, now)


def _decided(session: Session, offer: OfferedFact, move: Move[OfferStatus], actor: Actor, now: datetime) -> OfferedFact:
    before = offer.status
    offer.make(move, at=now)
    record(
        session, at=now, actor=actor, event=f"fact.{move.name}", subject=offer, before={"status": before},
        after={"status": offer.status, "fact": offer.fact_id}, reason=offer.refusal_reason,
    )  # fmt: skip
    announce(session, OfferDecided(offer.id, now))
    return offer


def _record(
    session: Session, organisation_id: UUID, seen: FactSeen, file: StoredFile | None, actor: Actor, now: datetime
) -> VerifiedFact:
    if actor.person_id is None:
        raise Forbidden
    source = clean_line(seen.source)
    if not source:
        raise Invalid(lazy_("Say where the document was checked."), "source")
    check_issued_on(seen.issued_on, local_day(now))
    until = seen.expires_on or valid_until(seen.kind, seen.issued_on)
    check_valid_until(until, seen.issued_on)
    fact = VerifiedFact(
        organisation_id=organisation_id,
        kind=seen.kind,
        source=source,
        issued_on=seen.issued_on,
        valid_until=until,
        note=clean_text(seen.note) or None,
        file_id=file.id if file else None,
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    session.add(fact)
    after = {"kind": fact.kind, "issued_on": fact.issued_on, "valid_until": until, "source": source}
    after |= {"file": file.name, "sha256": file.sha256} if file else {}
    record(session, at=now, actor=actor, event=Action.FACT_RECORD, subject=fact, after=after)
    return fact


def _stored(session: Session, upload: Arrived | None, actor: Actor, now: datetime) -> StoredFile:
    return store_upload(session, upload=upload, rules=DOCUMENTS, actor=actor, now=now)


def _stand_apart(organisation_id: UUID, actor: Actor) -> None:
    if not actor.ties_to(organisation_id).isdisjoint(MEMBER_TIES):
        raise OwnOrganisation
