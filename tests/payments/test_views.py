"""Payments through the pages, each person at their own step."""

import csv
import io

import pytest
from sqlalchemy import func, select

from portal.access.models import Authority
from portal.access.policy import Role
from portal.core.audit.models import AuditEvent
from portal.ledger.models import LedgerEntry
from portal.ledger.rules import PostingKind
from portal.payments.models import PaymentOrder, Tranche
from tests.engines import both_engines
from tests.factories.base import make_authority, make_person, make_staff, sign_in

PATH = (("owner", "request"), ("officer", "verify"), ("maker", "propose"), ("checker", "approve"))


def walk(as_, city, steps=PATH):
    """Press the button of each step, as its person does."""
    for name, step in steps:
        as_(name).get(city.first).submit(f"{city.first}/{step}")
    return as_("maker")


def ordered(as_, city):
    """The approved tranche in a file; the maker stands on its page."""
    return walk(as_, city).get("/finance?status=approved").submit("#order", execution_on="2026-03-03")


def status(store, city) -> str:
    with store() as session:
        return session.get_one(Tranche, city.tranches[0]).status.value


def count(store, column, *where) -> int:
    with store() as session:
        return session.scalar(select(func.count(column)).where(*where)) or 0


@both_engines
def test_from_the_request_to_the_bank_each_by_its_person(as_, city, store):
    owner = as_("owner").get(city.first)
    assert owner.shows("Dopo questo pagamento") or owner.shows("After this payment")
    page = ordered(as_, city)
    assert page.shows("8.000,00")
    xml = page.client.get(page.tree.xpath("//a[contains(@href, '/xml')]/@href")[0])
    assert xml.mimetype == "application/xml"
    assert xml.headers["Content-Disposition"].startswith("attachment")
    line = page.tree.xpath("//form[starts-with(@id, 'paid-')]/@action")[0]
    page.submit(line, paid_on="2026-03-02")
    assert status(store, city) == "paid"
    assert as_("owner").get(city.first).shows("€ 8.000,00")


@both_engines
def test_a_double_click_on_approve_releases_once(as_, city, store):
    walk(as_, city, PATH[:3])
    checker = as_("checker").get(city.first)
    form = next(f for f in checker.tree.iter("form") if f.get("action") == f"{city.first}/approve")
    fields = dict(form.form_values())
    for _click in range(2):
        assert checker.post(f"{city.first}/approve", **fields).url == city.first
    assert count(store, LedgerEntry.id, LedgerEntry.posting == PostingKind.RELEASE_APPROVED) == 1


def test_a_second_approval_from_another_tab_is_told_and_changes_nothing(as_, city, store):
    walk(as_, city, PATH[:3])
    checker = as_("checker").get(city.first)
    version = checker.field("version").get("value")
    checker.post(f"{city.first}/approve", version=version)
    checker.post(f"{city.first}/approve", 409, version=version)
    assert checker.tree.xpath("//*[@id='refused']")
    assert count(store, LedgerEntry.id, LedgerEntry.posting == PostingKind.RELEASE_APPROVED) == 1


def test_an_old_version_is_not_approved_and_the_page_says_so(as_, city, store):
    walk(as_, city, PATH[:3])
    as_("checker").get(city.first).post(f"{city.first}/approve", 409, version=1)
    assert status(store, city) == "proposed"


@pytest.mark.parametrize("version", [None, "", "tre", "1.5", "1; DROP TABLE tranche"])
def test_an_approval_without_its_version_is_no_approval(as_, city, store, version):
    walk(as_, city, PATH[:3])
    as_("checker").get(city.first).post(f"{city.first}/approve", 400, version=version)
    assert status(store, city) == "proposed"


@pytest.mark.parametrize("name", ["owner", "officer", "maker", "coach", "auditor", "leader"])
def test_a_refused_move_of_money_is_in_the_trail(as_, city, store, name):
    walk(as_, city, PATH[:3])
    as_(name).get("/desk").post(f"{city.first}/approve", 403, version=4)
    assert status(store, city) == "proposed"
    assert count(store, AuditEvent.id, AuditEvent.event == "refused tranche.approve") == 1


