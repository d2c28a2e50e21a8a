"""The award, the entity that the group becomes, the agreement, the CUP, the publication, the account to be paid."""

import io
import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pikepdf
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from portal.access.models import Organisation
from portal.access.rules import FactKind, OrganisationKind
from portal.documents.models import StoredFile
from portal.grants import operations
from portal.grants.checking.operations import CheckTyped
from portal.grants.checking.queries import checklist_of
from portal.grants.checking.rules import STANDARD, CheckOutcome
from portal.grants.models import Grant
from portal.grants.rules import GrantStatus
from tests.browser.steps.people import Somebody, Stage, it
from tests.factories.base import PASSWORD
from tests.factories.journey import ASSOCIATION, ENTITY, GROUP, GROUP_IBAN, SLUG, Entity, Proposal, pdf
from tests.factories.second_factor import address_code, app_code

CUP = "J99F18000540006"


def award(
    stage: Stage, *, slug: str = SLUG, effect: Sequence[str] = ("€ 42.983,70", "€ 2.521.016,30"),
    proposals: Sequence[Proposal] = (GROUP, ASSOCIATION),
) -> None:  # fmt: skip
    """The effect on the budget first, then every funded application by one act; each team is told."""
    stage.clock.advance(minutes=10)
    officer = stage.person("officer").visit(f"/manage/calls/{slug}/grants")
    for words in effect:
        officer.sees(words)
    officer.fill("Number of the act of award", "2026/210/00871")
    officer.fill("Date of the act", stage.clock().date().isoformat())
    officer.press("Award all these grants")
    for proposal in proposals:
        officer.visit(f"/manage/calls/{slug}/grants")
        row = officer.main.get_by_role("row").filter(has_text=proposal.title)
        expect(row).to_contain_text(proposal.requested)
        address = str(row.get_by_role("link").first.get_attribute("href"))
        stage.facts[f"{proposal.person}:grant"] = address
        stage.facts[f"{proposal.person}:reference"] = row.get_by_role("link").first.inner_text()
        stage.person(proposal.person).visit("/desk").follow(proposal.title).heading(proposal.title)
        assert stage.person(proposal.person).path == address


def accept_the_grant(stage: Stage, proposal: Proposal) -> None:
    """The recipient answers within the term, once the effect was read."""
    stage.clock.advance(days=3)
    who = stage.person(proposal.person).take_step(it("Accept the grant, or renounce it"))
    who.sees(f"€ {proposal.requested}").confirm("Accept the grant").sees("The grant is accepted. The office was told.")


def record_checks(stage: Stage, key: str, texts: Sequence[str]) -> None:
    """The office looks at these checks of the list one by one, and writes where."""
    officer = stage.person("officer").visit(f"{stage.facts[f'{key}:grant']}/checks")
    for text in texts:
        officer.main.get_by_role("listitem").filter(has_text=text).get_by_role("link").last.click()
        officer.heading(text).choose("What was found", "Positive")
        officer.fill("Date of what was looked at", stage.clock().date().isoformat())
        officer.fill("Where it was looked at", "PG 2026/0412")
        officer.press("Record the check").sees("PG 2026/0412")


def close_the_checks(stage: Stage, key: str) -> None:
    """Everything is positive: the agreement can follow."""
    officer = stage.person("officer").visit(f"{stage.facts[f'{key}:grant']}/checks")
    officer.confirm("Close the list of checks").sees("The checks are complete: the agreement can follow.")
    officer.sees("agreement to sign")


def check_the_rest(stage: Stage, key: str) -> None:
    """The other checks, without pages; what is read elsewhere is not due yet, with the reason."""
    grant_id = UUID(stage.facts[f"{key}:grant"].rsplit("/", 1)[1])
    with stage.session() as session:
        grant, today = session.get_one(Grant, grant_id), stage.clock().date()
        for state in checklist_of(session, grant, today):
            if state.is_done:
                continue
            outcome = CheckOutcome.NOT_DUE if state.is_read else CheckOutcome.POSITIVE
            typed = CheckTyped(outcome, today, reference="PG 2026/0413", note="Ente appena nato, senza dipendenti.")
            operations.record_check(
                session, grant_id=grant_id, key=state.check.key, typed=typed, actor=stage.actor(session, "officer"),
                now=stage.clock(),
            )  # fmt: skip


