"""Costs of grants under way: reports in every state, from the one with a line to mend to the one with its letter."""

from datetime import timedelta
from typing import Any

from portal.demo.controlling import ask_about, begin, give_back, judge
from portal.demo.granting import Team
from portal.demo.people import SIGN_IN_OF
from portal.demo.stage import Stage
from portal.grants.rules import GrantStatus
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.operations import save_technical, send_report, start_report, write_line

LINES: tuple[tuple[str, str, str, str, str, str, int], ...] = (
    ("Manifesti e volantini", "invoice", "Tipografia Sala snc", "01199250158", "640,00", "140,80", 60),
    ("Consulenza per il piano economico", "invoice", "Studio Aperto srl", "80015010723", "1.200,00", "264,00", 45),
    ("Canone della sala prove", "receipt", "Circolo La Darsena", "00514490010", "450,00", "", 30),
)
"""What, which document, whose, tax code, net, VAT, and how many days before the end of the report it was paid."""
FIRST, LATEST = -100, -10
"""The last days of a first report and of the one that is written now."""


def spend(stage: Stage, teams: list[Team]) -> None:
    """The first team has a result and writes anew; of four others one report each is under way at the office."""
    active = [team for team in teams if team.grant.status is GrantStatus.ACTIVE and team.grant.starts_on is not None]
    active.sort(key=lambda team: team.key not in SIGN_IN_OF)
    one, two, three, four, five = active[:5]
    judge(stage, _sent(stage, one, 0, until=FIRST, share="80"), since=FIRST + 5)
    _written(stage, one, 1, means="cash")
    begin(stage, _sent(stage, two, 2), since=-8)
    ask_about(stage, _sent(stage, three, 3, share="80"), since=-8)
    give_back(stage, _sent(stage, four, 4, share="60"), since=-8)
    _sent(stage, five, 5, share="60")


TOLD: dict[str, dict[str, Any]] = {
    "report_work": {
        "report_activities": "Lo spazio è rimasto aperto quattro pomeriggi a settimana. Si sono tenuti dodici incontri"
        " con le scuole, un ciclo di laboratori e due feste di strada con i negozi della via.",
        "report_deviation": "no",
    },
    "report_people": {"report_reached": "184", "report_next": "Partono i turni del sabato e il corso serale."},
}  # fmt: skip
"""The technical part of every report that was sent, by section."""


def _sent(stage: Stage, team: Team, number: int, *, until: int = LATEST, share: str = "100") -> CostReport:
    report = _written(stage, team, number, until=until, share=share)
    given: dict[str, Any] = {"report_id": report.id, "actor": stage.actor(team.owner), "now": stage.at(until + 1)}
    for key, typed in TOLD.items():
        save_technical(stage.session, section_key=key, typed=typed, base={}, **given)
    return send_report(stage.session, seen_cents=None, **given)


def _written(
    stage: Stage, team: Team, number: int, *, until: int = LATEST, share: str = "100", means: str = "transfer"
) -> CostReport:  # fmt: skip
    """A report whose last line was paid by these means: cash is too much for it."""
    given: dict[str, Any] = {"actor": stage.actor(team.owner), "now": stage.at(until + 1)}
    first = stage.day(FIRST + 1) if until == LATEST and means == "cash" else team.grant.starts_on or stage.day(until)
    report = start_report(
        stage.session, grant_id=team.grant.id, from_on=first, until_on=stage.day(until), **given
    )  # fmt: skip
    for place, (what, document, supplier, code, net, vat, before) in enumerate(LINES, 1):
        paid = stage.day(until + 10 - before)
        typed: dict[str, Any] = {
            "category": "cost_services", "description": what, "document": document, "supplier_name": supplier,
            "supplier_code": code, "document_number": f"{place + 10 * number}/2026", "net": net, "vat": vat,
            "document_on": paid - timedelta(days=5), "cup": team.grant.cup or "", "share": share, "paid_on": paid,
            "payment_means": means if place == len(LINES) else "transfer", "payment_reference": f"CRO {4711 + place}",
        }  # fmt: skip
        write_line(stage.session, report_id=report.id, typed=typed, **given)
    return report
