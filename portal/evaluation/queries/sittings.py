"""Sessions of commissions and their minutes, for who sits and for the office; a conflict takes its lines away."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.access.policy import Action, allowed, authorise
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Commission, CommissionMember, Minutes, MinutesSignature, Presence, Sitting
from portal.evaluation.queries.naming import kept_from
from portal.evaluation.queries.seats import with_people
from portal.evaluation.rules import Seat
from portal.evaluation.sittings import Line, is_whole, readable_lines


@dataclass(frozen=True, slots=True)
class Record:
    """Minutes as one reader may read them."""

    minutes: Minutes
    lines: list[Line]
    is_whole: bool

    @property
    def signatures(self) -> list[MinutesSignature]:
        """Who signs, by name."""
        return sorted(self.minutes.signatures, key=lambda each: (each.person.name, each.person_id))

    @property
    def waits_for(self) -> list[MinutesSignature]:
        """Who is still to sign."""
        return [each for each in self.minutes.signatures if each.waits]

    def waits_for_person(self, person_id: UUID | None) -> bool:
        """Whether this person is."""
        return any(each.person_id == person_id for each in self.waits_for)


@dataclass(frozen=True, slots=True)
class SittingPage:
    """One session with the call and the phase it belongs to, and its minutes."""

    sitting: Sitting
    phase: Phase
    records: list[Record]
    hidden: frozenset[UUID]
    """The applications that are kept from the reader."""

    @property
    def commission(self) -> Commission:
        """Who sits."""
        return self.sitting.commission

    @property
    def there(self) -> list[Presence]:
        """Who was there, as they came in; at once, the chair first, then members, then the secretary."""
        order = list(Seat)
        return sorted(self.sitting.presences, key=lambda each: (each.at, order.index(each.member.seat), each.member_id))

    @property
    def expected(self) -> list[CommissionMember]:
        """Who may be there: those who vote, then the secretary."""
        return self.commission.declaring

    @property
    def absent(self) -> list[CommissionMember]:
        """Who may still come in."""
        there = {each.member_id for each in self.sitting.presences}
        return [each for each in self.expected if each.id not in there]


def sitting_page(session: Session, actor: Actor, sitting_id: UUID) -> SittingPage:
    """One session, or NotFound for who neither sits on the commission nor belongs to the office."""
    sitting, phase = _found(session, sitting_id)
    if not allowed(actor, Action.SITTING_READ, sitting):
        raise NotFound
    hidden = kept_from(session, actor, phase.id)
    return SittingPage(sitting, phase, [record_of(each, hidden) for each in sitting.minutes], hidden)


def _found(session: Session, sitting_id: UUID) -> tuple[Sitting, Phase]:
    minutes = selectinload(Sitting.minutes)
    query = (
        select(Sitting, Phase)
        .join(Sitting.commission)
        .join(Phase, Phase.id == Commission.phase_id)
        .join(Phase.call)
        .where(Sitting.id == sitting_id)
        .options(
            contains_eager(Phase.call).joinedload(Call.authority),
            contains_eager(Sitting.commission).options(*with_people()),
            selectinload(Sitting.presences).joinedload(Presence.member).joinedload(CommissionMember.person),
            minutes.joinedload(Minutes.protocol_entry),
            minutes.joinedload(Minutes.file),
            minutes.selectinload(Minutes.signatures).joinedload(MinutesSignature.person),
        )
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def record_of(minutes: Minutes, hidden: frozenset[UUID]) -> Record:
    """The minutes without what concerns the applications that are kept from the reader."""
    stored = minutes.document["lines"]
    return Record(minutes, readable_lines(stored, hidden), is_whole(stored, hidden))


def sittings_of(session: Session, commission: Commission) -> Sequence[Sitting]:
    """The sessions of a commission in the order in which they were convened, with who signed."""
    query = (
        select(Sitting)
        .where(Sitting.commission_id == commission.id)
        .options(selectinload(Sitting.minutes).selectinload(Minutes.signatures))
        .order_by(Sitting.number)
    )
    return session.scalars(query).all()


def readable_minutes(session: Session, actor: Actor, minutes_id: UUID) -> tuple[Record, Phase]:
    """Minutes with their session, or NotFound."""
    sitting_id = session.scalar(select(Minutes.sitting_id).where(Minutes.id == minutes_id))
    if sitting_id is None:
        raise NotFound
    page = sitting_page(session, actor, sitting_id)
    return next(each for each in page.records if each.minutes.id == minutes_id), page.phase


def commission_to_keep(session: Session, actor: Actor, commission_id: UUID) -> tuple[Commission, Phase]:
    """A commission whose sessions the actor convenes, locked; or NotFound or Forbidden."""
    query = (
        select(Commission, Phase)
        .join(Phase, Phase.id == Commission.phase_id)
        .where(Commission.id == commission_id)
        .options(*with_people())
        .options(joinedload(Phase.call).joinedload(Call.authority))
        .with_for_update(of=Commission)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.SITTING_KEEP, found[0])
    return found[0], found[1]


def sitting_to_keep(session: Session, actor: Actor, sitting_id: UUID) -> SittingPage:
    """A session that the actor keeps, locked; or NotFound or Forbidden."""
    locked = select(Sitting.id).where(Sitting.id == sitting_id).with_for_update()
    session.execute(locked).all()
    page = sitting_page(session, actor, sitting_id)
    session.refresh(page.sitting, ["status", "opened_at"])
    authorise(actor, Action.SITTING_KEEP, page.sitting)
    return page
