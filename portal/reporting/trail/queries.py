"""Reading the trail: the history of one object, and the list of the auditor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.core.actor import Actor
from portal.core.audit import (
    AuditAnchor,
    AuditEvent,
    AuditVerification,
    NotAnAnchor,
    extract_of,
    read_anchor_file,
)
from portal.core.errors import NotFound
from portal.reporting.trail.aggregates import seen
from portal.reporting.trail.entries import Entry, Reader, entry
from portal.reporting.trail.kept import stored
from portal.reporting.trail.labels import BY_KIND
from portal.reporting.trail.names import names_of
from portal.reporting.trail.rules import EVALUATION_SUBJECTS, PAGE, RANKED, REFUSED, SCORED, Kind, Wanted, bounds
from portal.reporting.trail.scope import about, not_sealed, of_the_authority, security_of_the_authority
from portal.reporting.trail.seen import Seen
from portal.reporting.trail.values import absent_people, ids_in

MOST_PEOPLE = 60
LATEST_ANCHORS = 14


@dataclass(frozen=True, slots=True)
class History:
    """What happened to one object and its parts, newest first."""

    seen: Seen
    entries: list[Entry]
    people: list[tuple[UUID, str]]
    more: UUID | None


@dataclass(frozen=True, slots=True)
class Trail:
    """The list of an authority, newest first, with what was verified last and the anchors taken."""

    entries: list[Entry]
    more: UUID | None
    verified: AuditVerification | None
    anchors: Sequence[AuditAnchor]
    is_whole: bool


def history_of(session: Session, actor: Actor, subject_type: str, subject_id: UUID, wanted: Wanted) -> History:
    """The history of an object, for whoever may read it; NotFound for everything else."""
    found = seen(session, actor, subject_type, subject_id)
    mine = found.rows()
    asked = [mine, *_asked(wanted)]
    outside = _not_of_the_commission()
    if (wanted.person is not None or wanted.by) and not found.is_inside:
        asked.append(outside)
    rows, more = _page(session, and_(*asked), wanted)
    reader = Reader(names_commission=found.is_inside, sees_points=not found.hides_points, sees_requests=found.is_inside)
    return History(
        found, _entries(session, rows, reader), _people(session, mine if found.is_inside else and_(mine, outside)), more
    )


def _people(session: Session, rows: ColumnElement[bool]) -> list[tuple[UUID, str]]:
    """Who acted, by name; under the latest name where it changed."""
    query = (
        select(AuditEvent.actor_id, AuditEvent.actor_name)
        .where(rows, AuditEvent.actor_id.is_not(None), AuditEvent.actor_name.is_not(None))
        .distinct()
        .order_by(AuditEvent.actor_name, AuditEvent.actor_id)
    )
    found = {key: name for key, name in session.execute(query.limit(MOST_PEOPLE)) if key and name}
    return sorted(found.items(), key=lambda each: (each[1], each[0]))


def _not_of_the_commission() -> ColumnElement[bool]:
    """Events by which nobody could guess who evaluated."""
    scored = or_(AuditEvent.event == SCORED, AuditEvent.event.startswith(RANKED, autoescape=True))
    return ~or_(AuditEvent.subject_type.in_(EVALUATION_SUBJECTS), scored)


def trail_of_authorities(session: Session, actor: Actor, wanted: Wanted) -> Trail:
    """Auditors read everything of their authorities, administrators what concerns security; newest first."""
    rows, more = _page(session, and_(_scope(actor), *_asked(wanted)), wanted)
    return Trail(
        entries=_entries(session, rows, Reader()),
        more=more,
        verified=session.scalars(select(AuditVerification).order_by(AuditVerification.at.desc()).limit(1)).first(),
        anchors=session.scalars(select(AuditAnchor).order_by(AuditAnchor.number.desc()).limit(LATEST_ANCHORS)).all(),
        is_whole=bool(actor.authorities_as(Role.AUDITOR)),
    )


def _scope(actor: Actor) -> ColumnElement[bool]:
    audited = actor.authorities_as(Role.AUDITOR)
    administered = actor.authorities_as(Role.ADMINISTRATOR)
    theirs = or_(of_the_authority(audited), security_of_the_authority(audited | administered))
    return and_(theirs, not_sealed(actor))


def extract_for(session: Session, actor: Actor, day: date) -> bytes:
    """What the anchor of a day says of the objects of which the actor may read; NotFound without its file."""
    try:
        file = read_anchor_file(stored(anchor_of(session, day).key) or b"")
    except NotAnAnchor as error:
        raise NotFound from error
    objects = select(AuditEvent.subject_type, AuditEvent.subject_id).where(_scope(actor)).distinct()
    return extract_of(file, {(kind, str(key)) for kind, key in session.execute(objects)})


def anchor_of(session: Session, day: date) -> AuditAnchor:
    """The anchor of a day, or NotFound."""
    found = session.scalars(select(AuditAnchor).where(AuditAnchor.day == day)).one_or_none()
    if found is None:
        raise NotFound
    return found


def latest_anchor(session: Session) -> AuditAnchor | None:
    """The last anchor taken."""
    return session.scalars(select(AuditAnchor).order_by(AuditAnchor.number.desc()).limit(1)).first()


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.kind is Kind.REFUSAL:
        asked.append(AuditEvent.event.startswith(REFUSED, autoescape=True))
    elif wanted.kind is not None:
        asked.append(AuditEvent.event.in_(list(BY_KIND[wanted.kind])))
    if wanted.person is not None:
        asked.append(AuditEvent.actor_id == wanted.person)
    if wanted.by:
        asked.append(AuditEvent.actor_name.icontains(wanted.by, autoescape=True))
    if wanted.about:
        asked.append(about(wanted.about))
    if wanted.day is not None:
        start, end = bounds(wanted.day)
        asked.append(and_(AuditEvent.at >= start, AuditEvent.at < end))
    return asked


def _page(session: Session, rows: ColumnElement[bool], wanted: Wanted) -> tuple[Sequence[AuditEvent], UUID | None]:
    query: Select[AuditEvent] = select(AuditEvent).where(rows)
    if wanted.after is not None:
        last = select(AuditEvent.at).where(AuditEvent.id == wanted.after, rows).correlate(None).scalar_subquery()
        query = query.where(or_(AuditEvent.at < last, and_(AuditEvent.at == last, AuditEvent.id < wanted.after)))
    found = session.scalars(query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    return shown, shown[-1].id if len(found) > PAGE else None


def _entries(session: Session, rows: Sequence[AuditEvent], reader: Reader) -> list[Entry]:
    ids = {row.subject_id for row in rows}
    for row in rows:
        ids |= {*ids_in(row.before), *ids_in(row.after), *absent_people(row.actor_roles)}
    names = names_of(session, ids)
    return [entry(row, names, reader) for row in rows]
