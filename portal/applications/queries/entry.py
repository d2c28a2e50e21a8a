"""Entering a later phase: what an applicant did in the one before, and which gates are closed to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.access.models import Organisation
from portal.applications.gates import Missing, Standing, closed_gates
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether an applicant may enter a phase: its application of the phase before, and everything that is missing."""

    organisation: Organisation
    earlier: Application | None
    missing: list[Missing]

    @property
    def is_open(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def entries_of(session: Session, phase: Phase, organisations: Sequence[Organisation]) -> list[Entry]:
    """Each applicant at the gates of a phase; one statement, none for the first phase."""
    before = _before(session, phase, [each.id for each in organisations])
    return [entry_with(phase, each, _to_follow(before.get(each.id, ()))) for each in organisations]


def entry_locked(session: Session, phase: Phase, organisation: Organisation) -> Entry:
    """The same for one applicant, with its earlier applications locked: what they say holds until the commit."""
    if phase.earlier is not None:
        query = select(Application.id).where(
            Application.phase_id == phase.earlier.id, Application.organisation_id == organisation.id
        )
        session.execute(query.with_for_update())
    found = _before(session, phase, [organisation.id]).get(organisation.id, ())
    return entry_with(phase, organisation, _to_follow(found))


def entry_of(session: Session, application: Application, *, locked: bool = False) -> Entry:
    """An application of a later phase at its gates, as what it follows stands now."""
    earlier = application.follows
    if earlier is not None and locked:
        query = select(Application).where(Application.id == earlier.id).with_for_update()
        earlier = session.scalars(query.execution_options(populate_existing=True)).one()
    return entry_with(application.phase, application.organisation, earlier)


def entry_with(phase: Phase, organisation: Organisation, earlier: Application | None) -> Entry:
    """An applicant with this application of the phase before, at the gates of a phase."""
    now_is = (organisation.kind.value, organisation.legal_form.value)
    standing = Standing(
        name=organisation.name,
        is_informal=organisation.is_informal,
        reference=earlier.reference if earlier else "",
        status=earlier.status if earlier else None,
        attended=earlier.attended_minutes if earlier else 0,
        is_invited=earlier is not None and earlier.invited_at is not None,
        entered_as=earlier.entered_as if earlier else now_is,
    )
    return Entry(organisation, earlier, closed_gates(phase.call.design, phase.key, standing))


def successor_of(session: Session, application: Application) -> Application | None:
    """The application of the later phase that follows this one, unless it was withdrawn."""
    query = select(Application).where(
        Application.follows_id == application.id, Application.status != ApplicationStatus.WITHDRAWN
    )
    return session.scalars(query.order_by(Application.id.desc()).limit(1)).one_or_none()


def _before(
    session: Session, phase: Phase, organisations: Sequence[UUID]
) -> dict[UUID, list[tuple[Application, bool]]]:
    """The live applications of the phase before, by applicant, each with whether one follows it already."""
    if phase.earlier is None or not organisations:
        return {}
    later = aliased(Application)
    is_followed = select(later.id).where(
        later.follows_id == Application.id, later.status != ApplicationStatus.WITHDRAWN
    )
    query = (
        select(Application, is_followed.exists())
        .where(Application.phase_id == phase.earlier.id, Application.organisation_id.in_(organisations))
        .where(Application.status != ApplicationStatus.WITHDRAWN)
        .options(joinedload(Application.organisation), joinedload(Application.phase))
        .order_by(Application.id)
    )
    found: dict[UUID, list[tuple[Application, bool]]] = {}
    for application, followed in session.execute(query.execution_options(populate_existing=True)):
        found.setdefault(application.organisation_id, []).append((application, bool(followed)))
    return found


def _to_follow(found: Sequence[tuple[Application, bool]]) -> Application | None:
    """Of several, the first that was admitted and that nothing follows yet; else the first admitted, else the first."""
    ordered = sorted(found, key=lambda each: (each[0].status is not ApplicationStatus.SELECTED, each[1]))
    return ordered[0][0] if ordered else None
