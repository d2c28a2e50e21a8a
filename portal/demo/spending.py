"""Costs of grants under way: one report being written, with a line to mend, one in control, one approved."""

from datetime import timedelta
from typing import Any

from portal.demo.controlling import control
from portal.demo.granting import Team
from portal.demo.people import SIGN_IN_OF
from portal.demo.stage import Stage
from portal.grants.rules import GrantStatus
from portal.milestones.costs.operations import send_report, start_report, write_line

LINES: tuple[tuple[str, str, str, str, str, str, int], ...] = (
    ("Manifesti e volantini", "invoice", "Tipografia Sala snc", "01199250158", "640,00", "140,80", 60),
    ("Consulenza per il piano economico", "invoice", "Studio Aperto srl", "80015010723", "1.200,00", "264,00", 45),
    ("Canone della sala prove", "receipt", "Circolo La Darsena", "00514490010", "450,00", "", 30),
)
"""What, which document, whose, tax code, net, VAT, and how many days ago it was paid."""


def spend(stage: Stage, teams: list[Team]) -> None:
    """The first team under way writes, the second has sent, the third has its result."""
    active = [team for team in teams if team.grant.status is GrantStatus.ACTIVE and team.grant.starts_on is not None]
    active.sort(key=lambda team: team.key not in SIGN_IN_OF)
    for number, team in enumerate(active[:3]):
        _report(stage, team, number)


def _report(stage: Stage, team: Team, number: int) -> None:
    at, actor = stage.at(-10), stage.actor(team.owner)
    given: dict[str, Any] = {"actor": actor, "now": at}
    report = start_report(
        stage.session, grant_id=team.grant.id, from_on=team.grant.starts_on or stage.day(-90), until_on=stage.day(-10),
        **given,
    )  # fmt: skip
    for place, (what, document, supplier, code, net, vat, ago) in enumerate(LINES, 1):
        means = "cash" if place == len(LINES) and number == 0 else "transfer"
        typed: dict[str, Any] = {
            "category": "cost_services", "description": what, "document": document, "supplier_name": supplier,
            "supplier_code": code, "document_number": f"{place + 10 * number}/2026", "net": net, "vat": vat,
            "document_on": stage.day(-ago) - timedelta(days=5), "cup": team.grant.cup or "",
            "share": "80" if number > 1 else "100", "paid_on": stage.day(-ago),
            "payment_means": means, "payment_reference": f"CRO {4711 + place}",
        }  # fmt: skip
        write_line(stage.session, report_id=report.id, typed=typed, **given)
    if number:
        send_report(stage.session, report_id=report.id, seen_cents=None, **given)
        control(stage, report, to_the_end=number > 1)
