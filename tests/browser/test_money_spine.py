"""Money in Chromium: released by two people and sent to the bank, come back and paid again, a month closed."""

from dataclasses import replace
from importlib import resources

import pytest
import sepaxml
from lxml import etree
from playwright.sync_api import FilePayload, expect
from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.payments.batches.rules import BatchMode
from tests.browser.steps.people import Somebody, it
from tests.browser.steps.spine import Spine, act_by_keyboard, reach, row
from tests.factories.bank import Payment, asked, entry, notification, status_report
from tests.factories.base import make_bank_details, make_staff
from tests.factories.journey import GROUP_IBAN
from tests.factories.payments import IBAN, OTHER_IBAN, Finance, make_finance, put_under_way
from tests.factories.second_factor import give_app

pytestmark = pytest.mark.timeout(300)
OF_A_COLLEAGUE = (
    "A colleague makes the file of these payments: you approved them, or recorded that the bank did not pay."
)
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture
def spine(live, clock, open_page, accessible) -> Spine:
    """The portal; people come later."""
    return Spine(live, clock, open_page, accessible)


def cast(spine: Spine, finance: Finance) -> Finance:
    """Who plays, and where the tranches are."""
    world = finance.world
    people = {"owner": world.owner, "maker": finance.maker, "checker": finance.checker, "officer": world.officer}
    spine.people = {key: person.email for key, person in people.items()}
    spine.paths = {str(each.number): f"/tranches/{each.id}" for each in finance.tranches}
    spine.paths["organisation"] = f"/organisations/{finance.grant.organisation_id}"
    return finance


# ---- released by two people ----


@pytest.fixture
def verified(spine, clock) -> Finance:
    """Two advances that the office has verified; maker and checker have their app."""

    def made(session: Session) -> Finance:
        finance = cast(spine, make_finance(session, now=clock()))
        finance.verify(finance.request(finance.first))
        group = under_way_too(finance)
        group.verify(group.request(group.first))
        for person in (finance.maker, finance.checker):
            give_app(session, person, now=clock())
        return finance

    finance = spine.write(made)
    clock.advance(minutes=10)
    return finance


def under_way_too(finance: Finance) -> Finance:
    """The grant of the group, which its leader represents."""
    world, session = finance.world, finance.session
    grant = put_under_way(world, world.group_application)
    make_bank_details(
        session, world.group, by=world.leader, verifier=world.approver, now=finance.now, iban=GROUP_IBAN
    )  # fmt: skip
    group = replace(finance, grant=grant, world=replace(world, owner=world.leader))
    group.publish()
    return group


def propose(spine: Spine, count: int) -> None:
    """What holds the rest of the money names the tranches and whose turn it is: the maker proposes each of them."""
    for number in range(count):
        maker = spine.at("maker", "/finance")
        held = row(maker, it("The payment is to be proposed")).get_by_role("link")
        if not number:
            spine.look(maker)
        with maker.page.expect_navigation():
            held.first.click()
        act_by_keyboard(maker, "Propose for payment").sees("another person")


def release(spine: Spine) -> None:
    """The checker, whom the portal asks for a code, reads the effect of both, and releases both or none."""
    checker = spine.at("checker", "/finance?status=proposed", strong=False)
    spine.look(checker).follow("Release several tranches")
    for box in checker.main.get_by_role("checkbox").all():
        box.check()
    spine.look(checker).press("Show the effect").sees("16.000,00")
    checker.main.locator(f"#release [value={BatchMode.WHOLE.value}]").check()
    button = checker.main.get_by_role("button", name=it("Release them"))
    reach(spine.look(checker), button)
    checker.press("Release them")
    spine.look(checker)


def make_the_file(maker: Somebody) -> etree._Element:
    """Of everything that can be paid today; the XML is valid against the schema of the bank."""
    maker.press("Make the payment file")
    found = etree.fromstring(maker.download("Download for the bank (SEPA XML)"))
    schema = etree.parse(str(resources.files(sepaxml) / "schemas" / "pain.001.001.09.xsd"))
    etree.XMLSchema(schema).assertValid(found)
    return found


