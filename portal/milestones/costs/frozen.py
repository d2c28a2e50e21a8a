"""A report as it is sent: one canonical JSON text, so that its hash says the same wherever it is made."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries.lines import TOLD
from portal.milestones.costs.queries.whole import Whole

FORMAT = 1


def frozen(report: CostReport, whole: Whole, version: int) -> bytes:
    """The whole of it: period, every line, what each category comes to, how the rates came about."""
    content = {
        "format": FORMAT, "reference": report.grant.reference, "number": report.number, "version": version,
        "from_on": report.from_on, "until_on": report.until_on, "claimed_cents": whole.claimed_cents,
        "lines": [
            {"id": line_id, "number": number, "charged_cents": cents,
             **{name: value for name in TOLD if (value := getattr(cost, name)) not in (None, "")}}
            for line_id, number, cents, cost in whole.costs
        ],
        "totals": [
            {"category": each.key, "agreed_cents": each.agreed_cents, "before_cents": each.before_cents,
             "now_cents": each.now_cents, "rate": each.rate and {"how": each.rate.how, "base": each.rate.base_cents}}
            for each in whole.totals
        ],
    }  # fmt: skip
    return json.dumps(content, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> str:
    if isinstance(value, UUID | date):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a report")
