"""A report as it is sent: one canonical JSON text, so that its hash says the same wherever it is made."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from portal.applications.facts import known
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries.lines import TOLD
from portal.milestones.costs.queries.technical import Technical
from portal.milestones.costs.queries.whole import Whole
from portal.questionnaires.frozen import files_frozen, sections_frozen

FORMAT = 2
"""2: the technical part, with facts of its recipient, and the names of categories."""


def frozen(report: CostReport, whole: Whole, version: int) -> bytes:
    """The whole of it: answers, period, every line, what each category comes to, how the rates came about."""
    content = {
        "format": FORMAT, "reference": report.grant.reference, "number": report.number, "version": version,
        "from_on": report.from_on, "until_on": report.until_on, "claimed_cents": whole.claimed_cents,
        "technical": _technical(whole.technical) if whole.technical else None,
        "lines": [
            {"id": line_id, "number": number, "charged_cents": cents,
             **{name: value for name in TOLD if (value := getattr(cost, name)) not in (None, "")}}
            for line_id, number, cents, cost in whole.costs
        ],
        "totals": [
            {"category": each.key, "name": dict(each.name), "agreed_cents": each.agreed_cents,
             "before_cents": each.before_cents, "now_cents": each.now_cents,
             "rate": each.rate and {"how": each.rate.how, "base": each.rate.base_cents}}
            for each in whole.totals
        ],
    }  # fmt: skip
    return json.dumps(content, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _technical(technical: Technical) -> dict[str, Any]:
    """Every answer in both languages; of files, their hashes too."""
    sections = sections_frozen(technical.filled, technical.areas)
    held = {str(each.file_id): each.file.sha256 for each in technical.files}
    return {
        "form_revision": str(technical.sheet.form_revision_id), "facts": known(technical.facts), "sections": sections,
        "files": [{"id": key, "sha256": held[key]} for key in sorted(files_frozen(sections))],
    }  # fmt: skip


def _plain(value: Any) -> str:
    if isinstance(value, UUID | date):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a report")
