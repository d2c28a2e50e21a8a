"""The pages of statements: a coach's own, those of the office, one as page, table and PDF."""

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField
from wtforms.validators import InputRequired

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching.models import CoachingSession, CoachStatement
from portal.coaching.statements import operations, queries
from portal.coaching.statements.documents import name_of, statement_csv, statement_pdf
from portal.coaching.statements.rules import Standing, sheets_of
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to

bp = Blueprint("statements", __name__)


class CloseForm(FlaskForm):  # type: ignore[misc]
    """Which month is closed."""

    authority_id = HiddenField(validators=[InputRequired()])
    month = DateField(validators=[InputRequired()])


@bp.get("/coaching/statements")
@declares(Action.COACHING_LIST)
def mine() -> ResponseReturnValue:
    """A coach's statements, and what is in none yet."""
    with reading() as session:
        person_id = current_actor().person_id
        answers = queries.answers_to_state(session, CoachingSession.coach_id == person_id, until=now())
        sheet = sheets_of(answers).get(person_id) if person_id else None
        closed = queries.statements_of(session, CoachStatement.coach_id == person_id)
        return page("coaching/statements.html", sheet=sheet, closed=closed, Standing=Standing)


@bp.get("/coaching/statements/<uuid:statement_id>")
@declares(Action.STATEMENT_READ)
def show(statement_id: UUID) -> ResponseReturnValue:
    """One closed month."""
    with reading() as session:
        row = queries.statement_to_read(session, current_actor(), statement_id)
        return page("coaching/statement.html", row=row, is_own=row.coach_id == current_actor().person_id)


@bp.get("/coaching/statements/<uuid:statement_id>.csv")
@declares(Action.STATEMENT_READ)
def table(statement_id: UUID) -> ResponseReturnValue:
    """One closed month as a table."""
    with reading() as session:
        row = queries.statement_to_read(session, current_actor(), statement_id)
        return _file(statement_csv(row), "text/csv; charset=utf-8", name_of(row, "csv"))


@bp.get("/coaching/statements/<uuid:statement_id>.pdf")
@declares(Action.STATEMENT_READ)
def document(statement_id: UUID) -> ResponseReturnValue:
    """One closed month as a PDF."""
    with reading() as session:
        row = queries.statement_to_read(session, current_actor(), statement_id)
        return _file(statement_pdf(row), "application/pdf", name_of(row, "pdf"))


@bp.get("/manage/coaching")
@declares(Action.STATEMENT_LIST)
def office() -> ResponseReturnValue:
    """What coaches are paid for: the month to close, with the effect, and closed ones."""
    with reading() as session:
        places = queries.offices_of(session, current_actor())
        closed = queries.statements_of(session, CoachStatement.authority_id.in_([each.id for each in places]))
        shown = queries.offices_to_state(session, places, closed, now())
        return page("coaching/office.html", places=shown, closed=closed, Standing=Standing)


@bp.post("/manage/coaching/close")
@declares(Action.STATEMENT_CLOSE)
def close() -> ResponseReturnValue:
    """Close a month."""
    form = CloseForm()
    if not form.validate():
        raise Invalid(lazy_("Choose the month to close."), "month")
    with unit_of_work() as session:
        operations.close_month(
            session, authority_id=_key(form.authority_id.data), month=form.month.data, actor=current_actor(), now=now()
        )
    return go_to(url_for("statements.office"))


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(lazy_("Choose the month to close."), "month") from error


def _file(content: bytes, media_type: str, name: str) -> ResponseReturnValue:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
