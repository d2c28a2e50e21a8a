"""The page of closed months: what closing the next one does, and those that are closed."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField
from wtforms.validators import InputRequired

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to
from portal.ledger.periods import operations
from portal.ledger.periods.queries import next_month
from portal.ledger.periods.rules import BookMonth
from portal.ledger.scope import books_asked

bp = Blueprint("periods", __name__)


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Which month of whose books is closed, as the page showed it."""

    office = HiddenField(validators=[InputRequired()])
    month = DateField(validators=[InputRequired()])


@bp.get("/finance/periods")
@declares(Action.LEDGER_READ)
def show() -> ResponseReturnValue:
    """The month to close with its effect, and the closed ones."""
    with reading() as session:
        books = books_asked(session, current_actor(), _key(request.args.get("office", "")), None)
        until = books.periods[0].ends_at if books.periods else None
        return page("ledger/periods.html", books=books, due=next_month(session, books.office.id, until, now()))


@bp.post("/finance/periods/close")
@declares(Action.PERIOD_CLOSE)
def close() -> ResponseReturnValue:
    """Close the month that was shown."""
    form = CloseForm()
    office = _key(form.office.data or "")
    if not form.validate() or office is None:
        raise Invalid(lazy_("Choose the month to close."), "month")
    month = BookMonth(form.month.data.year, form.month.data.month)
    with unit_of_work() as session:
        operations.close_month(session, authority_id=office, month=month, actor=current_actor(), now=now())
    return go_to(url_for("periods.show", office=office))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
