"""Costs in Chromium: what a recipient spent, from the invoice to the tranche; what the office finds of it, by two."""

from dataclasses import replace
from decimal import Decimal

import pytest
from playwright.sync_api import FilePayload, Locator, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.calls.rules import GateName
from portal.milestones.control.operations import judge_line
from portal.milestones.costs.models import CostReport
from tests.browser.steps.people import Somebody, it, it_in_part
from tests.browser.steps.spine import Spine, act_by_keyboard, reach, row
from tests.factories.base import make_staff
from tests.factories.control import CONTROL, Controlling, make_controlling
from tests.factories.costs import SUPPLIER, an_invoice, with_costs
from tests.factories.gated import BALANCE, make_gated, template
from tests.factories.payments import Finance

pytestmark = pytest.mark.timeout(300)
LATER = template("interim", 40, GateName.SPENDING_JUSTIFIED, GateName.REPORT_APPROVED, minimum_spent=Decimal(10))
CUT = "La ricevuta è di € 300,00: del resto manca la prova di pagamento."
LETTER = it_in_part("Download the letter (%(number)s)")
TYPED = {
    "description": "Sala prove di marzo", "supplier_name": "Circolo La Darsena", "supplier_code": SUPPLIER,
    "document_number": "7", "document_on": "2026-03-12", "net": "450,00", "paid_on": "2026-03-20",
}  # fmt: skip
"""Of a receipt; the rest of its form is chosen."""


@pytest.fixture
def spine(live, clock, open_page, accessible) -> Spine:
    """The portal; people come later."""
    return Spine(live, clock, open_page, accessible)


# ---- the recipient ----


@pytest.fixture
def spending(spine, clock) -> Finance:
    """The advance was paid; the next tranche waits for a tenth of it, spent and approved, the last for a report."""

    def made(session: Session) -> Finance:
        finance = make_gated(session, now=clock(), tranches=(template("advance", 40), LATER, BALANCE))
        finance.order(finance.release(finance.first))
        finance.pay(finance.first)
        with_costs(session, finance.world.call, finance.grant)
        finance.world.call.definition = finance.world.call.definition | {"control": CONTROL}
        _first, second, last = finance.tranches
        spine.paths = {"second": f"/tranches/{second.id}", "last": f"/tranches/{last.id}"}
        return finance

    finance = spine.write(made)
    spine.people = {"owner": finance.world.owner.email}
    clock.advance(days=60)
    return finance


def gate(who: Somebody, name: str) -> Locator:
    """One condition on the page of a tranche."""
    conditions = who.main.get_by_role("region", name=it("Conditions for payment")).get_by_role("listitem")
    return conditions.filter(has_text=it(name))


def write_the_report(spine: Spine) -> Somebody:
    """From the condition that is not met to a report: an invoice that is read, a receipt that is typed."""
    owner = spine.look(spine.at("owner", spine.paths["second"]))
    expect(gate(owner, "Earlier tranches spent, and approved").get_by_role("img", name=it("Not met"))).to_have_count(1)
    owner.follow("The recipient reports what it spent; the office approves the costs")
    owner.follow("Report costs")
    spine.look(owner).press("Begin the report")
    file = FilePayload(name="IT01199250158_1.xml", mimeType="application/xml", buffer=an_invoice())
    owner.main.locator("[name=invoices]").set_input_files(file)
    spine.look(owner.press("Read the invoices").sees("FT 001/2026"))
    with owner.page.expect_navigation():
        row(owner, "FT 001/2026").get_by_role("link").first.click()
    fill(spine.look(owner), category="services", paid_on="2026-03-20", payment_means="transfer")
    owner.press("Keep this line")
    fill(owner, "#kind-form", category="services")
    owner.press("Write a line")
    fill(spine.look(owner), document="receipt", payment_means="transfer", **TYPED)
    return owner.press("Keep this line").sees("Circolo La Darsena")


def fill(who: Somebody, form: str = "#line-form", **typed: str) -> None:
    """Write in fields, or choose, by their names."""
    for name, value in typed.items():
        found = who.main.locator(f"{form} [name={name}]")
        if found.evaluate("node => node.tagName") == "SELECT":
            found.select_option(value)
        else:
            found.fill(value)


def send_it(spine: Spine, owner: Somebody) -> None:
    """The effect is read first; then the report goes by keyboard alone."""
    owner.follow("Check and send").sees("1.670,00")
    act_by_keyboard(spine.look(owner), "Send the report").sees("sent, to be controlled")