def read_the_statute(stage: Stage, proposal: Proposal, title: str) -> None:
    """The group reads a draft filled with its data, and takes it away as a tagged PDF."""
    who = stage.person(proposal.person).visit(stage.facts[f"{proposal.person}:grant"])
    who.follow("Drafts of statutes, filled with your data").follow(title).heading(title)
    who.sees(proposal.organisation).sees(proposal.seat[0])
    with pikepdf.open(io.BytesIO(who.download("Download as PDF"))) as document:
        assert document.Root.MarkInfo.Marked


def show_a_step(stage: Stage, proposal: Proposal, text: str) -> None:
    """A step to the legal entity, with its file."""
    who = stage.person(proposal.person).visit(stage.facts[f"{proposal.person}:grant"]).follow("Show it")
    who.heading(text).main.get_by_label(re.compile("^" + it("File"))).set_input_files(pdf("Verbale"))
    who.press("Show the step").sees("shown")


def look_at_the_recipient(stage: Stage, proposal: Proposal, entity: Entity) -> None:
    """The grant is active, and its recipient is the new entity: the same organisation under its new name."""
    who = stage.person(proposal.person).visit(stage.facts[f"{proposal.person}:grant"]).sees(entity.name).sees("active")
    who.sees(entity.fiscal_code)
    with stage.session() as session:
        grant = session.get_one(Grant, UUID(who.path.rsplit("/", 1)[1]))
        found = (grant.status, grant.organisation.name, grant.organisation.legal_form.value)
        assert stage.facts[f"{proposal.person}:organisation"].endswith(str(grant.organisation_id))
    assert found == (GrantStatus.ACTIVE, entity.name, entity.legal_form)
    who.follow("The agreement: versions and signatures").sees("in force")


def check_the_association(stage: Stage) -> None:
    """A recipient that is an entity already: its requirements are checked."""
    record_checks(stage, "association", [each.text["it"] for each in STANDARD])
    close_the_checks(stage, "association")


def incorporate(stage: Stage, *, proposal: Proposal = GROUP, entity: Entity = ENTITY, is_frozen: bool = False) -> None:
    """The group records what it has become; the officer confirms; it is the same organisation."""
    key = proposal.person
    stage.clock.advance(days=30)
    record_the_entity(stage, key, entity, stage.facts[f"{key}:grant"], is_frozen=is_frozen)
    confirm_the_entity(stage, key, entity, stage.facts[f"{key}:grant"])


def record_the_entity(stage: Stage, key: str, entity: Entity, page: str, *, is_frozen: bool = False) -> None:
    """What the deed says, with the deed; where the people are fixed, that they are the same."""
    group = stage.person(key).visit(page)
    group.fill("Name of the entity, as in the deed", entity.name)
    group.main.get_by_label(re.compile("^" + it("Legal form"))).select_option(value=entity.legal_form)
    group.fill("Fiscal code of the entity", entity.fiscal_code)
    group.fill("Date of the deed", _day(stage, -3))
    if is_frozen:
        group.fill("Founders of the deed who were not of the group", "0")
        group.fill("People of the group who are not among the founders", "0")
    group.main.get_by_label(re.compile("^" + it("Deed of incorporation with the statute"))).set_input_files(pdf("Atto"))
    group.press("Record the legal entity")
    group.sees(entity.fiscal_code)


def confirm_the_entity(stage: Stage, key: str, entity: Entity, page: str) -> None:
    """A second person, of the office, reads the deed and confirms: the organisation keeps its key."""
    before = _group(stage, key)
    assert before.kind is OrganisationKind.INFORMAL_GROUP
    expect(stage.person(key).main.get_by_role("button", name=it("Confirm the legal entity"))).to_have_count(0)
    officer = stage.person("officer").visit(page)
    officer.confirm("Confirm the legal entity").sees(entity.name)
    after = _group(stage, key)
    assert (after.id, after.kind, after.name) == (before.id, OrganisationKind.LEGAL_ENTITY, entity.name)
    stage.person(key).visit(stage.facts[f"{key}:organisation"]).heading(entity.name)


