"""The pages of the trial balance: by kind, account by account, and as a file."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.i18n import _
from portal.core.spreadsheets import Euro
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.core.web.tables import table_file
from portal.ledger.labels import ACCOUNT, HOLDS, named
from portal.ledger.rules import AccountKind
from portal.ledger.scope import Books, books_asked
from portal.ledger.trial.queries import MOST_ROWS, AccountLine, accounts_of_kind, every_account, lines_by_kind

bp = Blueprint("trial", __name__)


@bp.get("/finance/trial-balance")
@declares(Action.LEDGER_READ)
def show() -> ResponseReturnValue:
    """What stands on each kind of account, and on the accounts of one kind."""
    kind = next((each for each in AccountKind if each.value == request.args.get("kind")), None)
    with reading() as session:
        books = books_asked(session, current_actor(), key("office"), key("period"))
        lines = lines_by_kind(session, books.office.id, books.period)
        rows = accounts_of_kind(session, books.office.id, kind, books.period, after=key("after")) if kind else []
        return page(
            "ledger/trial.html", books=books, lines=lines, kind=kind, rows=rows[:MOST_ROWS],
            more=len(rows) > MOST_ROWS, ACCOUNT=ACCOUNT, HOLDS=HOLDS, named=named,
        )  # fmt: skip


@bp.get("/finance/trial-balance/table")
@declares(Action.LEDGER_READ)
def take() -> ResponseReturnValue:
    """Every account with its balance, as a table for spreadsheets (`format`)."""
    with reading() as session:
        books = books_asked(session, current_actor(), key("office"), key("period"))
        rows = every_account(session, books.office.id, books.period)
        head = (_("Kind"), _("Account"), _("Debit (EUR)"), _("Credit (EUR)"))
        return table_file(request.args.get("format", ""), _name(books), _("Trial balance"), head, _cells(rows))


def _cells(rows: Iterator[AccountLine]) -> Iterator[tuple[object, ...]]:
    debit = credit = 0
    for row in rows:
        debit, credit = debit + row.debit_cents, credit + row.credit_cents
        yield str(ACCOUNT[row.kind]), named(row.kind, row.name), Euro(row.debit_cents), Euro(row.credit_cents)
    yield _("Total"), "", Euro(debit), Euro(credit)


def _name(books: Books) -> str:
    month = f"-{books.period.first_day:%Y-%m}" if books.period else ""
    return f"bilancio-di-verifica{month}"


def key(name: str) -> UUID | None:
    """A key in the address, or nothing where there is none."""
    try:
        return UUID(request.args[name]) if request.args.get(name) else None
    except ValueError:
        return None
