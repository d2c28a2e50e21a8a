"""Invariants of the check of admissibility, as `portal check` looks at them; each fault is one line."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.applications.admissibility import letter_of
from portal.applications.content import content_hash
from portal.applications.models import AdmissibilityReserve, Application, IntegrationReply, IntegrationRequest
from portal.applications.rules import LEFT, ApplicationStatus


def broken(session: Session) -> Iterator[str]:
    """One line for each broken place."""
    query = (
        select(IntegrationRequest)
        .options(
            joinedload(IntegrationRequest.application), joinedload(IntegrationRequest.protocol_entry),
            joinedload(IntegrationRequest.extension), selectinload(IntegrationRequest.items),
            joinedload(IntegrationRequest.reply).joinedload(IntegrationReply.protocol_entry),
        )
        .order_by(IntegrationRequest.id)
    )  # fmt: skip
    for request in session.scalars(query.execution_options(yield_per=200)):
        yield from _request(request)
    yield from _without_request(session)
    yield from _not_excluded(session)


def _request(request: IntegrationRequest) -> Iterator[str]:
    """What was asked is what was registered; its answer is whole, in its term, and says nothing else."""
    name = f"admissibility: the request to complete {request.application.reference}"
    asked = {item.key: item.what for item in request.items}
    if content_hash(letter_of(reason=request.reason, days=request.days, asked=asked)) != request.protocol_entry.sha256:
        yield f"{name} does not ask what was registered"
    reply = request.reply
    if reply is None:
        return
    if not content_hash(reply.content) == reply.content_sha256 == reply.protocol_entry.sha256:
        yield f"{name} has an answer that is not the registered one"
    if {item["key"] for item in reply.content.get("items", [])} != asked.keys():
        yield f"{name} has an answer to something else"
    if reply.received_at > request.last_instant:
        yield f"{name} was answered after its term"
    if request.application.status is ApplicationStatus.INTEGRATION_REQUESTED:
        yield f"{name} was answered, and its clock still stands still"


def _without_request(session: Session) -> Iterator[str]:
    asked = select(IntegrationRequest.id).where(IntegrationRequest.application_id == Application.id)
    query = select(Application.reference).where(
        Application.status == ApplicationStatus.INTEGRATION_REQUESTED, ~asked.exists()
    )
    for reference in session.scalars(query.order_by(Application.reference)):
        yield f"admissibility: {reference} waits to be completed, and nobody asked for anything"


def _not_excluded(session: Session) -> Iterator[str]:
    """A reserve that was not lifted is an exclusion."""
    query = (
        select(AdmissibilityReserve)
        .join(AdmissibilityReserve.outcome)
        .options(joinedload(AdmissibilityReserve.application), joinedload(AdmissibilityReserve.outcome))
        .order_by(AdmissibilityReserve.id)
    )
    for reserve in session.scalars(query):
        if reserve.outcome and not reserve.outcome.is_lifted and reserve.application.status not in LEFT:
            yield f"admissibility: {reserve.application.reference} did not meet its reserve, and still counts"
