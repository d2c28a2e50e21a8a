"""Finance's day: what waits, the files made of it, the ledger; each list also as CSV."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.ledger.labels import PAGES, POSTING, account_name
from portal.payments import operations, queries
from portal.payments.day.waiting import WAITING
from portal.payments.forms import OrderForm, PlaceForm
from portal.payments.labels import STATUS, TONE, ageing
from portal.payments.queries import MOST_ROWS, Place
from portal.payments.rules import ORDER, TrancheStatus
from portal.payments.tables import ledger_csv, tranches_csv
from portal.payments.views.bp import bp, key, this_day
from portal.payments.views.home import home

SHOWN = (*WAITING, TrancheStatus.PAID)
ALL = "all"
"""The word in the address for every state that waits."""


@bp.get("/finance")
@declares(Action.LEDGER_READ)
def day() -> ResponseReturnValue:
    """What can be paid today and what holds the rest; with a state, the tranches that stand in it."""
    return _day(OrderForm(execution_on=this_day()))


def _day(form: OrderForm, status: int = 200, ticked: list[UUID] | None = None) -> ResponseReturnValue:
    chosen = request.args.get("status", "")
    words = {"form": form, "ticked": None if ticked is None else set(ticked), "today": this_day(), "ageing": ageing,
             "me": current_actor().person_id}  # fmt: skip
    if chosen != ALL and _status_asked() is None:
        return page("payments/day.html", status, **home(this_day()), **words)
    return _waiting(words, status)


def _waiting(words: dict[str, Any], status: int) -> ResponseReturnValue:
    """The tranches of one state, or all that wait, page by page."""
    chosen = _status_asked()
    with reading() as session:
        actor = current_actor()
        rows = queries.tranches_by_term(session, actor, [chosen] if chosen else WAITING, after=_place())
        return page(
            "payments/waiting.html", status, **words, rows=rows[:MOST_ROWS], more=len(rows) > MOST_ROWS, chosen=chosen,
            orders=chosen in ORDER.sources, STATUS=STATUS, TONE=TONE, statuses=SHOWN,
            waiting=queries.waiting_by_status(session, actor, this_day()),
        )  # fmt: skip


def _status_asked() -> TrancheStatus | None:
    asked = request.args.get("status", "")
    return next((status for status in SHOWN if status.value == asked), None)


def _place() -> Place | None:
    form, after = PlaceForm(request.args), key(request.args.get("after"))
    return Place(form.due.data, after) if form.validate() and form.due.data and after else None


@bp.post("/finance/orders")
@declares(Action.PAYMENT_ORDER)
def order() -> ResponseReturnValue:
    """Write the files of the chosen tranches: all of them, or none."""
    form = OrderForm()
    given = request.form.getlist("tranches")
    chosen = [found for text in given if (found := key(text))]
    if len(chosen) != len(given):
        raise NotFound
    if not form.validate():
        return _day(form, 422, chosen)
    given_day, actor = form.execution_on.data, current_actor()
    try:
        with unit_of_work() as session:
            made = operations.order_payments(
                session, tranche_ids=chosen, execution_on=given_day, actor=actor, now=now()
            ).id
    except NotFound:
        raise
    except Refusal as refusal:
        return _day(form, show_refusal(form, refusal), chosen)
    return go_to(url_for("payments.show_order", order_id=made))


@bp.get("/finance/tranches.csv")
@declares(Action.LEDGER_READ)
def tranches_file() -> ResponseReturnValue:
    """The list of tranches as CSV, whole, with the filter of the page."""
    chosen = _status_asked()
    with reading() as session:
        rows = queries.tranches_by_term(session, current_actor(), [chosen] if chosen else SHOWN, most=None)
        return _csv(tranches_csv(rows, this_day()), "tranche.csv")


@bp.get("/finance/ledger")
@declares(Action.LEDGER_READ)
def entries() -> ResponseReturnValue:
    """Every entry, newest first."""
    with reading() as session:
        rows = queries.entries_of(session, current_actor(), before=key(request.args.get("before")))
        return page("payments/ledger.html", rows=rows[:MOST_ROWS], more=len(rows) > MOST_ROWS, POSTING=POSTING,
                    account_name=account_name, PAGES=PAGES)  # fmt: skip


@bp.get("/finance/ledger.csv")
@declares(Action.LEDGER_READ)
def entries_file() -> ResponseReturnValue:
    """The ledger as CSV, whole, newest first."""
    with reading() as session:
        return _csv(ledger_csv(queries.entries_of(session, current_actor(), most=None)), "libro-contabile.csv")


def _csv(content: bytes, name: str) -> ResponseReturnValue:
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