def test_the_maker_is_told_why_another_person_is_needed(as_, city, store, now):
    with store() as session:
        authority = session.get_one(Authority, city.authority)
        roles = (Role.FINANCE_MAKER, Role.FINANCE_APPROVER)
        city.people["both"] = make_person(session, now=now, authority=authority, roles=roles).email
    walk(as_, city, (*PATH[:2], ("both", "propose")))
    page = as_("both").get(city.first)
    assert not page.tree.xpath(f"//form[@action='{city.first}/approve']")
    page.post(f"{city.first}/approve", 403, version=4)
    assert page.tree.xpath("//*[@id='refused']")


def test_a_closed_gate_shows_its_mend_and_no_button(as_, city, store, now):
    with store() as session:
        session.get_one(Tranche, city.tranches[0]).grant.published_at = None
    owner = as_("owner").get(city.first)
    assert owner.tree.xpath("//li[@class='v-gate-no']//a")
    assert not owner.tree.xpath(f"//form[@action='{city.first}/request']")
    owner.post(f"{city.first}/request", 409)
    assert status(store, city) == "planned"


def test_the_whole_account_is_seen_by_finance_alone(as_, city):
    walk(as_, city)
    iban = "IT60X0542811101000000123456"
    for name in ("maker", "checker"):
        assert iban in as_(name).get(city.first).html
    for name in ("owner", "officer", "auditor"):
        assert iban not in as_(name).get(city.first).html
    order = as_("maker").get("/finance?status=approved").submit("#order", execution_on="2026-03-03").url
    assert iban in as_("maker").html
    assert iban in as_("checker").get(order).html
    for name in ("officer", "auditor"):
        page = as_(name).get(order)
        assert iban not in page.html
        assert not page.tree.xpath("//main//form | //a[contains(@href, '/xml')]")


def test_a_tranche_is_a_secret_to_strangers(as_, city, store, visitors, now):
    with store() as session:
        elsewhere = make_authority(session, code="venezia", name="Comune di Venezia")
        stranger = make_staff(session, elsewhere, Role.FINANCE_APPROVER, now=now).email
    for visitor in (as_("leader"), sign_in(visitors(), stranger)):
        visitor.get(city.first, 404)
    page = sign_in(visitors(), stranger).get("/finance")
    assert not page.tree.xpath("//table")


def test_sending_back_needs_a_reason_keeps_nothing_else_and_is_read_by_the_team(as_, city, store):
    walk(as_, city, PATH[:2])
    maker = as_("maker").get(city.first)
    maker.submit("#send-back", 422, reason="  ")
    assert maker.tree.xpath("//details[@open]")
    maker.submit("#send-back", reason="<script>alert(1)</script> Manca il documento")
    assert status(store, city) == "planned"
    assert as_("owner").get(city.first).shows("<script>alert(1)</script> Manca il documento")


def test_a_payment_file_needs_a_day_and_keeps_what_was_chosen(as_, city, store):
    maker = walk(as_, city).get("/finance?status=approved")
    for wrong in ("", "2026-02-30", "31/03/2026", "2026-03-01", "2062-03-03", "domani"):
        maker.submit("#order", 422, execution_on=wrong)
        assert maker.tree.xpath("//input[@name='tranches'][@checked]")
        assert maker.tree.xpath("//*[@id='execution_on-error']")
    maker.submit("#order", 422, execution_on="2026-03-03", tranches=None)
    assert count(store, PaymentOrder.id) == 0


