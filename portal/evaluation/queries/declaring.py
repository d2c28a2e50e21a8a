"""What somebody who sits on a commission has declared, and what is still asked of them before anything is shown."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, Tie, allowed, authorise
from portal.calls.models import Call, Phase
from portal.calls.rules import ConflictEffect, PhaseStatus, Text
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Commission, CommissionMember, GeneralDeclaration
from portal.evaluation.queries.naming import Named, count_to_declare, names_to_declare
from portal.evaluation.wording import words_of


@dataclass(frozen=True, slots=True)
class DeclarationPage:
    """First the words to swear; then the names that wait, and those declared free of conflict."""

    phase: Phase
    words: Text
    general: GeneralDeclaration | None
    asked: list[Named]
    answered: list[Named]

    @property
    def ends_seat(self) -> bool:
        """Whether a conflict with one applicant ends the seat for the whole call."""
        return self.phase.design.evaluation.conflict_effect is ConflictEffect.CALL


@dataclass(frozen=True, slots=True)
class Due:
    """A phase that waits for somebody's declaration: the general one, or the one on so many names."""

    phase_id: UUID
    title: Text
    names: int | None
    """How many names are to be answered; None while the general declaration is missing."""


def own_commission(session: Session, actor: Actor, phase_id: UUID, *, for_update: bool = False) -> Commission:
    """The commission of a phase on which the actor votes now, or whose minutes they keep; or NotFound."""
    query = select(Commission).where(Commission.phase_id == phase_id, Commission.id.in_(seats_of(actor)))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    seats = selectinload(Commission.seats).selectinload(CommissionMember.changes)
    found = session.scalars(query.options(seats)).one_or_none()
    if found is None or not allowed(actor, Action.CONFLICT_ANSWER, found):
        raise NotFound
    return found


def seats_of(actor: Actor) -> frozenset[UUID]:
    """The commissions of which the actor declares: those on which they vote, and those whose minutes they keep."""
    return actor.objects_tied_as(Tie.COMMISSION) | actor.objects_tied_as(Tie.SECRETARY)


def general_of(session: Session, commission_id: UUID, person_id: UUID | None) -> GeneralDeclaration | None:
    """What somebody swore, if they did."""
    query = select(GeneralDeclaration).where(
        GeneralDeclaration.commission_id == commission_id, GeneralDeclaration.person_id == person_id
    )
    return session.scalars(query).one_or_none()


def declaration_page(session: Session, actor: Actor, phase_id: UUID) -> DeclarationPage:
    """What is asked of the actor now; no name before the general declaration."""
    commission = own_commission(session, actor, phase_id)
    authorise(actor, Action.CONFLICT_ANSWER, commission)
    phase = session.get_one(Phase, phase_id, options=[joinedload(Phase.call).joinedload(Call.authority)])
    general = general_of(session, commission.id, actor.person_id)
    words = words_of(phase.design)
    if general is None or not general.holds:
        return DeclarationPage(phase, words, general, [], [])
    asked = names_to_declare(session, phase_id, general.person_id)
    answered = names_to_declare(session, phase_id, general.person_id, declared=True)
    return DeclarationPage(phase, words, general, asked, answered)


def declarations_due(session: Session, actor: Actor) -> list[Due]:
    """Every phase under evaluation that waits for a declaration of the actor, the oldest first: one statement."""
    seats = seats_of(actor)
    if not seats or actor.person_id is None:
        return []
    swore = exists().where(
        GeneralDeclaration.commission_id == Commission.id, GeneralDeclaration.person_id == actor.person_id
    )
    names = count_to_declare(Commission.phase_id, actor.person_id)
    query = (
        select(Phase.id, Call.title, swore, names)
        .join(Commission, Commission.phase_id == Phase.id)
        .join(Call, Call.id == Phase.call_id)
        .where(Commission.id.in_(seats), Phase.status == PhaseStatus.EVALUATION, or_(~swore, names > 0))
        .order_by(Phase.closes_at, Phase.id)
    )
    return [Due(phase_id, title, count if has_sworn else None)
            for phase_id, title, has_sworn, count in session.execute(query)]  # fmt: skip
