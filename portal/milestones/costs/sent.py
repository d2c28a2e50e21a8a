"""A report as it was sent, read again from what was frozen: answers, totals, the first of its lines; also as a PDF."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.pdf import render_pdf
from portal.documents.reading import read_file
from portal.milestones.costs.labels import DOCUMENTS
from portal.milestones.costs.models import CostReport, CostReportVersion
from portal.milestones.costs.rules import DocumentKind
from portal.questionnaires.rules import Text

MOST_LINES = 200
"""Lines on a page to be read; the file has all of them."""


@dataclass(frozen=True, slots=True)
class SentReport:
    """One sending of a report and what its file says."""

    report: CostReport
    version: CostReportVersion
    content: dict[str, Any]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The sections of its technical part; none where nothing was asked."""
        technical = self.content.get("technical") or {}
        return list(technical.get("sections", ()))

    @property
    def from_on(self) -> date:
        """The first day of its period."""
        return date.fromisoformat(self.content["from_on"])

    @property
    def until_on(self) -> date:
        """The last day of its period."""
        return date.fromisoformat(self.content["until_on"])

    @property
    def totals(self) -> list[tuple[Text, int]]:
        """What each category comes to; those sent before names were frozen are told by their keys."""
        return [(_name(each), each["now_cents"]) for each in self.content["totals"]]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The first lines, with the name of their category and what their document is called."""
        names = {each["category"]: _name(each) for each in self.content["totals"]}
        return [
            {**line, "name": names.get(line["category"]) or _name(line),
             "document": DOCUMENTS[DocumentKind(line["document"])] if line.get("document") else ""}
            for line in self.content["lines"][:MOST_LINES]
        ]  # fmt: skip

    @property
    def more(self) -> int:
        """How many lines are in the file alone."""
        return max(0, len(self.content["lines"]) - MOST_LINES)


def _name(told: dict[str, Any]) -> Text:
    key = str(told["category"])
    found: Text = told.get("name") or {"it": key, "en": key}
    return found


def sent_report(report: CostReport, version: CostReportVersion) -> SentReport:
    """What was sent, from its file."""
    return SentReport(report, version, json.loads(read_file(version.file)))


def sent_pdf(sent: SentReport) -> bytes:
    """The same to be kept or printed, in the language of who asks."""
    grant = sent.report.grant
    return render_pdf("milestones/costs/sent.pdf.html", issuer=grant.call.authority, sent=sent, grant=grant)
