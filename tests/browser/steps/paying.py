"""A tranche from the request to the money, and every place that shows its amount."""

import csv
import io
import json
import re
from importlib import resources

import sepaxml
from lxml import etree
from playwright.sync_api import Locator, expect

from portal.core.audit import verify
from portal.reporting.invariants import broken_invariants
from tests.browser.steps.people import Somebody, Stage, it, it_counted
from tests.factories.journey import CAST, ENTITY, GROUP, GROUP_IBAN

ADVANCE, GRANTED, AWARDED = "7.333,33", "18.333,33", "42.983,70"


def gates_of(who: Somebody) -> Locator:
    """The conditions on the page of a tranche."""
    return who.main.get_by_role("region", name=it("Conditions for payment")).get_by_role("listitem")


def request(stage: Stage) -> None:
    """All gates are open now; the second tranche shows its own, with the milestone that is missing."""
    group = stage.person("group").visit(stage.facts["second tranche"])
    expect(gates_of(group)).to_have_count(7)
    expect(gates_of(group).get_by_role("img", name=it("Not met"))).to_have_count(1)
    closed = gates_of(group).filter(has_text=it("Milestones accepted"))
    expect(closed).to_contain_text("Servizio a regime")
    expect(closed.get_by_role("link")).to_have_text(it("Report the milestones that are open"))
    group.visit(stage.facts["tranche"])
    expect(gates_of(group).get_by_role("img", name=it("Met"), exact=True)).to_have_count(5)
    group.confirm("Ask for this tranche")
    expect(group.main.get_by_role("button", name=it("Ask for this tranche"))).to_have_count(0)


def verify_it(stage: Stage) -> None:
    """The officer, from the desk."""
    stage.clock.advance(minutes=5)
    waiting = it_counted("%(num)d tranche to verify", "%(num)d tranches to verify", 1)
    officer = stage.person("officer").take_step(waiting)
    officer.follow(stage.facts["group:reference"])
    assert officer.path == stage.facts["tranche"]
    officer.confirm("Verify: it may be paid")


def propose(stage: Stage) -> None:
    """The maker proposes, and finds no way to approve."""
    waiting = it_counted("%(num)d payment to propose", "%(num)d payments to propose", 1)
    maker = stage.person("maker").take_step(waiting)
    maker.follow(stage.facts["group:reference"])
    assert maker.path == stage.facts["tranche"]
    maker.confirm("Propose for payment")
    assert maker.main.get_by_role("button", name=re.compile(it("Approve version %(number)s", number=".*"))).count() == 0
    answer = maker.page.request.post(
        f"{stage.facts['tranche']}/approve",
        form={"csrf_token": _token(maker), "idempotency_key": "a" * 32, "version": "4"},
    )
    assert answer.status == 403


def _token(who: Somebody) -> str:
    return str(who.page.locator("meta[name=csrf-token]").get_attribute("content"))


def approve(stage: Stage) -> None:
    """Another person reads the account whole and approves the version seen."""
    stage.clock.advance(minutes=5)
    approver = stage.person("approver").visit(stage.facts["tranche"]).sees(GROUP_IBAN)
    button = approver.main.locator("summary", has_text=re.compile(it("Approve version %(number)s", number=r"\d+")))
    expect(button).to_have_count(1)
    approver.confirm(button.inner_text().rstrip("…").strip())
    approver.sees(CAST["approver"][0])


def make_the_file(stage: Stage) -> None:
    """One file for the bank, valid against its schema, and the same payment for accounting."""
    maker = stage.person("maker").visit("/finance?status=approved")
    maker.main.get_by_role("checkbox").check()
    maker.fill("Day of payment", stage.clock().date().isoformat())
    maker.press("Make the payment file")
    stage.facts["order"] = maker.path
    xml = maker.download("Download for the bank (SEPA XML)")
    rows = _table(maker.download("Download for accounting (CSV)"))
    document = etree.fromstring(xml)
    schema = etree.parse(str(resources.files(sepaxml) / "schemas" / "pain.001.001.09.xsd"))
    etree.XMLSchema(schema).assertValid(document)
    names = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
    assert document.xpath("//p:CdtTrfTxInf/p:Amt/p:InstdAmt/text()", namespaces=names) == ["7333.33"]
    assert document.xpath("//p:CdtrAcct/p:Id/p:IBAN/text()", namespaces=names) == [GROUP_IBAN]
    assert [(row["iban"], row["importo_eur"]) for row in rows] == [(GROUP_IBAN, ADVANCE)]


def _table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def record_the_payment(stage: Stage) -> None:
    """The bank has paid: the recipient reads it."""
    stage.clock.advance(days=2)
    maker = stage.person("maker").visit(stage.facts["order"])
    maker.fill("Day on the bank statement", stage.clock().date().isoformat())
    maker.press("Record as paid").sees(ENTITY.name)
    stage.work()
    stage.person("group").visit(stage.facts["tranche"]).sees("Paid on")


def agree_to_the_cent(stage: Stage) -> None:
    """Ledger, finance, public list, open data: the same cents everywhere."""
    officer = stage.person("officer").visit("/finance/ledger")
    for amount, words in ((ADVANCE, "payment recorded"), (ADVANCE, "release approved"), (GRANTED, "grant awarded")):
        row = officer.main.get_by_role("row").filter(has_text=it(words)).filter(has_text=f"€ {amount}")
        expect(row).to_have_count(1)
    officer.visit("/finance")
    standing = officer.main.get_by_role("region", name=it("Where the money of each fund stands"))
    for amount in (ADVANCE, "35.650,37", "2.521.016,30"):
        expect(standing).to_contain_text(f"€ {amount}")
    visitor = stage.person("association").visit("/funded")
    row = visitor.main.get_by_role("row").filter(has_text=GROUP.title)
    expect(row).to_contain_text(f"€ {GRANTED}")
    expect(row).to_contain_text(f"€ {ADVANCE}")
    visitor.visit("/open-data")
    table = _table(visitor.page.request.get("/open-data/grants.csv").body())
    assert [(row["amount_awarded"], row["amount_disbursed"]) for row in table] == [("18333.33", "7333.33")]
    grants = json.loads(visitor.page.request.get("/open-data/grants.json").body())["grants"]
    assert [(each["amountAwarded"], each["amountDisbursed"]) for each in grants] == [(18333.33, 7333.33)]


def nothing_is_broken(stage: Stage) -> None:
    """What `portal check` and `portal audit verify` would say."""
    with stage.session() as session:
        assert list(broken_invariants(session)) == []
        assert list(verify(session)) == []
