"""The portfolio of a call, and its table to take away."""

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.coaching.maturity.labels import LACKS, STAGES
from portal.coaching.maturity.pictures import decimal
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.desk.portfolio.asked import PAGE, page_asked, told, wanted_in
from portal.desk.portfolio.labels import ORDERS
from portal.desk.portfolio.queries import STAGES as PLACES
from portal.desk.portfolio.queries import teams_of
from portal.desk.portfolio.rules import chosen, sums_of
from portal.desk.portfolio.tables import KINDS, written
from portal.grants.labels import LABELS, TONES
from portal.grants.rules import local_day

bp = Blueprint("portfolio", __name__)
WORDS: dict[str, Any] = {
    "stages": [STAGES[each] for each in PLACES], "lacks": LACKS, "labels": LABELS, "tones": TONES, "orders": ORDERS,
    "level": decimal,
}  # fmt: skip


@bp.get("/manage/calls/<slug>/portfolio")
@declares(Action.PORTFOLIO_READ)
def show(slug: str) -> ResponseReturnValue:
    """Where the teams of a call stand, who is stuck, what coaching went where."""
    wanted, place = wanted_in(request.args, len(PLACES)), page_asked(request.args)
    with reading() as session:
        call, teams = teams_of(session, current_actor(), slug, local_day(now()))
        found = chosen(teams, wanted)
        return page(
            "desk/portfolio.html", call=call, sums=sums_of(teams, len(PLACES)), found=len(found), wanted=wanted,
            told=told(wanted), place=place, rows=found[(place - 1) * PAGE : place * PAGE],
            has_more=len(found) > place * PAGE, **WORDS,
        )  # fmt: skip


@bp.get("/manage/calls/<slug>/portfolio/table")
@declares(Action.PORTFOLIO_READ)
def take(slug: str) -> ResponseReturnValue:
    """The rows that are asked for, as a table for spreadsheets (`format`)."""
    asked = request.args.get("format", "")
    kind = asked if asked in KINDS else "xlsx"
    with reading() as session:
        call, teams = teams_of(session, current_actor(), slug, local_day(now()))
        content = written(kind, chosen(teams, wanted_in(request.args, len(PLACES))))
    headers = {"Content-Disposition": f'attachment; filename="portfolio-{call.slug}.{kind}"'}
    return Response(content, content_type=KINDS[kind], headers=headers)