@pytest.mark.parametrize("foreign", ["not-a-key", "00000000-0000-7000-8000-000000000000", "second"])
def test_allowed_and_forbidden_keys_together_pay_nobody(as_, city, store, foreign):
    maker = walk(as_, city).get("/finance?status=approved")
    other = str(city.tranches[1]) if foreign == "second" else foreign
    expected = 409 if foreign == "second" else 404
    maker.post("/finance/orders", expected, tranches=[str(city.tranches[0]), other], execution_on="2026-03-03")
    assert count(store, PaymentOrder.id) == 0
    assert status(store, city) == "approved"


@pytest.mark.parametrize("day", ["", "2026-03-05", "2026-03-01", "02/03/2026", "2026-13-01"])
def test_a_wrong_day_on_the_statement_is_named_and_kept(as_, city, store, day):
    page = ordered(as_, city)
    line = page.tree.xpath("//form[starts-with(@id, 'paid-')]/@action")[0]
    page.submit(line, 422, paid_on=day)
    assert page.tree.xpath("//*[starts-with(@id, 'paid_on-')][contains(@id, '-error')]")
    (link,) = page.tree.xpath("//*[@id='error-summary']//a/@href")
    assert page.tree.xpath(f"//*[@id='{link[1:]}']")
    assert status(store, city) == "ordered"


def test_a_failed_payment_is_told_to_the_team_and_goes_again(as_, city, store):
    page = ordered(as_, city)
    failed = page.tree.xpath("//form[starts-with(@id, 'failed-')]/@action")[0]
    page.submit(failed, 422, reason="")
    page.submit(failed, reason="AC04: conto chiuso")
    assert as_("owner").get(city.first).shows("(AC04) · conto chiuso")
    assert "order" not in page.get("/finance?status=failed").tree.xpath("//form/@id"), "a colleague sends it again"
    as_("checker").get("/finance?status=failed").submit("#order", execution_on="2026-03-03")
    assert status(store, city) == "ordered"


@pytest.mark.parametrize("path", ["/finance/orders/{0}", "/finance/orders/{0}/xml", "/tranches/{0}"])
def test_unknown_keys_are_not_found(as_, city, path):
    as_("maker").get(path.format(city.grant), 404)


def test_lists_say_when_they_are_empty(as_, city):
    maker = as_("maker")
    for path in ("/finance", "/finance?status=paid", "/finance?status=nonsense", "/finance/orders"):
        assert maker.get(path).tree.xpath("//*[@class='v-empty']")


def test_lists_leave_as_files_without_formulas(as_, city, store):
    with store() as session:
        session.get_one(Tranche, city.tranches[0]).grant.organisation.name = "=HYPERLINK(1)"
    maker = walk(as_, city)
    for path, most in (("/finance/tranches.csv", 1), ("/finance/ledger.csv", 3)):
        answer = maker.client.get(path)
        assert answer.mimetype == "text/csv"
        rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
        assert len(rows) > most
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    assert "'=HYPERLINK(1)" in maker.client.get("/finance/tranches.csv?status=approved").get_data(as_text=True)


def test_the_term_ages(as_, city, clock):
    walk(as_, city, PATH[:1])
    assert as_("officer").get("/finance").tree.xpath("//td//*[contains(@class, 'v-tag-neutral')]")
    for days, tone in ((70, "warning"), (10, "danger"), (5, "danger")):
        clock.advance(days=days)
        officer = sign_in(as_("officer"), city.people["officer"]).get("/finance")
        assert officer.tree.xpath(f"//td[last()]//*[contains(@class, 'v-tag-{tone}')]")


def test_an_approver_takes_an_approval_back_with_a_reason_and_the_recipient_reads_it(as_, city, store):
    walk(as_, city)
    assert "take-back" not in as_("maker").get(city.first).html
    checker = as_("checker").get(city.first)
    checker.submit("#take-back", expect=422, reason=" ")
    checker.get(city.first).submit("#take-back", reason="Importo sbagliato.")
    assert status(store, city) == "proposed"
    assert as_("owner").get(city.first).shows("Importo sbagliato.")
    checker.get(city.first).submit(f"{city.first}/approve")
    assert status(store, city) == "approved"
