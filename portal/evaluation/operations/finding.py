"""Conflicts that the portal finds by itself: memberships, and conflicts of an earlier phase of the same call."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.ties import tie, untie
from portal.applications.models import Application
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.evaluation.distribution import Pair
from portal.evaluation.models import Assignment, Commission, ConflictDeclaration
from portal.evaluation.queries.conflicts import applicant_ids, barred_pairs, conflicts_carried, memberships
from portal.evaluation.rules import LIVE, RECUSE, RECUSE_FINAL

BELONGS = "Fa o ha fatto parte dell'organizzazione proponente (rilevato dal portale)"
BEFORE = "Si è astenuto da un'altra domanda dello stesso proponente in questo avviso (rilevato dal portale)"


def find_conflicts(
    session: Session, *, commission: Commission, applications: Sequence[Application], call_id: UUID, now: datetime
) -> None:
    """Write down the memberships that were not known when the commission was appointed, and conflicts of before.

    What follows for the seat, where the call says so, is `leaving.settle_seats`.
    """
    people = [member.person_id for member in commission.declaring]
    found = memberships(session, people=people, organisations=applicant_ids(session, call_id), now=now)
    belong = {(each.organisation.id, each.person.id) for each in found}
    known = barred_pairs(session, people=people, applications=applications, declared_only=True, now=now)
    theirs = {(each.id, person) for each in applications for person in people
              if (each.organisation_id, person) in belong}  # fmt: skip
    before = conflicts_carried(session, people=people, applications=applications) - known - theirs
    for pairs, reason in ((theirs - known, BELONGS), (before, BEFORE)):
        for application_id, person_id in sorted(pairs):
            note_found_conflict(session, application_id=application_id, person_id=person_id, reason=reason, now=now)
            recuse(session, applications=[application_id], person_id=person_id, actor=SYSTEM, now=now)


def note_found_conflict(
    session: Session, *, application_id: UUID, person_id: UUID, now: datetime, reason: str = BELONGS,
    actor: Actor = SYSTEM,
) -> None:  # fmt: skip
    """Write down a conflict that the portal found by itself, or that the office confirmed."""
    row = ConflictDeclaration(
        application_id=application_id, person_id=person_id, has_conflict=True, at=now, reason=reason
    )
    session.add(row)
    bar(session, application_id=application_id, person_id=person_id, now=now)
    record(session, at=now, actor=actor, event="conflict.found", subject=row,
           after={"application": application_id, "person": person_id})  # fmt: skip


def bar(session: Session, *, application_id: UUID, person_id: UUID, now: datetime) -> None:
    """From now on every path of this person to this application is closed: the policy reads this tie."""
    untie(session, person_id=person_id, tie=Tie.ASSIGNED, object_id=application_id, now=now)
    tie(session, person_id=person_id, tie=Tie.CONFLICTED, object_type="application", object_id=application_id, now=now)


def recuse(
    session: Session, *, applications: Sequence[UUID], person_id: UUID, actor: Actor, now: datetime
) -> list[Pair]:
    """End the assignments that somebody holds on these applications, finalised ones too: they count no longer."""
    query = select(Assignment).where(
        Assignment.application_id.in_(applications), Assignment.person_id == person_id,
        Assignment.status.in_(LIVE),
    )  # fmt: skip
    ended: list[Pair] = []
    for row in session.scalars(query.order_by(Assignment.id)).all():
        before = row.status
        row.make(RECUSE if before in RECUSE.sources else RECUSE_FINAL, at=now)
        untie(session, person_id=person_id, tie=Tie.ASSIGNED, object_id=row.application_id, now=now)
        record(session, at=now, actor=actor, event="assignment.recused", subject=row, before={"status": before},
               after={"status": row.status})  # fmt: skip
        ended.append((row.application_id, person_id))
    return ended
