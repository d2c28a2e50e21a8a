"""The pages of coaching: a coach's teams, one team's sessions, the answers of the team, the choice of a coach."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching import operations, queries
from portal.coaching.accompaniment.queries import accompaniments_of
from portal.coaching.forms import AssignForm, DisputeForm, SessionForm, values_of
from portal.coaching.labels import LABELS, MODES, TONES
from portal.coaching.models import CoachingSession
from portal.coaching.rules import ROME, instant_in_rome
from portal.core.clock import now
from portal.core.errors import Invalid, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import fragment_or_redirect, page, wants_fragment
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("coaching", __name__)


@bp.get("/coaching")
@declares(Action.COACHING_LIST)
def mine() -> ResponseReturnValue:
    """The teams of a coach, with hours and last contact."""
    with reading() as session:
        actor = current_actor()
        return page(
            "coaching/mine.html", teams=queries.teams_of(session, actor), phases=accompaniments_of(session, actor)
        )


@bp.get("/engagements/<uuid:engagement_id>")
@declares(Action.COACHING_READ)
def show(engagement_id: UUID) -> ResponseReturnValue:
    """One team: hours used, sessions newest first, the log."""
    with reading() as session:
        return page("coaching/show.html", **_context(session, engagement_id))


@bp.post("/engagements/<uuid:engagement_id>/sessions")
@declares(Action.SESSION_LOG)
def log(engagement_id: UUID) -> ResponseReturnValue:
    """Log a session."""
    form = SessionForm()
    with reading() as session:
        shown = _context(session, engagement_id, form=form)
    if not form.validate():
        return page("coaching/show.html", 422, **shown)
    try:
        with unit_of_work() as session:
            operations.log_session(
                session, engagement_id=engagement_id, starts_at=instant_in_rome(form.starts_at.data),
                actor=current_actor(), now=now(), **values_of(form),
            )  # fmt: skip
    except Refusal as refusal:
        return _log_refused(engagement_id, form, refusal)
    return go_to(url_for("coaching.show", engagement_id=engagement_id))


@bp.post("/sessions/<uuid:session_id>/confirm")
@declares(Action.SESSION_ANSWER)
def confirm(session_id: UUID) -> ResponseReturnValue:
    """The team confirms a session."""
    with unit_of_work() as session:
        row = operations.confirm_session(session, session_id=session_id, actor=current_actor(), now=now())
    return _answered(row)


@bp.post("/sessions/<uuid:session_id>/dispute")
@declares(Action.SESSION_ANSWER)
def dispute(session_id: UUID) -> ResponseReturnValue:
    """The team disputes a session, with its reason."""
    form = DisputeForm().about(session_id)
    if not form.validate():
        return _dispute_refused(session_id, form, 422)
    try:
        with unit_of_work() as session:
            row = operations.dispute_session(
                session, session_id=session_id, reason=form.reason.data, actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        return _dispute_refused(session_id, form, show_refusal(form, refusal))
    return _answered(row)


@bp.get("/applications/<uuid:application_id>/coach")
@declares(Action.COACH_ASSIGN)
def assign(application_id: UUID) -> ResponseReturnValue:
    """Choose a coach for a funded team."""
    return _assign_page(application_id, AssignForm())


@bp.post("/applications/<uuid:application_id>/coach")
@declares(Action.COACH_ASSIGN)
def engage(application_id: UUID) -> ResponseReturnValue:
    """Give the team its coach."""
    form = AssignForm()
    with reading() as session:
        application = queries.application_to_coach(session, current_actor(), application_id)
        form.offer(queries.coaches_of(session, application.authority_id, now()))
    if not form.validate():
        return _assign_page(application_id, form, 422)
    with unit_of_work() as session:
        engagement = operations.engage_coach(
            session, application_id=application_id, coach_id=UUID(form.coach_id.data), actor=current_actor(), now=now()
        )
        location = url_for("coaching.show", engagement_id=engagement.id)
    return go_to(location)


def _context(session: Any, engagement_id: UUID, form: Any = None) -> dict[str, Any]:
    engagement = queries.engagement_to_read(session, current_actor(), engagement_id)
    members = queries.members_of(session, engagement, now())
    offered = {each.id: DisputeForm(None).about(each.id) for each in engagement.sessions}
    return {
        "engagement": engagement,
        "hours": queries.hours_of(engagement),
        "log_form": (form or SessionForm(None, data={"starts_at": _an_hour_ago()})).offer(members),
        "form": form,
        "dispute_forms": offered,
        "labels": LABELS,
        "tones": TONES,
        "modes": MODES,
    }


def _an_hour_ago() -> Any:
    then = (now() - timedelta(hours=1)).astimezone(ROME)
    return then.replace(minute=then.minute - then.minute % 15, second=0, microsecond=0, tzinfo=None)


def _log_refused(engagement_id: UUID, form: SessionForm, refusal: Refusal) -> ResponseReturnValue:
    status = show_refusal(form, refusal)
    with reading() as session:
        return page("coaching/show.html", status, **_context(session, engagement_id, form=form))


def _dispute_refused(session_id: UUID, form: DisputeForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        row = queries.session_to_answer(session, current_actor(), session_id)
        shown = _context(session, row.engagement_id)
        shown["form"] = shown["dispute_forms"][session_id] = form
        template = "coaching/_sessions.html" if wants_fragment() else "coaching/show.html"
        return page(template, status, **shown)


def _answered(row: CoachingSession) -> ResponseReturnValue:
    otherwise = url_for("coaching.show", engagement_id=row.engagement_id)
    with reading() as session:
        shown = _context(session, row.engagement_id) if wants_fragment() else {}
        return fragment_or_redirect("coaching/_sessions.html", otherwise=otherwise, **shown)


def _assign_page(application_id: UUID, form: AssignForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        application = queries.application_to_coach(session, current_actor(), application_id)
        form.offer(queries.coaches_of(session, application.authority_id, now()))
        engaged = queries.engagement_of(session, application.id)
        return page("coaching/assign.html", status, application=application, engaged=engaged, form=form)
