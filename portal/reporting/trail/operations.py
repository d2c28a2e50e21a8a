"""Anchoring the trail, verifying it, and noting that somebody took a part of it away."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority, Person
from portal.access.policy import Role
from portal.access.queries import people_with_role
from portal.core.actor import Actor
from portal.core.audit import (
    GENESIS,
    AuditAnchor,
    AuditVerification,
    Count,
    anchor_file,
    record,
    verify,
    verify_anchors,
)
from portal.core.mail import send_mail
from portal.documents.storage import current_storage
from portal.grants.rules import local_day
from portal.reporting.trail.aggregates import seen
from portal.reporting.trail.export import TrailFile, trail_file
from portal.reporting.trail.kept import stored
from portal.reporting.trail.queries import latest_anchor

MOST_TOLD = 20
"""Faults named in a mail; `portal audit verify` names all of them."""


def anchor_trail(session: Session, *, now: datetime) -> AuditAnchor:
    """Write all heads of today to the store and mail their digest to every auditor; once a day.

    Raises Unavailable when the store does not answer: nothing is anchored then.
    """
    last, day = latest_anchor(session), local_day(now)
    if last is not None and last.day >= day:
        return last
    previous = last.digest if last else GENESIS
    file = anchor_file(session, day=day, previous=previous)
    anchor = AuditAnchor(
        number=last.number + 1 if last else 1, day=day, at=now, heads=len(file.heads),
        events=sum(head.sequence for head in file.heads), digest=file.digest, previous_digest=previous,
    )  # fmt: skip
    session.add(anchor)
    session.flush()
    current_storage().put(anchor.key, file.content)
    _tell(session, (Role.AUDITOR,), "trail/anchored", now, anchor=anchor)
    return anchor


def faults_of(session: Session, *, now: datetime, count: Count) -> Iterator[str]:
    """Every fault of the chains, then of the anchors."""
    yield from verify(session, count)
    yield from verify_anchors(session, stored, today=local_day(now), count=count)


def note_verification(session: Session, *, faults: list[str], count: Count, now: datetime) -> AuditVerification:
    """Keep what a verification found, for the page of the auditor; a fault is mailed to auditors and administrators."""
    found = AuditVerification(
        at=now, chains=count.chains, events=count.events, anchors=count.anchors, faults=len(faults),
        first_fault=faults[0] if faults else None,
    )  # fmt: skip
    session.add(found)
    if faults:
        roles = (Role.AUDITOR, Role.ADMINISTRATOR)
        _tell(session, roles, "trail/broken", now, faults=faults[:MOST_TOLD], number=len(faults))
    return found


def take_away(session: Session, *, subject_type: str, subject_id: UUID, actor: Actor, now: datetime) -> TrailFile:
    """Make the archive of an object's history, and write in that history who took it; NotFound for other objects."""
    found = seen(session, actor, subject_type, subject_id)
    file = trail_file(session, seen=found, now=now)
    record(session, at=now, actor=actor, event="trail.export", subject=found.found, after={"sha256": file.sha256})
    return file


def _tell(session: Session, roles: tuple[Role, ...], template: str, now: datetime, **told: Any) -> None:
    """One message a person, whatever number of authorities they work for."""
    people: dict[object, Person] = {}
    for authority_id in session.scalars(select(Authority.id).order_by(Authority.id)).all():
        for role in roles:
            people |= {each.id: each for each in people_with_role(session, role, authority_id, now)}
    for person in people.values():
        send_mail(
            session, to=person.email, template=template, locale=person.locale, now=now, person=person.name, **told
        )
