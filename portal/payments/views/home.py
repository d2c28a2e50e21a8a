"""Finance's home: what the page shows, and each of its figures as a file."""

from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.actor import Actor
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web.tables import table_file
from portal.payments.day.labels import BAND, WHOSE, mend_label, reason_label
from portal.payments.day.outlook import expected_payments, standing_by_fund
from portal.payments.day.rules import by_month
from portal.payments.day.tables import Table, forecast_table, funds_table, terms_table, today_table
from portal.payments.day.waiting import terms_of, today_of
from portal.payments.labels import STATUS, TONE
from portal.payments.views.bp import bp, this_day

FILES = {"today": "pagabile-oggi", "terms": "termini", "months": "previsione", "funds": "fondi"}
"""How the file of each figure is called."""
WORDS = {"STATUS": STATUS, "TONE": TONE, "WHOSE": WHOSE, "BAND": BAND, "reason_label": reason_label,
         "mend_label": mend_label}  # fmt: skip


def home(today: date) -> dict[str, Any]:
    """Everything the page shows, read at once."""
    with reading() as session:
        actor = current_actor()
        months, beyond = by_month(expected_payments(session, actor), today)
        return {
            "seen": today_of(session, actor, now()), "terms": terms_of(session, actor, today), "months": months,
            "beyond": beyond, "funds": standing_by_fund(session, actor), **WORDS,
        }  # fmt: skip


@bp.get("/finance/figures")
@declares(Action.LEDGER_READ)
def figures() -> ResponseReturnValue:
    """One figure of the page as a file (`what`: today, terms, months, funds; `format`: csv, xlsx), whole."""
    what = request.args.get("what", "")
    with reading() as session:
        title, head, rows = _table(session, current_actor(), what)
        return table_file(request.args.get("format", ""), FILES.get(what, FILES["today"]), title, head, rows)


def _table(session: Session, actor: Actor, what: str) -> Table:
    match what:
        case "terms":
            return terms_table(terms_of(session, actor, this_day()))
        case "months":
            return forecast_table(*by_month(expected_payments(session, actor), this_day()))
        case "funds":
            return funds_table(standing_by_fund(session, actor))
        case _:
            return today_table(today_of(session, actor, now(), most=None))
