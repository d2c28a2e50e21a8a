"""The open steps of grants that somebody may take, and final rankings that wait for their act."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, Role, Tie, allowed
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.rules import RankingStatus
from portal.grants.aid.rules import REGIMES
from portal.grants.labels import BUTTONS, NEEDS, WHY
from portal.grants.models import Grant
from portal.grants.queries.awarding import has_open_reserve
from portal.grants.queries.grants import WITH_ITS_CALL
from portal.grants.rules import OPEN, Need, end_of_day, local_day
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

ACTION_OF = {
    Need.ACCEPTANCE: Action.GRANT_ANSWER,
    Need.VERIFICATION: Action.CHECK_RECORD,
    Need.INCORPORATION_RECORD: Action.INCORPORATION_RECORD,
    Need.INCORPORATION_CONFIRM: Action.INCORPORATION_CONFIRM,
    Need.CUP: Action.CUP_RECORD,
    Need.AGREEMENT_PREPARE: Action.AGREEMENT_PREPARE,
    Need.AGREEMENT_SIGN: Action.AGREEMENT_SIGN,
    Need.AGREEMENT_COUNTERSIGN: Action.AGREEMENT_COUNTERSIGN,
    Need.PUBLICATION: Action.GRANT_PUBLISH,
}
"""Who may take an open step."""


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """The open steps of grants that this person may take: one statement."""
    offices = actor.authorities_as(Role.OFFICER) | actor.authorities_as(Role.FINANCE_APPROVER)
    owned = actor.objects_tied_as(Tie.OWNER)
    if not offices and not owned:
        return []
    query = (
        select(Grant)
        .options(*WITH_ITS_CALL, joinedload(Grant.incorporation), joinedload(Grant.agreements))
        .where(Grant.status.in_(OPEN), or_(Grant.authority_id.in_(offices), Grant.organisation_id.in_(owned)))
        .order_by(Grant.awarded_at, Grant.id)
    )
    today = local_day(now)
    return [step for grant in session.scalars(query).unique() for step in _steps_of(grant, actor, today)]


PLACES = {
    Need.AGREEMENT_PREPARE: "/grants/{id}/agreement/preview",
    Need.AGREEMENT_SIGN: "/grants/{id}/agreement#sign",
    Need.AGREEMENT_COUNTERSIGN: "/grants/{id}/agreement#countersign",
}
"""Where a step has a page of its own; the others stand on that of the grant."""


def _steps_of(grant: Grant, actor: Actor, today: date) -> Iterator[DueStep]:
    for need in grant.needs_on(today):
        if not allowed(actor, ACTION_OF[need], grant):
            continue
        term = _term_of(grant, need)
        yield DueStep(
            what=str(NEEDS[need]),
            button=str(BUTTONS[need]),
            path=PLACES.get(need, "/grants/{id}#step-{need}").format(id=grant.id, need=need.value),
            by=end_of_day(term) if term else None,
            why=str(WHY[need]),
            place=f"{grant.reference} · {grant.organisation.name}",
        )


def _term_of(grant: Grant, need: Need) -> date | None:
    """The last day of a step that has one."""
    if need is Need.INCORPORATION_RECORD and grant.incorporation is not None:
        return grant.incorporation.due_on
    return grant.accept_by if need is Need.ACCEPTANCE else None


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Final rankings whose grants are not awarded, for officers."""
    offices = actor.authorities_as(Role.OFFICER)
    if offices:
        query = (
            select(*line(name=Call.slug, title=Call.definition, number=func.count(RankingRow.id)))
            .select_from(Call)
            .join(Ranking, Ranking.call_id == Call.id)
            .join(RankingRow, and_(RankingRow.ranking_id == Ranking.id, RankingRow.awarded_cents > 0))
            .join(Application, Application.id == RankingRow.application_id)
            .outerjoin(Grant, Grant.application_id == RankingRow.application_id)
            .where(Ranking.status == RankingStatus.FINAL, Grant.id.is_(None), Call.authority_id.in_(offices))
            .where(Application.status != ApplicationStatus.SELECTED, ~has_open_reserve())
            .group_by(Call.id)
        )
        yield Ask(query, (Call.id,), _award)


def _award(found: Any) -> DueStep:
    """Under rules on aid no number is said: only the page of the act tells whom the ceiling sets aside."""
    what = ngettext(
        "Award %(num)d grant of the final ranking", "Award %(num)d grants of the final ranking", found.number
    )
    why = _("The ranking is final: the money leaves the budget with the act of award.")
    if found.title.get("aid_regime") in REGIMES:
        what = _("Award the grants of the final ranking")
        why = _("The ranking is final. The page says first which grants the ceiling of aid sets aside.")
    return DueStep(
        what=what, button=_("See the effect"), path=f"/manage/calls/{found.name}/grants", why=why,
        place=in_language(found.title["title"]),
    )  # fmt: skip