def _day(stage: Stage, days: int) -> str:
    return (stage.clock().date() + timedelta(days=days)).isoformat()


def _group(stage: Stage, key: str) -> Organisation:
    with stage.session() as session:
        found = session.get_one(Organisation, UUID(stage.facts[f"{key}:organisation"].rsplit("/", 1)[1]))
        session.expunge(found)
    return found


def sign(stage: Stage) -> None:
    """CUP, agreement as a PDF, the signed copy, the countersignature: the plan is drawn."""
    stage.clock.advance(minutes=5)
    prepare_the_agreement(stage, "group", CUP)
    group = stage.person("group").visit(stage.facts["group:grant"]).follow("Read it and sign")
    _set_up_an_app(stage, group)
    assert group.path == stage.facts["group:grant"] + "/agreement"
    sign_by_a_copy(stage, "group")
    officer = countersign(stage, "group").sees("€ 7.333,33").sees("Avvio del servizio")
    with stage.session() as session:
        names = set(session.scalars(select(StoredFile.name)))
    assert "convenzione-firmata.pdf" in names
    part = officer.main.get_by_role("region", name=it("Plan: milestones and tranches"))
    tranches = part.locator("a[href*='/tranches/']")
    stage.facts["tranche"], stage.facts["second tranche"] = (
        str(tranches.nth(place).get_attribute("href")) for place in (0, 1)
    )


def prepare_the_agreement(stage: Stage, key: str, cup: str, words: Sequence[str] = ()) -> None:
    """The office records the CUP, reads what the agreement would say, and fixes it."""
    officer = stage.person("officer").visit(stage.facts[f"{key}:grant"])
    officer.fill("CUP", cup)
    officer.press("Record the CUP").follow("Preview, then prepare it")
    for each in words:
        officer.sees(each)
    officer.confirm("Prepare the agreement")


def download_the_agreement(who: Somebody) -> bytes:
    """The PDF to sign, tagged."""
    agreement = who.download("Download the agreement to sign (PDF)")
    with pikepdf.open(io.BytesIO(agreement)) as document:
        assert document.Root.MarkInfo.Marked
    return agreement


def sign_on_the_portal(stage: Stage, key: str) -> None:
    """The representative reads the PDF, gives a second factor anew, and accepts the document of that fingerprint."""
    who = stage.person(key).visit(stage.facts[f"{key}:grant"]).follow("Read it and sign")
    download_the_agreement(who)
    stage.clock.advance(minutes=11)
    who.page.reload()
    who.follow("Confirm that it is you, then accept")
    who.main.locator("#accept-form [type=checkbox]").check()
    who.press("Accept and sign").sees("You have signed on the portal: the office countersigns.")


def sign_by_a_copy(stage: Stage, key: str) -> None:
    """The representative sends back the very file, signed."""
    who = stage.person(key).visit(f"{stage.facts[f'{key}:grant']}/agreement")
    agreement = download_the_agreement(who)
    who.main.get_by_label(re.compile("^" + it("Signed copy of the agreement"))).set_input_files(
        FilePayload(name="convenzione-firmata.pdf", mimeType="application/pdf", buffer=agreement)
    )
    who.press("Send the signed copy")


def countersign(stage: Stage, key: str) -> Somebody:
    """The office looks at the signature and signs: the grant is active."""
    officer = stage.person("officer").visit(stage.facts[f"{key}:grant"]).follow("Look at the signature and countersign")
    officer.press("Countersign the agreement")
    return officer.visit(stage.facts[f"{key}:grant"])


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
    officer = stage.person("officer").visit(stage.facts["group:grant"]).follow("See what becomes public, and publish")
    officer.press("Publish the grant").sees("The grant is published.")
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
