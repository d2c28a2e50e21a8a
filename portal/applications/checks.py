"""Invariants of applications (P1, P3), as `portal check` looks at them; each fault is one line."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.access.models import Organisation
from portal.access.rules import OrganisationKind
from portal.applications.content import content_hash
from portal.applications.models import Application, Submission, TakingPart
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase, PhaseDeadline
from portal.register.models import ProtocolEntry

LEFT = frozenset({ApplicationStatus.EXCLUDED, ApplicationStatus.RENOUNCED})
NEVER_SENT = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN})


def broken(session: Session) -> Iterator[str]:
    """One line for each broken place."""
    yield from _altered(session)
    yield from _late(session)
    yield from _without_submission(session)
    yield from _out_of_line(session)
    yield from _taking_part(session)


def _altered(session: Session) -> Iterator[str]:
    """The content of each submission is the one whose hash was registered."""
    query = select(Submission).options(joinedload(Submission.protocol_entry)).order_by(Submission.id)
    for submission in session.scalars(query.execution_options(yield_per=200)):
        found = content_hash(submission.content)
        if found != submission.content_sha256:
            yield f"applications: submission {submission.id} does not have the content that was hashed"
        elif submission.protocol_entry.sha256 != found:
            yield f"applications: submission {submission.id} is not the document of protocol entry {_label(submission)}"


def _late(session: Session) -> Iterator[str]:
    """None was received after the last instant in force."""
    last = (
        select(PhaseDeadline.phase_id, func.max(PhaseDeadline.last_instant).label("instant"))
        .group_by(PhaseDeadline.phase_id)
        .subquery()
    )
    query = (
        select(Submission.id)
        .join(last, last.c.phase_id == Submission.phase_id)
        .where(Submission.received_at > last.c.instant)
        .order_by(Submission.id)
    )
    for submission_id in session.scalars(query):
        yield f"applications: submission {submission_id} came after the term"


def _without_submission(session: Session) -> Iterator[str]:
    """What counts as sent was registered."""
    registered = (
        select(Submission.id)
        .join(ProtocolEntry, ProtocolEntry.id == Submission.protocol_entry_id)
        .where(Submission.application_id == Application.id)
    )
    query = (
        select(Application.reference, Application.status)
        .where(Application.status.not_in(NEVER_SENT), ~registered.exists())
        .order_by(Application.reference)
    )
    for reference, status in session.execute(query):
        yield f"applications: {reference} is {status.value} but nothing of it is registered"


def _out_of_line(session: Session) -> Iterator[str]:
    """What counts in a later phase follows an application of the phase before and of its applicant."""
    earlier, before, phase = aliased(Application), aliased(Phase), aliased(Phase)
    query = (
        select(Application, earlier, before.position, phase.position)
        .join(phase, phase.id == Application.phase_id)
        .join(earlier, earlier.id == Application.follows_id)
        .join(before, before.id == earlier.phase_id)
        .order_by(Application.reference)
    )
    for application, other, one, two in session.execute(query):
        name = f"applications: {application.reference} follows {other.reference}"
        if (application.call_id, application.organisation_id) != (other.call_id, other.organisation_id):
            yield f"{name}, which is of another call or applicant"
        elif one >= two:
            yield f"{name}, which is not of an earlier phase"
        elif other.status in LEFT and application.status not in (*LEFT, *NEVER_SENT):
            yield f"{name}, which is {other.status.value}, and still counts"


def _taking_part(session: Session) -> Iterator[str]:
    """Who stands in a consortium that applied is whoever its counted version names; nobody where it was withdrawn."""
    stand: dict[UUID, set[str]] = {}
    rows = select(TakingPart, Application.phase_id).join(Application).where(TakingPart.until.is_(None))
    for row, phase_id in session.execute(rows.order_by(TakingPart.id)):
        stand.setdefault(row.application_id, set()).add(str(row.organisation_id))
        if row.phase_id != phase_id:
            yield f"applications: {row.organisation_id} takes part in {row.application_id} in another phase than it"
    joint = select(Application).join(Organisation).where(Organisation.kind == OrganisationKind.CONSORTIUM)
    for application in session.scalars(joint.order_by(Application.reference)):
        if stand.pop(application.id, set()) != _named(application):
            yield f"applications: {application.reference} was sent by other organisations than those that take part"
    for application_id in stand:
        yield f"applications: {application_id} is not of a consortium, and organisations take part in it"


def _named(application: Application) -> set[str]:
    """The organisations that were sent with the version that counts."""
    submission = application.submission
    if submission is None or application.status is ApplicationStatus.WITHDRAWN:
        return set()
    return {each["id"] for each in submission.content["organisation"].get("partners", ())}


def _label(submission: Submission) -> str:
    return submission.protocol_entry.label
