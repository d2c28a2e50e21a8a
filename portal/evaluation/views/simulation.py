"""A simulation of the cut-off line: nothing of it is stored, and no application is named."""

from decimal import Decimal
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.errors import Invalid, Refusal
from portal.core.money import parse_amount
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.evaluation.points import HUNDRED, parse_points, total_text
from portal.evaluation.queries.progress import seated
from portal.evaluation.queries.ranking_input import ranking_input
from portal.evaluation.simulation import CutOff, cut_off, must_rank_somebody
from portal.evaluation.views.blueprint import bp

MOST_POINTS = Decimal(1000)


@bp.get("/manage/calls/<slug>/simulation")
@declares(Action.PROGRESS_READ)
def simulation(slug: str) -> ResponseReturnValue:
    """Where the line falls now, and where it would."""
    faults: dict[str, object] = {}
    extra, minimum = _extra(faults), _minimum(faults)
    status = 422 if faults else 200
    with reading() as session:
        phase, _commission = seated(session, current_actor(), slug, request.args.get("phase") or None,
                                    Action.PROGRESS_READ)  # fmt: skip
        found: list[tuple[bool, CutOff]] = []
        try:
            given = ranking_input(session, phase)
            must_rank_somebody(given)
            found = [(False, cut_off(given))]
            if not faults and (extra or minimum is not None):
                found.append((True, cut_off(given, minimum_total=minimum, extra_cents=extra)))
        except Refusal as refusal:
            faults[""] = refusal.message
        typed: dict[str, Any] = {name: request.args.get(name, "") for name in ("extra", "minimum")}
        return page("evaluation/simulation.html", status, phase=phase, found=found, faults=faults, typed=typed,
                    total_text=total_text)  # fmt: skip


def _extra(faults: dict[str, object]) -> int:
    """Cents added to every line; with a dash before them, taken away."""
    text = request.args.get("extra", "").strip().replace("−", "-")
    try:
        amount = parse_amount(text.removeprefix("-")) if text else 0
    except Invalid as refusal:
        faults["extra"] = refusal.message
        return 0
    return -amount if text.startswith("-") else amount


def _minimum(faults: dict[str, object]) -> Decimal | None:
    try:
        points = parse_points(request.args.get("minimum", ""), MOST_POINTS, "minimum")
    except Invalid as refusal:
        faults["minimum"] = refusal.message
        return None
    return None if points is None else Decimal(points) / HUNDRED
