"""Checking, sending, the receipt, and the content as it was registered."""

from datetime import datetime
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.operations.submit import is_worth_noting
from portal.applications.queries import registered_version
from portal.applications.receipts import address_of, picture_of
from portal.applications.sending_forms import SendForm
from portal.applications.views.blueprint import bp
from portal.applications.views.checked import check_page
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, remember_location, unit_of_work
from portal.core.web import page
from portal.core.web.arrival import arrived_at
from portal.core.web.respond import go_to
from portal.documents.web import send_stored


@bp.get("/applications/<uuid:application_id>/send")
@declares(Action.DRAFT_READ)
def check(application_id: UUID) -> ResponseReturnValue:
    """Everything that keeps it from being sent; when nothing does, the effect of sending and its button."""
    return check_page(application_id)


@bp.post("/applications/<uuid:application_id>/send")
@declares(Action.APPLICATION_SUBMIT)
def send(application_id: UUID) -> ResponseReturnValue:
    """Register the application; a second click leads to the same receipt."""
    received_at, given = arrived_at(), SendForm().given
    there = url_for("applications.receipt", application_id=application_id)
    try:
        with unit_of_work(leads_to=there) as session:
            operations.submit_application(
                session, application_id=application_id, actor=current_actor(), received_at=received_at, now=now(),
                given=given,
            )  # fmt: skip
    except Refusal as refusal:
        if not is_worth_noting(refusal=refusal):
            raise
        return _not_sent(application_id, refusal, received_at)
    return go_to(there)


@bp.get("/applications/<uuid:application_id>/receipt")
@declares(Action.APPLICATION_READ)
def receipt(application_id: UUID) -> ResponseReturnValue:
    """Number, instant, fingerprint, and what happens next."""
    with reading() as session:
        found = registered_version(session, application_id, current_actor())
        address = address_of(found.submission)
        return page("applications/receipt.html", found=found, address=address, picture=picture_of(address))


@bp.get("/applications/<uuid:application_id>/receipt.pdf")
@declares(Action.APPLICATION_READ)
def receipt_pdf(application_id: UUID) -> ResponseReturnValue:
    """The PDF of the receipt, once the worker has made it."""
    with reading() as session:
        found = registered_version(session, application_id, current_actor())
        if found.receipt is None:
            raise NotFound
        return send_stored(found.receipt.file)


@bp.get("/applications/<uuid:application_id>/content")
@declares(Action.APPLICATION_READ)
def content(application_id: UUID) -> ResponseReturnValue:
    """What was sent, word by word, from the frozen content."""
    with reading() as session:
        found = registered_version(session, application_id, current_actor())
        return page("applications/content.html", found=found)


def _not_sent(application_id: UUID, refusal: Refusal, received_at: datetime) -> ResponseReturnValue:
    """Keep the attempt, in a transaction of its own, and show what to mend."""
    with unit_of_work() as session:
        operations.note_refused_attempt(
            session, application_id=application_id, refusal=refusal, actor=current_actor(), received_at=received_at
        )
    remember_location(url_for("applications.check", application_id=application_id))
    return check_page(application_id, refusal)