def accounts(document: etree._Element) -> set[str]:
    """The accounts that a file pays."""
    return set(document.xpath("//p:CdtrAcct/p:Id/p:IBAN/text()", namespaces=NAMES))


def test_a_maker_proposes_a_checker_releases_and_the_bank_gets_its_file(spine, verified):
    propose(spine, 2)
    release(spine)
    assert spine.codes == ["checker"]
    maker = spine.look(spine.at("maker", "/finance"))
    assert accounts(make_the_file(maker)) == {IBAN, GROUP_IBAN}
    spine.look(maker)
    spine.nothing_is_broken()


# ---- come back, and paid again ----


@pytest.fixture
def sent(spine, clock) -> tuple[Finance, Payment]:
    """The advance is with the bank since this morning."""

    def made(session: Session) -> tuple[Finance, Payment]:
        finance = cast(spine, make_finance(session, now=clock()))
        line = finance.order(finance.release(finance.first)).lines[0]
        colleague = make_staff(session, finance.world.authority, Role.FINANCE_MAKER, now=clock(), name="Ada Pace")
        spine.people["colleague"] = colleague.email
        return finance, asked(line)

    found = spine.write(made)
    clock.advance(hours=4)
    return found


def take_in(spine: Spine, content: bytes) -> Somebody:
    """The maker takes a file of the bank in."""
    maker = spine.at("maker", "/finance/bank")
    file = FilePayload(name="banca.xml", mimeType="application/xml", buffer=content)
    maker.main.locator("[name=file]").set_input_files(file)
    return spine.look(maker.press("Take the file in"))


def change_the_account(spine: Spine) -> None:
    """The recipient reads why from the desk, writes another account; finance verifies it."""
    owner = spine.at("owner", "/desk")
    owner.take_step(it("The bank did not pay tranche %(number)s: check the account", number=1))
    spine.look(owner).sees("The account number is wrong.").sees("conto inesistente")
    owner.sees("The recipient checks the account, and writes another where it is wrong.")
    owner.follow("The account that is paid")
    spine.look(owner).fill("IBAN", OTHER_IBAN)
    owner.fill("Holder of the account", "Associazione Il Ponte")
    owner.press("Propose this account")
    checker = spine.look(spine.at("checker", spine.paths["organisation"])).sees(OTHER_IBAN)
    act_by_keyboard(checker, "Verify this account")


def test_a_returned_payment_is_told_in_words_the_account_changed_and_paid_again(spine, sent, clock):
    _finance, payment = sent
    take_in(spine, status_report((payment, "RJCT"), reason="AC01", info="conto inesistente")).sees("AC01")
    change_the_account(spine)
    clock.advance(days=2)
    maker = spine.look(spine.at("maker", "/finance")).sees(OF_A_COLLEAGUE)
    expect(maker.main.get_by_role("button", name=it("Make the payment file"))).to_have_count(0)
    document = make_the_file(spine.at("colleague", "/finance"))
    assert accounts(document) == {OTHER_IBAN}
    [again] = document.xpath("//p:EndToEndId/text()", namespaces=NAMES)
    assert again != payment.end_to_end_id
    on = clock().date().isoformat()
    take_in(spine, notification(entry(Payment(again, "", payment.cents), on=on)))
    spine.look(spine.at("owner", spine.paths["1"])).sees("Paid on")
    spine.nothing_is_broken()


# ---- a month is closed ----


def test_who_approves_closes_a_month_and_everybody_in_finance_reads_it(spine, clock):
    def made(session: Session) -> None:
        finance = cast(spine, make_finance(session, now=clock()))
        finance.order(finance.release(finance.first))
        finance.pay(finance.first)

    spine.write(made)
    clock.advance(days=31)
    checker = spine.look(spine.at("checker", "/finance").follow("Closed months"))
    act_by_keyboard(checker, "Close %(month)s", month="marzo 2026")
    spine.look(checker).sees("marzo 2026")
    maker = spine.at("maker", "/finance/periods")
    expect(maker.main.locator("form[action$=close]")).to_have_count(0)
    spine.look(maker.follow("marzo 2026")).sees("the two sides agree")
    assert b";" in maker.download("Download all accounts (CSV)")
    spine.nothing_is_broken()
