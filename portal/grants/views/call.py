"""The grants of a call, for its staff: the list, and the award of a final ranking with its effect shown first."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import ngettext
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.grants import operations, queries
from portal.grants.aid.rules import Verdict
from portal.grants.forms import AwardForm
from portal.grants.labels import LABELS, NEEDS, TONES
from portal.grants.operations.awardable import in_words
from portal.grants.rules import local_day
from portal.grants.views.bp import bp


@bp.get("/manage/calls/<slug>/grants")
@declares(Action.CALL_MANAGE)
def index(slug: str) -> ResponseReturnValue:
    """Every grant of the call, and what waits to be awarded."""
    return _page(slug)


@bp.post("/manage/calls/<slug>/grants")
@declares(Action.GRANT_AWARD)
def award_everything(slug: str) -> ResponseReturnValue:
    """Award all that the final ranking funds, by one act."""
    form = AwardForm()
    if not form.validate():
        return _page(slug, form, 422)
    try:
        with unit_of_work() as session:
            granted = operations.award_all(
                session, ranking_id=form.ranking(), act_number=form.act_number.data, act_date=form.act_date.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
            flash(ngettext("%(num)d grant awarded.", "%(num)d grants awarded.", len(granted)))
    except Refusal as refusal:
        return _page(slug, form, show_refusal(form, refusal))
    return go_to(url_for("grants.index", slug=slug))


def _refused(verdict: Verdict) -> object:
    return in_words(verdict=verdict)


def _groups(plan: queries.AwardPlan) -> int:
    """How many informal groups the act would set on their way."""
    return sum(1 for row in plan.awarded if row.application.organisation.is_informal)


def _page(slug: str, form: AwardForm | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        actor = current_actor()
        call = queries.call_by_slug(session, actor, slug)
        grants = queries.grants_of_call(session, actor, call)
        waiting = queries.waiting_rows(session, call_id=call.id)
        money, lines = queries.money_and_lines(session, call.id)
        plan = queries.plan_of_award(session, waiting, local_day(now()))
        left = sum(line.before for line in lines)
        effect = queries.effect_of(plan.awarded, left=left, budget=call.budget_cents)
    return page(
        "grants/index.html", status, call=call, grants=grants, plan=plan, lines=queries.effects_on(lines, plan.awarded),
        money=money, effect=effect, form=form or AwardForm(), labels=LABELS, tones=TONES, needs=NEEDS,
        today=local_day(now()), refused=_refused, groups=_groups(plan),
    )  # fmt: skip
