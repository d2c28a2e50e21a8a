"""Questions after the end: the page behind a link, and the office's list of answers."""

from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching.followup import labels, operations, queries
from portal.coaching.followup.exports import answers_csv
from portal.coaching.followup.forms import FollowUpForm
from portal.coaching.followup.operations import LinkIsOver
from portal.coaching.followup.rules import IncomeSource, LinkState
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.core.web.security import answered_by_link

bp = Blueprint("follow_up", __name__)
GONE = 410


@bp.get("/follow-up/<follow_up_token>")
@declares(Action.FOLLOW_UP_ANSWER)
def show(follow_up_token: str) -> ResponseReturnValue:
    """The questions; opening the link uses nothing up."""
    return _page(follow_up_token, FollowUpForm(None))


@bp.post("/follow-up/<follow_up_token>")
@answered_by_link
@declares(Action.FOLLOW_UP_ANSWER)
def answer(follow_up_token: str) -> ResponseReturnValue:
    """Keep the answer, once."""
    form = FollowUpForm(meta={"csrf": False})
    if not form.validate():
        return _page(follow_up_token, form, 422)
    try:
        with unit_of_work() as session:
            operations.answer_follow_up(
                session, token=follow_up_token, given=form.given(), actor=current_actor(), now=now()
            )  # fmt: skip
    except Invalid as refusal:
        return _page(follow_up_token, form, show_refusal(form, refusal))
    except LinkIsOver:
        return _page(follow_up_token, form, GONE)
    return go_to(url_for("follow_up.thanks"))


@bp.get("/follow-up")
@declares(Action.PUBLIC_READ)
def thanks() -> ResponseReturnValue:
    """Where an answer leads: nothing of it is told again."""
    return page("coaching/followup/thanks.html")


@bp.get("/manage/calls/<slug>/follow-up")
@declares(Action.FOLLOW_UP_READ)
def office(slug: str) -> ResponseReturnValue:
    """Who has told what, and who has not answered."""
    with reading() as session:
        found = queries.office_page(session, current_actor(), slug, now())
        return page("coaching/followup/office.html", found=found, labels=labels, sources=list(IncomeSource))


@bp.get("/manage/calls/<slug>/follow-up.csv")
@declares(Action.FOLLOW_UP_READ)
def table(slug: str) -> ResponseReturnValue:
    """The same as a table to take away."""
    with reading() as session:
        content = answers_csv(queries.office_page(session, current_actor(), slug, now()))
    response = Response(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="follow-up-{slug}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/follow-ups/<uuid:follow_up_id>/links")
@declares(Action.FOLLOW_UP_SEND)
def send(follow_up_id: UUID) -> ResponseReturnValue:
    """Send a new link; the former one opens nothing any more."""
    with unit_of_work() as session:
        link = operations.ask_again(session, follow_up_id=follow_up_id, actor=current_actor(), now=now())
        slug = link.follow_up.grant.call.slug
    flash(_("A new link was sent; the former one opens nothing any more."), "success")
    return go_to(url_for("follow_up.office", slug=slug))


def _page(token: str, form: FollowUpForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        shown = queries.link_page(session, token, now())
        if shown.state is not LinkState.OPEN:
            return page("coaching/followup/gone.html", GONE, why=labels.GONE[shown.state])
        return page(
            "coaching/followup/form.html", status, shown=shown, form=form, sources=list(IncomeSource),
            here=url_for("follow_up.answer", follow_up_token=token),
        )  # fmt: skip


@bp.after_request
def keep_the_link_to_its_holder(response: Response) -> Response:
    """The address of the page is a secret: it is neither kept, nor found, nor told to whoever is linked to."""
    if "follow_up_token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
