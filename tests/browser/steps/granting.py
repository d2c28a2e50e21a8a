"""The award, the entity that the group becomes, the agreement, the CUP, the publication, the account to be paid."""

import io
import re
from datetime import timedelta
from uuid import UUID

import pikepdf
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from portal.access.models import Organisation
from portal.access.rules import FactKind, OrganisationKind
from portal.documents.models import StoredFile
from tests.browser.steps.people import Somebody, Stage, it
from tests.factories.base import PASSWORD
from tests.factories.journey import ASSOCIATION, ENTITY, GROUP, GROUP_IBAN, SLUG, pdf
from tests.factories.second_factor import address_code, app_code

CUP = "J99F18000540006"


def award(stage: Stage) -> None:
    """The effect on the budget first, then every funded application by one act; each team is told."""
    stage.clock.advance(minutes=10)
    officer = stage.person("officer").visit(f"/manage/calls/{SLUG}/grants")
    officer.sees("€ 42.983,70").sees("€ 2.521.016,30")
    officer.fill("Number of the act of award", "2026/210/00871")
    officer.fill("Date of the act", stage.clock().date().isoformat())
    officer.press("Award all these grants")
    for proposal in (GROUP, ASSOCIATION):
        officer.visit(f"/manage/calls/{SLUG}/grants")
        row = officer.main.get_by_role("row").filter(has_text=proposal.title)
        expect(row).to_contain_text(proposal.requested)
        address = str(row.get_by_role("link").first.get_attribute("href"))
        stage.facts[f"{proposal.person}:grant"] = address
        stage.facts[f"{proposal.person}:reference"] = row.get_by_role("link").first.inner_text()
        stage.person(proposal.person).visit("/desk").follow(proposal.title).heading(proposal.title)
        assert stage.person(proposal.person).path == address


def check_the_association(stage: Stage) -> None:
    """A recipient that is an entity already: its requirements are checked."""
    officer = stage.person("officer").visit(stage.facts["association:grant"])
    for label in (
        "The declarations of the application were checked (art. 71 of DPR 445/2000)",
        "The register of State aid was consulted",
        "No ground for exclusion was found",
    ):
        officer.tick(label)
    officer.press("The requirements are checked").sees("agreement to sign")


def incorporate(stage: Stage) -> None:
    """The group records what it has become; the officer confirms; it is the same organisation."""
    stage.clock.advance(days=30)
    group = stage.person("group").visit(stage.facts["group:grant"])
    group.fill("Name of the entity, as in the deed", ENTITY.name)
    group.main.get_by_label(re.compile("^" + it("Legal form"))).select_option(value=ENTITY.legal_form)
    group.fill("Fiscal code of the entity", ENTITY.fiscal_code)
    group.fill("Date of the deed", _day(stage, -3))
    group.main.get_by_label(re.compile("^" + it("Deed of incorporation with the statute"))).set_input_files(pdf("Atto"))
    group.press("Record the legal entity")
    before = _group(stage)
    assert before.kind is OrganisationKind.INFORMAL_GROUP
    officer = stage.person("officer").visit(stage.facts["group:grant"])
    officer.confirm("Confirm the legal entity").sees(ENTITY.name)
    after = _group(stage)
    assert (after.id, after.kind, after.name) == (before.id, OrganisationKind.LEGAL_ENTITY, ENTITY.name)
    assert stage.facts["group:organisation"].endswith(str(after.id))
    group.visit(stage.facts["group:organisation"]).heading(ENTITY.name)


def _day(stage: Stage, days: int) -> str:
    return (stage.clock().date() + timedelta(days=days)).isoformat()


def _group(stage: Stage) -> Organisation:
    with stage.session() as session:
        found = session.get_one(Organisation, UUID(stage.facts["group:organisation"].rsplit("/", 1)[1]))
        session.expunge(found)
    return found


