"""More money for a call, by its act."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import operations
from portal.calls.budget_forms import BudgetForm
from portal.calls.queries import managed_call, remaining_budget
from portal.calls.rules import BudgetLine
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _, in_language
from portal.core.money import parse_amount
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.get("/manage/calls/<slug>/budget")
@declares(Action.CALL_RECTIFY)
def adding_budget(slug: str) -> ResponseReturnValue:
    """What each line has left, and the act that adds to it."""
    return _shown(slug, BudgetForm(formdata=None))


@bp.post("/manage/calls/<slug>/budget")
@declares(Action.CALL_RECTIFY)
def add_budget(slug: str) -> ResponseReturnValue:
    """Add money to a line."""
    form = BudgetForm()
    with reading() as session:
        _offer(form, managed_call(session, slug, current_actor()).design.budget_lines)
    if not form.validate():
        return _shown(slug, form, 422)
    try:
        with unit_of_work() as session:
            operations.add_budget(
                session, call_id=managed_call(session, slug, current_actor()).id, line_key=form.line.data,
                amount_cents=parse_amount(form.amount.data), act_number=form.act_number.data,
                act_date=form.act_date.data, reason=form.reason, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _shown(slug, form, show_refusal(form, refusal))
    flash(_("The money is on the budget line: rankings in force can be run down again."))
    return go_to(url_for("calls.manage", slug=slug))


def _shown(slug: str, form: BudgetForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        call = managed_call(session, slug, current_actor())
        _offer(form, call.design.budget_lines)
        return page("calls/add_budget.html", status, call=call, form=form, lines=remaining_budget(session, call))


def _offer(form: BudgetForm, lines: list[BudgetLine]) -> None:
    form.line.choices = [SelectChoice(each.key, in_language(each.name)) for each in lines]
