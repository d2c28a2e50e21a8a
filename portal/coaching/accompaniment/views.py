"""The register of attendance: a page for the phone, the correction of a meeting, the closing, an invitation by hand."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.queries import application_for
from portal.coaching.accompaniment import operations, queries
from portal.coaching.accompaniment.forms import WAS_NOT, WAS_THERE, CorrectionForm, InvitationForm, MeetingForm
from portal.coaching.accompaniment.rules import effect_of_closing
from portal.coaching.labels import MODES
from portal.coaching.rules import ROME, SessionMode, instant_in_rome
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("accompaniment", __name__)


@bp.get("/accompaniments/<uuid:phase_id>")
@declares(Action.ATTENDANCE_READ)
def show(phase_id: UUID) -> ResponseReturnValue:
    """The hours of each team, the meetings, a new one, the closing with its effect."""
    return _register_page(phase_id, MeetingForm(None, data={"starts_at": _two_hours_ago(), "minutes": 120}))


@bp.post("/accompaniments/<uuid:phase_id>/meetings")
@declares(Action.ATTENDANCE_NOTE)
def note(phase_id: UUID) -> ResponseReturnValue:
    """Note a meeting, and who was there."""
    form = MeetingForm()
    with reading() as session:
        form.offer(queries.register_of(session, phase_id, current_actor(), Action.ATTENDANCE_NOTE).teams)
    if not form.validate():
        return _register_page(phase_id, form, 422)
    try:
        _note(phase_id, form)
    except Refusal as refusal:
        return _register_page(phase_id, form, show_refusal(form, refusal))
    flash(_("The meeting is in the register."), "success")
    return go_to(url_for("accompaniment.show", phase_id=phase_id))


@bp.post("/accompaniments/<uuid:phase_id>/close")
@declares(Action.ATTENDANCE_CLOSE)
def close(phase_id: UUID) -> ResponseReturnValue:
    """Close it: whoever attended enough is invited."""
    with unit_of_work() as session:
        operations.close_accompaniment(session, phase_id=phase_id, actor=current_actor(), now=now())
    flash(_("The accompaniment is closed: every team was told."), "success")
    return go_to(url_for("accompaniment.show", phase_id=phase_id))


@bp.get("/meetings/<uuid:meeting_id>")
@declares(Action.ATTENDANCE_READ)
def meeting(meeting_id: UUID) -> ResponseReturnValue:
    """One meeting: who was there, what was corrected and why, and a further correction."""
    return _meeting_page(meeting_id, None)


@bp.post("/meetings/<uuid:meeting_id>/corrections")
@declares(Action.ATTENDANCE_NOTE)
def correct(meeting_id: UUID) -> ResponseReturnValue:
    """Correct whether a team was there."""
    form = CorrectionForm()
    if not form.validate():
        return _meeting_page(meeting_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.correct_attendance(
                session, meeting_id=meeting_id, application_id=_key(form.application_id.data),
                was_there=form.was_there.data == WAS_THERE, reason=form.reason.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _meeting_page(meeting_id, form, show_refusal(form, refusal))
    return go_to(url_for("accompaniment.meeting", meeting_id=meeting_id))


@bp.get("/applications/<uuid:application_id>/invitation")
@declares(Action.ATTENDANCE_CLOSE)
def inviting(application_id: UUID) -> ResponseReturnValue:
    """What an invitation by hand does, and its reason."""
    return _inviting_page(application_id, InvitationForm(None))


@bp.post("/applications/<uuid:application_id>/invitation")
@declares(Action.ATTENDANCE_CLOSE)
def invite(application_id: UUID) -> ResponseReturnValue:
    """Invite a team by hand."""
    form = InvitationForm()
    if not form.validate():
        return _inviting_page(application_id, form, 422)
    try:
        with unit_of_work() as session:
            phase_id = operations.invite_by_hand(
                session, application_id=application_id, reason=form.reason.data, actor=current_actor(), now=now()
            ).phase_id
    except Refusal as refusal:
        return _inviting_page(application_id, form, show_refusal(form, refusal))
    return go_to(url_for("accompaniment.show", phase_id=phase_id))


def _note(phase_id: UUID, form: MeetingForm) -> None:
    with unit_of_work() as session:
        operations.note_meeting(
            session, phase_id=phase_id, starts_at=instant_in_rome(form.starts_at.data), minutes=form.minutes.data,
            title=form.title.data, mode=SessionMode(form.mode.data), present=form.ticked(), actor=current_actor(),
            now=now(),
        )  # fmt: skip


def _register_page(phase_id: UUID, form: MeetingForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        register = queries.register_of(session, phase_id, current_actor())
        return page(
            "coaching/accompaniment.html", status, register=register, call=register.phase.call, modes=MODES,
            form=form.offer(register.teams), effect=effect_of_closing(register.teams),
        )  # fmt: skip


def _meeting_page(meeting_id: UUID, refused: CorrectionForm | None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = queries.meeting_for(session, meeting_id, current_actor(), Action.ATTENDANCE_READ)
        register = queries.register_of(session, found.phase_id, current_actor())
        wanted = refused.application_id.data if refused else request.args.get("team", "")
        team = next((each for each in register.teams if str(each.application_id) == wanted), None)
        form = refused or CorrectionForm(None, data=_other(found, team))
        return page(
            "coaching/meeting.html", status, meeting=found, register=register, call=register.phase.call, team=team,
            form=form, modes=MODES,
        )  # fmt: skip


def _other(meeting: Any, team: Any) -> dict[str, str]:
    """A correction says the other thing: it is chosen already."""
    if team is None:
        return {}
    was = meeting.present.get(team.application_id, False)
    return {"application_id": str(team.application_id), "was_there": WAS_NOT if was else WAS_THERE}


def _inviting_page(application_id: UUID, form: InvitationForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.ATTENDANCE_CLOSE)
        declared = application.phase.accompaniment
        if declared is None:
            raise NotFound
        return page(
            "coaching/invitation.html", status, application=application, form=form, declared=declared,
            team=queries.team_hours(application, declared),
        )  # fmt: skip


def _key(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise NotFound from None


def _two_hours_ago() -> Any:
    then = (now() - timedelta(hours=2)).astimezone(ROME)
    return then.replace(minute=0, second=0, microsecond=0, tzinfo=None)