def sign(stage: Stage) -> None:
    """CUP, agreement as a PDF, the signed copy, the countersignature: the plan is drawn."""
    stage.clock.advance(minutes=5)
    officer = stage.person("officer").visit(stage.facts["group:grant"])
    officer.fill("CUP", CUP)
    officer.press("Record the CUP").press("Prepare the agreement")
    group = stage.person("group").visit(stage.facts["group:grant"])
    _set_up_an_app(stage, group)
    assert group.path == stage.facts["group:grant"]
    agreement = group.download("Download the agreement to sign (PDF)")
    with pikepdf.open(io.BytesIO(agreement)) as document:
        assert document.Root.MarkInfo.Marked
    group.main.get_by_label(re.compile("^" + it("Signed copy of the agreement"))).set_input_files(
        FilePayload(name="convenzione-firmata.pdf", mimeType="application/pdf", buffer=agreement)
    )
    group.press("Send the signed copy")
    officer.visit(stage.facts["group:grant"])
    officer.confirm("Countersign the agreement").sees("€ 7.333,33").sees("Avvio del servizio")
    with stage.session() as session:
        names = set(session.scalars(select(StoredFile.name)))
    assert "convenzione-firmata.pdf" in names
    part = officer.main.get_by_role("region", name=it("Tranches"))
    stage.facts["tranche"], stage.facts["second tranche"] = (
        str(part.get_by_role("link").nth(place).get_attribute("href")) for place in (0, 1)
    )


def _set_up_an_app(stage: Stage, who: Somebody) -> None:
    """To sign one needs a second factor: whoever has none is led to set one up, and comes back."""
    who.follow("Confirm that it is you, then sign")
    who.sees("An agreement is signed with a second factor: it shows that it is really you.")
    who.follow("Set up an app")
    who.press("Send me the code")
    with stage.session() as session:
        who.fill("Code of eight digits", address_code(session))
    who.press("Go on")
    key = "".join(who.main.locator("#key").inner_text().split())
    who.fill("Code of six digits", app_code(stage.clock(), key=key))
    if who.main.get_by_label(it("Your password")).count():
        who.fill("Your password", PASSWORD)  # signed in more than ten minutes ago
    who.press("Set up the app")
    expect(who.main.locator("#codes li")).to_have_count(10)
    who.follow("I have kept them: go on")


def look_at_closed_gates(stage: Stage) -> None:
    """Before publication and account the recipient sees what is closed and what mends it; nothing can be asked for."""
    group = stage.person("group").visit(stage.facts["tranche"])
    gates = group.main.get_by_role("region", name=it("Conditions for payment")).get_by_role("listitem")
    expect(gates).to_have_count(5)
    open_ones = ("Agreement signed by both sides", "The group is a legal entity", "Project code (CUP) recorded")
    for label in open_ones:
        expect(gates.filter(has_text=it(label)).get_by_role("img", name=it("Met"), exact=True)).to_be_visible()
    published = gates.filter(has_text=it("Award published (art. 26, D.Lgs 33/2013)"))
    account = gates.filter(has_text=it("Bank account verified by two people"))
    for gate in (published, account):
        expect(gate.get_by_role("img", name=it("Not met"))).to_be_visible()
    expect(published.get_by_role("link")).to_have_text(it("The office publishes the award on the page of the grant"))
    account.get_by_role("link", name=it("Write the account of the organisation; finance verifies it")).click()
    group.heading(ENTITY.name)
    group.visit(stage.facts["tranche"]).sees("This step opens as soon as every condition is met.")
    assert group.main.get_by_role("button", name=it("Ask for this tranche")).count() == 0


def publish(stage: Stage) -> None:
    """Not on the public site before; there at once after."""
    visitor = stage.person("association").visit("/funded")
    expect(visitor.main).not_to_contain_text(GROUP.title)
    officer = stage.person("officer").visit(stage.facts["group:grant"])
    officer.confirm("Publish the grant")
    visitor.visit("/funded").sees(GROUP.title)


def open_the_account(stage: Stage) -> None:
    """The owner proposes the account, the finance approver verifies it; the officer records the DURC."""
    group = stage.person("group").visit(stage.facts["group:organisation"]).follow("Propose an account")
    group.fill("IBAN", GROUP_IBAN)
    group.fill("Holder of the account", ENTITY.name)
    group.press("Propose this account").sees("waiting for verification")
    expect(group.main).not_to_contain_text(GROUP_IBAN)
    approver = stage.person("approver").visit(stage.facts["group:organisation"]).sees(GROUP_IBAN)
    approver.confirm("Verify this account").sees("The account is verified.")
    officer = stage.person("officer").visit(stage.facts["group:organisation"]).follow("Record a document")
    officer.main.get_by_label(it("Document"), exact=True).select_option(value=FactKind.DURC.value)
    officer.fill("Date of issue", _day(stage, -10))
    officer.fill("Where it was checked", "INAIL_48213377")
    officer.press("Record it").sees("The document was recorded.")
