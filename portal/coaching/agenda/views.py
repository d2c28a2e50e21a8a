"""The pages of the agenda: plan a meeting, choose, move, cancel; the feed of a coach and its address."""

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, allowed
from portal.access.web import current_actor, declares
from portal.coaching.agenda import feeds, operations, queries
from portal.coaching.agenda.calendar import feed_of
from portal.coaching.agenda.forms import CancelForm, PlanForm, TimesForm, plan_of
from portal.coaching.queries import engagement_to_read
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("agenda", __name__)


@bp.get("/engagements/<uuid:engagement_id>/meeting")
@declares(Action.SESSION_PLAN)
def planning(engagement_id: UUID) -> ResponseReturnValue:
    """Propose times for a meeting."""
    return _plan_page(engagement_id, PlanForm())


@bp.post("/engagements/<uuid:engagement_id>/meeting")
@declares(Action.SESSION_PLAN)
def plan(engagement_id: UUID) -> ResponseReturnValue:
    """Propose times for a meeting."""
    form = PlanForm()
    if not form.validate():
        return _plan_page(engagement_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.propose_meeting(
                session, engagement_id=engagement_id, actor=current_actor(), now=now(), **plan_of(form)
            )
    except Invalid as refusal:
        return _plan_page(engagement_id, form, show_refusal(form, refusal))
    return _back(engagement_id)


@bp.get("/appointments/<uuid:appointment_id>")
@declares(Action.SESSION_PLAN)
def show(appointment_id: UUID) -> ResponseReturnValue:
    """Move or cancel a meeting."""
    return _meeting_page(appointment_id)


@bp.post("/appointments/<uuid:appointment_id>/times")
@declares(Action.SESSION_PLAN)
def move(appointment_id: UUID) -> ResponseReturnValue:
    """Propose other times."""
    form = TimesForm()
    if not form.validate():
        return _meeting_page(appointment_id, 422, times_form=form)
    try:
        with unit_of_work() as session:
            row = operations.propose_other_times(
                session, appointment_id=appointment_id, times=form.times(), actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        return _meeting_page(appointment_id, show_refusal(form, refusal), times_form=form)
    return _back(row.engagement_id)


@bp.post("/appointments/<uuid:appointment_id>/choose/<uuid:time_id>")
@declares(Action.SESSION_PLAN)
def choose(appointment_id: UUID, time_id: UUID) -> ResponseReturnValue:
    """Choose one of the times proposed."""
    with unit_of_work() as session:
        row = operations.choose_time(
            session, appointment_id=appointment_id, time_id=time_id, actor=current_actor(), now=now()
        )
    return _back(row.engagement_id)


@bp.post("/appointments/<uuid:appointment_id>/cancel")
@declares(Action.SESSION_PLAN)
def cancel(appointment_id: UUID) -> ResponseReturnValue:
    """Cancel a meeting, with the reason."""
    form = CancelForm()
    if not form.validate():
        return _meeting_page(appointment_id, 422, cancel_form=form)
    try:
        with unit_of_work() as session:
            row = operations.cancel_meeting(
                session, appointment_id=appointment_id, reason=form.reason.data, actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        return _meeting_page(appointment_id, show_refusal(form, refusal), cancel_form=form)
    return _back(row.engagement_id)


@bp.post("/appointments/<uuid:appointment_id>/missed")
@declares(Action.SESSION_LOG)
def miss(appointment_id: UUID) -> ResponseReturnValue:
    """The team did not come."""
    with unit_of_work() as session:
        row = operations.miss_meeting(session, appointment_id=appointment_id, actor=current_actor(), now=now())
    return _back(row.engagement_id)


@bp.get("/coaching/calendar")
@declares(Action.COACHING_LIST)
def calendar() -> ResponseReturnValue:
    """The coach's private address for a calendar, and the meetings in it."""
    with reading() as session:
        actor = current_actor()
        feed = queries.live_feed(session, actor.person_id)
        address = url_for("agenda.feed", token=feeds.address_of(feed), _external=True) if feed else None
        rows = queries.meetings_of_coach(session, actor.person_id, now()) if actor.person_id else []
        return page("coaching/calendar.html", feed=feed, address=address, rows=rows)


@bp.post("/coaching/calendar")
@declares(Action.COACHING_LIST)
def open_feed() -> ResponseReturnValue:
    """Make a new address; the former one stops."""
    with unit_of_work() as session:
        feeds.open_feed(session, actor=current_actor(), now=now())
    return go_to(url_for("agenda.calendar"))


@bp.post("/coaching/calendar/revoke")
@declares(Action.COACHING_LIST)
def close_feed() -> ResponseReturnValue:
    """Revoke the address."""
    with unit_of_work() as session:
        feeds.close_feed(session, actor=current_actor(), now=now())
    return go_to(url_for("agenda.calendar"))


@bp.get("/coaching/feed/<token>.ics")
@declares(Action.AGENDA_FEED)
def feed(token: str) -> ResponseReturnValue:
    """What a coach's calendar reads: whoever has the address, until it is revoked."""
    with reading() as session:
        coach = queries.coach_of_feed(session, feeds.feed_named(token), now())
        content = feed_of(queries.meetings_of_coach(session, coach.id, now()), now=now())
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _back(engagement_id: UUID) -> ResponseReturnValue:
    return go_to(url_for("coaching.show", engagement_id=engagement_id) + "#agenda")


def _plan_page(engagement_id: UUID, form: PlanForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        engagement = engagement_to_read(session, current_actor(), engagement_id)
        if engagement.until is not None or not allowed(current_actor(), Action.SESSION_PLAN, engagement):
            raise NotFound
        return page("coaching/plan.html", status, engagement=engagement, form=form)


def _meeting_page(
    appointment_id: UUID, status: int = 200, times_form: TimesForm | None = None, cancel_form: CancelForm | None = None
) -> ResponseReturnValue:
    with reading() as session:
        row = queries.appointment_to_read(session, current_actor(), appointment_id)
        return page(
            "coaching/appointment.html", status, row=row, engagement=row.engagement,
            times_form=times_form or TimesForm(None), cancel_form=cancel_form or CancelForm(None),
        )  # fmt: skip
