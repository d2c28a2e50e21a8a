"""The pages of coaches: the own profile, conflicts; another coach for a team, other terms."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.coaching import operations
from portal.coaching.coaches import operations as coaches
from portal.coaching.coaches import queries
from portal.coaching.coaches.forms import ChangeForm, ConflictForm, ProfileForm, TermsForm
from portal.coaching.coaches.labels import BARS
from portal.coaching.coaches.rules import Suggestion, suggestions_for
from portal.coaching.forms.log import key_of
from portal.coaching.models import CoachProfile, Engagement
from portal.coaching.queries import engagement_to_read
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

bp = Blueprint("coaches", __name__)


@bp.get("/coaching/profile")
@declares(Action.COACH_PROFILE)
def profile() -> ResponseReturnValue:
    """What a coach says of themselves, and the teams from which they stand apart."""
    return _profile_page()


@bp.post("/coaching/profile")
@declares(Action.COACH_PROFILE)
def keep() -> ResponseReturnValue:
    """Keep the profile."""
    form = ProfileForm()
    if not form.validate():
        return _profile_page(422, form=form)
    try:
        with unit_of_work() as session:
            coaches.keep_profile(
                session, competences=form.competences.data, languages=form.languages.data,
                districts=(form.districts.data or "").splitlines(), availability=form.availability.data or "",
                away_until=form.away_until.data, most_teams=form.most_teams.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _profile_page(show_refusal(form, refusal), form=form)
    return go_to(url_for("coaches.profile"))


@bp.post("/coaching/conflicts")
@declares(Action.COACH_PROFILE)
def stand_apart() -> ResponseReturnValue:
    """Declare a conflict with a team."""
    form = ConflictForm()
    with reading() as session:
        form.offer(queries.teams_to_stand_apart_from(session, current_actor()))
    if not form.validate():
        return _profile_page(422, conflict_form=form)
    try:
        with unit_of_work() as session:
            coaches.declare_coach_conflict(
                session, organisation_id=UUID(form.organisation_id.data), reason=form.reason.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _profile_page(show_refusal(form, refusal), conflict_form=form)
    return go_to(url_for("coaches.profile"))


@bp.get("/engagements/<uuid:engagement_id>/terms")
@declares(Action.COACH_ASSIGN)
def terms(engagement_id: UUID) -> ResponseReturnValue:
    """Change what is agreed with a coach, or the coach."""
    return _terms_page(engagement_id)


@bp.post("/engagements/<uuid:engagement_id>/terms")
@declares(Action.COACH_ASSIGN)
def agree(engagement_id: UUID) -> ResponseReturnValue:
    """Change allowance, last day, objectives."""
    form = TermsForm()
    if not form.validate():
        return _terms_page(engagement_id, 422, terms_form=form)
    try:
        with unit_of_work() as session:
            operations.change_terms(
                session, engagement_id=engagement_id, allowance_minutes=form.allowance_minutes.data,
                ends_on=form.ends_on.data, objectives=form.objectives.data or "", actor=current_actor(), now=now(),
            )  # fmt: skip
    except Invalid as refusal:
        return _terms_page(engagement_id, show_refusal(form, refusal), terms_form=form)
    return go_to(url_for("coaching.show", engagement_id=engagement_id))


@bp.post("/engagements/<uuid:engagement_id>/coach")
@declares(Action.COACH_ASSIGN)
def change(engagement_id: UUID) -> ResponseReturnValue:
    """Give the team another coach."""
    form = ChangeForm()
    with reading() as session:
        form.offer(_suggested(session, _engagement(session, engagement_id)))
    if not form.validate():
        return _terms_page(engagement_id, 422, change_form=form)
    coach_id = key_of(form.coach_id.data)
    try:
        with unit_of_work() as session:
            row = operations.change_coach(
                session, engagement_id=engagement_id, coach_id=coach_id or UUID(int=0), reason=form.reason.data,
                hands_over_notes=form.hands_over_notes.data, actor=current_actor(), now=now(),
            )  # fmt: skip
            location = url_for("coaching.show", engagement_id=row.id)
    except Invalid as refusal:
        return _terms_page(engagement_id, show_refusal(form, refusal), change_form=form)
    return go_to(location)


def _engagement(session: Session, engagement_id: UUID) -> Engagement:
    found = engagement_to_read(session, current_actor(), engagement_id)
    authorise(current_actor(), Action.COACH_ASSIGN, found)
    return found


def _suggested(session: Session, engagement: Engagement) -> list[Suggestion]:
    candidates = queries.candidates_for(session, engagement.application, now())
    need = queries.need_of(engagement.application, frozenset(), None, now())
    return suggestions_for([each for each in candidates if each.person_id != engagement.coach_id], need)


def _terms_page(engagement_id: UUID, status: int = 200, **forms: Any) -> ResponseReturnValue:
    with reading() as session:
        engagement = _engagement(session, engagement_id)
        suggested = _suggested(session, engagement)
        shown: dict[str, Any] = {"terms_form": TermsForm(None, obj=engagement), "change_form": ChangeForm(None)} | forms
        shown["change_form"].offer(suggested)
        return page("coaching/terms.html", status, engagement=engagement, suggested=suggested, bars=BARS, **shown)


def _profile_page(status: int = 200, **forms: Any) -> ResponseReturnValue:
    with reading() as session:
        actor = current_actor()
        row = queries.profile_of(session, actor)
        own: dict[str, Any] = {"form": ProfileForm(None, data=_said(row)), "conflict_form": ConflictForm(None)}
        shown = own | forms
        shown["conflict_form"].offer(queries.teams_to_stand_apart_from(session, actor))
        return page("coaching/profile.html", status, row=row, conflicts=queries.conflicts_of(session, actor), **shown)


def _said(row: CoachProfile | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "competences": row.competences, "languages": row.languages, "districts": "\n".join(row.districts),
        "availability": row.availability, "away_until": row.away_until, "most_teams": row.most_teams,
    }  # fmt: skip
