"""Following calls: one click to begin, one to end, also from a mail."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import operations
from portal.calls.operations.following import subscription_named
from portal.calls.queries import call_by_slug
from portal.calls.queries.publication import subscription_with_its_object, subscriptions_of
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to
from portal.core.web.security import answered_by_link


@bp.post("/calls/<slug>/follow")
@declares(Action.CALL_FOLLOW)
def follow(slug: str) -> ResponseReturnValue:
    """Hear of this call, or of every call of its authority."""
    with unit_of_work() as session:
        call = call_by_slug(session, slug, current_actor())
        whole = request.form.get("what") == "authority"
        target = {"authority_id": call.authority_id} if whole else {"call_id": call.id}
        operations.follow(session, actor=current_actor(), now=now(), **target)
    flash(_("You will hear of it in your inbox and by e-mail. You can stop at any time."))
    return go_to(url_for("calls.show", slug=slug))


@bp.get("/subscriptions")
@declares(Action.CALL_FOLLOW)
def subscriptions() -> ResponseReturnValue:
    """Everything that one follows."""
    with reading() as session:
        return page("calls/subscriptions.html", subscriptions=subscriptions_of(session, current_actor()))


@bp.post("/subscriptions/<uuid:subscription_id>/stop")
@declares(Action.CALL_FOLLOW)
def stop(subscription_id: UUID) -> ResponseReturnValue:
    """Stop following."""
    with unit_of_work() as session:
        row = operations.stop_following(
            session, subscription_id=subscription_id, actor=current_actor(), now=now()
        )  # fmt: skip
        back = url_for("calls.show", slug=row.call.slug) if row.call else url_for("calls.subscriptions")
    flash(_("You will not hear of it any more."))
    return go_to(back)


@bp.get("/subscriptions/<stop_token>")
@declares(Action.CALL_UNFOLLOW)
def stopping(stop_token: str) -> ResponseReturnValue:
    """The link of a mail: one button stops the messages."""
    with reading() as session:
        row = subscription_with_its_object(session, subscription_named(token=stop_token))
        return page("calls/stop.html", subscription=row, token=stop_token)


@bp.post("/subscriptions/<stop_token>")
@answered_by_link
@declares(Action.CALL_UNFOLLOW)
def stop_by_link(stop_token: str) -> ResponseReturnValue:
    """Stop the messages; mail services send this by themselves (RFC 8058)."""
    with unit_of_work() as session:
        operations.stop_by_link(session, token=stop_token, actor=current_actor(), now=now())
    return go_to(url_for("calls.stopping", stop_token=stop_token))
