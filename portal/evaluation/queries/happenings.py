"""What happened while a commission sat, as its minutes tell it: from declarations and the trail; never a mark."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.audit import AuditEvent
from portal.core.errors import NotFound
from portal.core.i18n import in_both, lazy_
from portal.evaluation.models import (
    AgreedMark,
    Assignment,
    Commission,
    ConflictDeclaration,
    Ranking,
    RankingDraw,
    RoundChange,
    SittingRemark,
)
from portal.evaluation.queries.sittings import SittingPage, sitting_page
from portal.evaluation.queries.telling import TELLERS, Known
from portal.evaluation.sittings import Happening, Line, Named, lines_of, readable_lines, stored_lines


@dataclass(frozen=True, slots=True)
class Window:
    """A commission, and from when until when it sat."""

    commission: Commission
    opened_at: datetime
    closed_at: datetime


def happenings(session: Session, window: Window, sitting_id: UUID) -> list[Happening]:
    """Declarations, remarks, and what the trail holds of the phase between opening and closing: seven statements."""
    phase_id = window.commission.phase_id
    named = _applications(session, phase_id)
    found = [*_declarations(session, window), *_remarks(session, sitting_id, named)]
    events = _events(session, window)
    if not events:
        return found
    known = _known(session, window.commission, phase_id, named)
    told = (TELLERS[event.event](event, known) for event in events)
    return [*found, *(each for each in told if each is not None)]


def _applications(session: Session, phase_id: UUID) -> dict[UUID, Named]:
    query = select(Application.id, Application.reference).where(Application.phase_id == phase_id)
    return {key: (key, reference) for key, reference in session.execute(query)}


def _declarations(session: Session, window: Window) -> Iterator[Happening]:
    """Who declared what, or was found to be in conflict, by name; the reasons stay with the office."""
    query = (
        select(ConflictDeclaration, Application.reference, Person.name)
        .join(Application, Application.id == ConflictDeclaration.application_id)
        .join(Person, Person.id == ConflictDeclaration.person_id)
        .where(Application.phase_id == window.commission.phase_id)
        .where(ConflictDeclaration.at >= window.opened_at, ConflictDeclaration.at <= window.closed_at)
        .order_by(ConflictDeclaration.at, ConflictDeclaration.id)
    )
    for row, reference, name in session.execute(query):
        words = IN_CONFLICT if row.has_conflict else FREE
        told = {key: text % {"name": name} for key, text in in_both(words).items()}
        yield Happening(row.at, told, (row.application_id, reference))


def _remarks(session: Session, sitting_id: UUID, named: Mapping[UUID, Named]) -> Iterator[Happening]:
    query = select(SittingRemark).where(SittingRemark.sitting_id == sitting_id)
    for row in session.scalars(query.order_by(SittingRemark.at, SittingRemark.id)):
        about = named.get(row.application_id) if row.application_id else None
        yield Happening(row.at, {"it": row.text, "en": row.text}, about)


def _events(session: Session, window: Window) -> Sequence[AuditEvent]:
    query = (
        select(AuditEvent)
        .where(AuditEvent.authority_id == window.commission.authority_id, AuditEvent.event.in_(TELLERS))
        .where(AuditEvent.at >= window.opened_at, AuditEvent.at <= window.closed_at)
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    return session.scalars(query).all()


def _known(session: Session, commission: Commission, phase_id: UUID, named: Mapping[UUID, Named]) -> Known:
    seats = select(Assignment.id, Assignment.application_id, Person.name).join(Assignment.person)
    marks = select(AgreedMark.id, AgreedMark.application_id, Person.name).join(AgreedMark.rapporteur)
    others = [select(table.id).where(table.phase_id == phase_id) for table in (Ranking, RankingDraw, RoundChange)]
    return Known(
        commission_id=commission.id,
        people={each.person_id: each.person.name for each in commission.seats},
        named=named,
        assignments={key: (named[about], name) for key, about, name in session.execute(
            seats.where(Assignment.application_id.in_(_of_phase(phase_id))))},
        marks={key: (named[about], name) for key, about, name in session.execute(
            marks.where(AgreedMark.application_id.in_(_of_phase(phase_id))))},
        others=frozenset(session.scalars(union_all(*others))),
    )  # fmt: skip


def _of_phase(phase_id: UUID) -> Select[UUID]:
    return select(Application.id).where(Application.phase_id == phase_id)


FREE = lazy_("%(name)s declares to have no conflict of interest")
IN_CONFLICT = lazy_("%(name)s is in conflict of interest and steps back")


def lines_so_far(session: Session, actor: Actor, sitting_id: UUID, now: datetime) -> tuple[SittingPage, list[Line]]:
    """What the minutes of an open session would say now, as this reader may read it; NotFound for one not kept."""
    page = sitting_page(session, actor, sitting_id)
    authorise(actor, Action.SITTING_KEEP, page.sitting)
    opened_at = page.sitting.opened_at
    if opened_at is None or not page.sitting.is_under_way:
        raise NotFound
    found = lines_of(happenings(session, Window(page.commission, opened_at, now), sitting_id))
    return page, readable_lines(stored_lines(found), page.hidden)
