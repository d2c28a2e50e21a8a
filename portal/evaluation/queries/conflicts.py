"""Who may not score what: conflicts declared, and members of an applicant organisation, present or past."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation, Person, TieRow
from portal.access.policy import Tie
from portal.access.queries import MEMBER_TIES
from portal.applications.models import Application
from portal.applications.rules import REGISTERED, ApplicationStatus
from portal.evaluation.distribution import Pair
from portal.evaluation.models import ConflictDeclaration
from portal.evaluation.suggesting import FORMER_WITHIN


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody of the commission who belongs, or belonged, to an applicant."""

    person: Person
    organisation: Organisation
    is_live: bool


def applicant_ids(session: Session, call_id: UUID) -> Sequence[UUID]:
    """The organisations with a registered application to the call."""
    query = select(Application.organisation_id).where(
        Application.call_id == call_id, Application.status.in_(REGISTERED - {ApplicationStatus.WITHDRAWN})
    )
    return session.scalars(query.distinct()).all()


def memberships(
    session: Session, *, people: Sequence[UUID], organisations: Sequence[UUID], now: datetime
) -> list[Membership]:
    """Ties of these people to these organisations, by name: those of now, and those that ended of late (P18)."""
    query = (
        select(Person, Organisation, TieRow.until)
        .join(TieRow, TieRow.person_id == Person.id)
        .join(Organisation, Organisation.id == TieRow.object_id)
        .where(Person.id.in_(people), Organisation.id.in_(organisations), TieRow.tie.in_(MEMBER_TIES))
        .where(or_(TieRow.until.is_(None), TieRow.until > now - FORMER_WITHIN))
        .order_by(Person.name, Person.id, Organisation.name, Organisation.id)
    )
    return [
        Membership(person, organisation, until is None or until > now)
        for person, organisation, until in session.execute(query)
    ]


def barred_pairs(
    session: Session, *, people: Sequence[UUID], applications: Sequence[Application], now: datetime,
    declared_only: bool = False,
) -> set[Pair]:  # fmt: skip
    """Pairs of application and person that a conflict keeps apart, or (by default) a membership of now or of late.

    A conflict that was lifted by an act keeps apart no longer.
    """
    ties = (Tie.CONFLICTED,) if declared_only else (Tie.CONFLICTED, *MEMBER_TIES)
    by_object: dict[UUID, list[UUID]] = defaultdict(list)
    for application in applications:
        by_object[application.organisation_id].append(application.id)
        by_object[application.id].append(application.id)
    query = select(TieRow.object_id, TieRow.person_id).where(
        TieRow.person_id.in_(people),
        TieRow.object_id.in_(by_object),
        TieRow.tie.in_(ties),
        or_(TieRow.until.is_(None), and_(TieRow.tie != Tie.CONFLICTED, TieRow.until > now - FORMER_WITHIN)),
    )
    return {(each, person) for object_id, person in session.execute(query) for each in by_object[object_id]}


def conflicts_carried(session: Session, *, people: Sequence[UUID], applications: Sequence[Application]) -> set[Pair]:
    """Pairs that a conflict with another application of the same applicant to the same call keeps apart.

    Who stepped back in the first phase steps back in the next one too.
    """
    theirs: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for each in applications:
        theirs[each.call_id, each.organisation_id].append(each.id)
    query = (
        select(Application.call_id, Application.organisation_id, TieRow.person_id)
        .join(TieRow, TieRow.object_id == Application.id)
        .where(TieRow.person_id.in_(people), TieRow.tie == Tie.CONFLICTED, TieRow.until.is_(None))
        .where(Application.call_id.in_({call for call, _organisation in theirs}))
    )
    return {(each, person) for call, organisation, person in session.execute(query)
            for each in theirs.get((call, organisation), ())}  # fmt: skip


def conflicts_of_phase(session: Session, phase_id: UUID) -> list[tuple[ConflictDeclaration, Application, Person]]:
    """The conflicts declared or found in a phase, newest first."""
    query = (
        select(ConflictDeclaration, Application, Person)
        .join(Application, Application.id == ConflictDeclaration.application_id)
        .join(Person, Person.id == ConflictDeclaration.person_id)
        .where(Application.phase_id == phase_id, ConflictDeclaration.has_conflict)
        .options(joinedload(Application.organisation))
        .order_by(ConflictDeclaration.at.desc(), ConflictDeclaration.id.desc())
    )
    return [(declaration, application, person) for declaration, application, person in session.execute(query)]