def control_it(spine: Spine, finance: Finance) -> None:
    """The office cuts the receipt; no browser shows it here (see the other journey)."""

    def made(session: Session) -> None:
        world = replace(finance.world, session=session, now=spine.clock())
        report = session.scalars(select(CostReport)).one()
        checker = make_staff(session, world.authority, Role.OFFICER, now=world.now, name="Ines Riva")
        controlling = Controlling(world, report, checker)
        controlling.begin()
        judge_line(session, line_number=2, accepted_cents=30_000, reason=CUT, **controlling.by())
        controlling.accept_all()
        controlling.approve(controlling.propose())

    spine.write(made)
    spine.work()


def read_the_result(spine: Spine, path: str) -> None:
    """What was cut, why, and the letter."""
    owner = spine.look(spine.at("owner", path).follow("Result of the control"))
    owner.sees(CUT).sees("1.520,00")
    assert owner.download(LETTER).startswith(b"%PDF")


def ask_for_the_tranche(spine: Spine) -> None:
    """The condition is met: it is asked for. The last tranche says what is still missing, and whose turn it is."""
    owner = spine.at("owner", spine.paths["second"])
    expect(gate(owner, "Earlier tranches spent, and approved").get_by_role("img", name=it("Met"))).to_have_count(1)
    act_by_keyboard(owner, "Ask for this tranche").sees("requested")
    owner = spine.look(spine.at("owner", spine.paths["last"]))
    closed = gate(owner, "Cost report approved by the office")
    expect(closed.get_by_role("img", name=it("Not met"))).to_have_count(1)
    expect(closed).to_contain_text(it("The recipient sends a cost report; the office controls and approves it"))
    owner.sees("This step opens as soon as every condition is met.")


def test_a_recipient_reports_costs_reads_the_cut_and_asks_for_the_tranche(spine, spending):
    owner = write_the_report(spine)
    path = owner.path
    send_it(spine, owner)
    control_it(spine, spending)
    read_the_result(spine, path)
    ask_for_the_tranche(spine)
    spine.nothing_is_broken()


# ---- the office ----

DRAWN = 3


@pytest.fixture
def sent(spine, clock) -> Controlling:
    """A report of six lines whose call draws half of them by a seed."""
    sample = {"method": "random", "share": "50", "least": DRAWN}
    sent = spine.write(lambda session: make_controlling(session, now=clock(), control=sample))
    world = sent.world
    people = {"officer": world.officer, "colleague": sent.checker, "owner": world.owner}
    spine.people = {key: person.email for key, person in people.items()}
    spine.paths = {"control": f"/costs/{sent.report.id}/control", "result": f"/costs/{sent.report.id}/result"}
    clock.advance(days=41)
    return sent


def draw(spine: Spine) -> Somebody:
    """From the desk to the draw: its effect before it, its seed kept with it."""
    officer = spine.at("officer", "/desk").take_step(it("Control cost report %(number)d", number=1))
    fill(spine.look(officer), "#begin-form", seed="Lotto 2 aprile 2026: 12 34 56")
    reach(officer, officer.main.get_by_role("button", name=it("Draw and begin")))
    officer.press("Draw and begin")
    expect(officer.main.locator("#to-check tbody tr")).to_have_count(DRAWN)
    return spine.look(officer)


def decide(spine: Spine, officer: Somebody) -> None:
    """The first line drawn is cut with its reason, the others stand; every question has an answer."""
    with officer.page.expect_navigation():
        officer.main.locator("#to-check tbody a").first.click()
    fill(spine.look(officer), "#judge-form", accepted="12,50", reason=CUT)
    officer.press("Record the outcome").sees(CUT)
    for box in officer.main.locator("#accept-form [type=checkbox]").all():
        box.check()
    with officer.page.expect_navigation():
        officer.main.locator("#accept-form [type=submit]").click()
    officer.visit(f"{spine.paths['control']}/checklist")
    for box in spine.look(officer).main.locator("[type=radio][value=yes]").all():
        box.check()
    officer.press("Keep the answers")
    spine.look(officer).press("Propose this result")
    expect(officer.main.locator("summary", has_text=it("Approve the result"))).to_have_count(0)
    spine.look(officer)


def approve(spine: Spine) -> None:
    """Somebody who had no hand in it reads the effect and approves, by keyboard; the letter is made and read."""
    step = it("Approve the control of cost report %(number)d", number=1)
    colleague = spine.look(spine.at("colleague", "/desk").take_step(step))
    act_by_keyboard(colleague, "Approve the result").sees("approved")
    spine.work()
    owner = spine.look(spine.at("owner", spine.paths["result"])).sees(CUT)
    assert owner.download(LETTER).startswith(b"%PDF")


def test_an_officer_draws_and_cuts_and_a_colleague_approves(spine, sent):
    officer = draw(spine)
    decide(spine, officer)
    approve(spine)
    spine.nothing_is_broken()
