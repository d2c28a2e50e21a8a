"""Invariants of requests for documents: as registered, each with its clock, released once everybody was heard."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.applications.content import content_hash
from portal.evaluation.afterwards import DECIDE_DAYS, OBJECT_DAYS, RELEASED
from portal.evaluation.models import DisclosureNotice, DisclosureRequest
from portal.evaluation.terms import after_days, day_at


def broken(session: Session) -> Iterator[str]:
    """One line for each request or notice that is not what it must be."""
    query = select(DisclosureRequest).options(
        joinedload(DisclosureRequest.phase), joinedload(DisclosureRequest.protocol_entry),
        joinedload(DisclosureRequest.decision_entry), joinedload(DisclosureRequest.bundle),
        selectinload(DisclosureRequest.notices),
    )  # fmt: skip
    for request in session.scalars(query.order_by(DisclosureRequest.id)).unique():
        name, zone = f"evaluation: request for documents {request.id}", request.phase.zone
        if content_hash({"wants": request.wants, "interest": request.interest}) != request.protocol_entry.sha256:
            yield f"{name} does not ask what was registered"
        if request.due_on != after_days(day_at(request.asked_at, zone), DECIDE_DAYS):
            yield f"{name} is due on {request.due_on}, not when its days end"
        if not request.awaits_decision:
            yield from _decision(name, request)
        for notice in request.notices:
            yield from _notice(name, request, notice)


def _decision(name: str, request: DisclosureRequest) -> Iterator[str]:
    bundle, entry = request.bundle, request.decision_entry
    if (request.status in RELEASED) != (bundle is not None):
        yield f"{name} is {request.status.value}, and its documents say otherwise"
    told = {"request": str(request.id), "status": request.status, "reason": request.reason,
            "bundle": bundle.sha256 if bundle else None}  # fmt: skip
    if entry is None or content_hash(told) != entry.sha256:
        yield f"{name} has a decision that is not the registered one"
    if request.decided_at is None or request.decided_at < request.asked_at:
        yield f"{name} was decided before it was asked"


def _notice(name: str, request: DisclosureRequest, notice: DisclosureNotice) -> Iterator[str]:
    zone = request.phase.zone
    if notice.due_on != after_days(day_at(notice.told_at, zone), OBJECT_DAYS):
        yield f"{name}: who was told on {notice.told_at} may object until {notice.due_on}, not when its days end"
    if notice.objected_at is not None and day_at(notice.objected_at, zone) > notice.due_on:
        yield f"{name}: somebody objected after its days"
    decided = request.decided_at
    if decided is None or request.status not in RELEASED or notice.objection is not None:
        return
    if day_at(decided, zone) <= notice.due_on:
        yield f"{name}: documents were released while somebody could still object"
