"""The list of names that a commission declares on, and what is left to declare. Names only, nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.access.models import TieRow
from portal.access.policy import Tie
from portal.access.queries import MEMBER_TIES
from portal.applications.models import Application
from portal.applications.rules import UNDER_EVALUATION
from portal.core.actor import Actor
from portal.evaluation.models import (
    Commission,
    ConflictDeclaration,
    ConflictSuggestion,
    NamesShown,
    SuggestionDecision,
)
from portal.evaluation.suggesting import Likeness

PersonKey = UUID | SQLColumnExpression[UUID]


@dataclass(frozen=True, slots=True)
class Named:
    """One line of the list: who applies, with whom, and what the portal noticed."""

    names_id: UUID
    application_id: UUID
    names: Sequence[str]
    likenesses: frozenset[Likeness] = field(default_factory=frozenset)


def newest_names(application_ids: SQLColumnExpression[UUID] | None = None) -> Select[NamesShown]:
    """The names that stand now, one row an application."""
    later = aliased(NamesShown)
    query = select(NamesShown).where(
        ~exists().where(later.application_id == NamesShown.application_id, later.version > NamesShown.version)
    )
    return query if application_ids is None else query.where(NamesShown.application_id == application_ids)


def declared_on(person_id: PersonKey) -> ColumnElement[bool]:
    """Whether this person has declared to be free of conflict on these very names, and on no conflict since."""
    since = aliased(ConflictDeclaration)
    conflict = exists().where(
        since.application_id == ConflictDeclaration.application_id,
        since.person_id == ConflictDeclaration.person_id,
        since.has_conflict,
        since.at >= ConflictDeclaration.at,
    )
    return exists().where(
        ConflictDeclaration.names_id == NamesShown.id,
        ConflictDeclaration.person_id == person_id,
        ConflictDeclaration.has_conflict.is_(False),
        ~conflict,
    )


def barred_from(person_id: PersonKey, application_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Whether a conflict keeps this person from an application, and was not lifted."""
    return exists().where(
        TieRow.person_id == person_id,
        TieRow.object_id == application_id,
        TieRow.tie == Tie.CONFLICTED,
        TieRow.until.is_(None),
    )


def undecided(person_id: PersonKey, application_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Whether a suggestion about this person and an application waits for a decision."""
    return exists().where(
        ConflictSuggestion.person_id == person_id,
        ConflictSuggestion.application_id == application_id,
        ~exists().where(SuggestionDecision.suggestion_id == ConflictSuggestion.id),
    )


def on_the_list(phase_id: UUID, person_id: UUID) -> Select[NamesShown]:
    """The names of a phase as this person sees them: what they are in conflict with is not there."""
    query = newest_names().join(Application, Application.id == NamesShown.application_id)
    return query.where(
        Application.phase_id == phase_id,
        Application.status.in_(UNDER_EVALUATION),
        ~barred_from(person_id, NamesShown.application_id),
    )


def names_to_declare(session: Session, phase_id: UUID, person_id: UUID, *, declared: bool = False) -> list[Named]:
    """The lines still to be answered (or those answered "no conflict"), in the order of the alphabet."""
    answered = declared_on(person_id)
    rows = session.scalars(on_the_list(phase_id, person_id).where(answered if declared else ~answered)).all()
    noticed = _noticed(session, person_id, [each.application_id for each in rows])
    found = [Named(each.id, each.application_id, each.names, noticed.get(each.application_id, frozenset()))
             for each in rows]  # fmt: skip
    return sorted(found, key=lambda each: ([name.casefold() for name in each.names], each.names_id))


def _noticed(session: Session, person_id: UUID, applications: Sequence[UUID]) -> Mapping[UUID, frozenset[Likeness]]:
    query = select(ConflictSuggestion.application_id, ConflictSuggestion.likeness).where(
        ConflictSuggestion.person_id == person_id, ConflictSuggestion.application_id.in_(applications)
    )
    found: dict[UUID, frozenset[Likeness]] = {}
    for application_id, likeness in session.execute(query) if applications else ():
        found[application_id] = found.get(application_id, frozenset()) | {likeness}
    return found


def count_to_declare(phase_id: SQLColumnExpression[UUID], person_id: UUID) -> ColumnElement[int]:
    """How many lines of a phase wait for this person, as part of another statement."""
    later = aliased(NamesShown)
    query = (
        select(func.count(NamesShown.id))
        .join(Application, Application.id == NamesShown.application_id)
        .where(
            and_(Application.phase_id == phase_id, Application.status.in_(UNDER_EVALUATION)),
            ~exists().where(later.application_id == NamesShown.application_id, later.version > NamesShown.version),
            ~barred_from(person_id, NamesShown.application_id),
            ~declared_on(person_id),
        )
    )
    return query.scalar_subquery()


def suggestions_open(phase_id: SQLColumnExpression[UUID]) -> ColumnElement[int]:
    """On how many suggestions of a phase nobody has decided, as part of another statement."""
    query = (
        select(func.count(ConflictSuggestion.id))
        .join(Application, Application.id == ConflictSuggestion.application_id)
        .where(Application.phase_id == phase_id)
        .where(~exists().where(SuggestionDecision.suggestion_id == ConflictSuggestion.id))
        .where(~barred_from(ConflictSuggestion.person_id, ConflictSuggestion.application_id))
    )
    return query.scalar_subquery()


def kept_from(session: Session, actor: Actor, phase_id: UUID) -> frozenset[UUID]:
    """The applications of which the actor is told nothing: conflicts, own ones; for who sits, what is undeclared.

    Every page about a phase asks this, be it of the chair, so that lists and counts agree with what may be opened.
    """
    conflicts = frozenset(actor.objects_tied_as(Tie.CONFLICTED))
    seats = actor.objects_tied_as(Tie.COMMISSION) | actor.objects_tied_as(Tie.SECRETARY)
    own = {tied for name, tied in actor.ties if name in MEMBER_TIES}
    if actor.person_id is None or not (seats or own):
        return conflicts
    sits = exists().where(Commission.phase_id == Application.phase_id, Commission.id.in_(seats))
    declared = newest_names(Application.id).where(declared_on(actor.person_id)).exists()
    query = select(Application.id).where(
        Application.phase_id == phase_id,
        or_(Application.organisation_id.in_(own), and_(Application.status.in_(UNDER_EVALUATION), sits, ~declared)),
    )
    return conflicts | set(session.scalars(query))
