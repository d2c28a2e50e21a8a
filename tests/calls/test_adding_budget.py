"""More money for a published call: by an act, from the fund to a line; the call, its file and the ledger agree."""

from decimal import Decimal

import pytest

from portal.access.policy import Role
from portal.access.rules.facts import local_day
from portal.calls.checks import broken
from portal.calls.models import Call
from portal.calls.operations import add_budget, cancel_call, import_call
from portal.calls.queries import remaining_budget
from portal.core.actor import SYSTEM
from portal.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from portal.ledger.queries import account_of
from portal.ledger.rules import AccountKind
from tests.factories.base import as_actor, make_authority, make_staff, sign_in
from tests.factories.calls import dated_design, publish_design

WHY = {"it": "Un residuo di bilancio.", "en": "Money left over."}
URL = "/manage/calls/bari-urbis/budget"


def added(session, call, actor, now, cents=5_000_000, line=None, **more):
    said = {"act_number": "2026/90", "act_date": local_day(now), "reason": WHY, "actor": actor, "now": now} | more
    key = line or call.design.budget_lines[0].key
    return add_budget(session, call_id=call.id, line_key=key, amount_cents=cents, **said)


def test_money_is_added_by_an_act_everywhere_at_once(session, now):
    call = publish_design(session, dated_design(now), now=now)
    officer = as_actor(session, make_staff(session, call.authority, Role.OFFICER, now=now), now=now)
    left, revision = remaining_budget(session, call)[0].remaining_cents, call.revision
    amount = call.design.budget_lines[0].amount
    added(session, call, officer, now)
    assert remaining_budget(session, call)[0].remaining_cents == left + 5_000_000
    assert call.design.budget_lines[0].amount == amount + Decimal(50_000)
    assert call.design.acts[-1].number == "2026/90"
    assert call.revision == revision + 1
    fund = account_of(session, AccountKind.FUND, call.id)
    assert fund is not None
    assert fund.balance_cents == -call.budget_cents
    assert list(broken(session)) == []


def test_what_an_addition_must_say(session, now):
    call = publish_design(session, dated_design(now), now=now)
    officer = as_actor(session, make_staff(session, call.authority, Role.OFFICER, now=now), now=now)
    for wrong, field in (
        ({"cents": 0}, "amount"), ({"cents": -1}, "amount"), ({"line": "altrove"}, "line"),
        ({"act_number": " "}, "act_number"), ({"reason": {"it": "Sì", "en": ""}}, "reason_en"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            added(session, call, officer, now, **wrong)
        assert refused.value.field == field


def test_only_the_office_of_a_call_that_is_not_over_adds_money(session, now):
    call = publish_design(session, dated_design(now), now=now)
    officer = as_actor(session, make_staff(session, call.authority, Role.OFFICER, now=now), now=now)
    torino = make_authority(session, code="torino", name="Torino")
    foreign = as_actor(session, make_staff(session, torino, Role.OFFICER, now=now), now=now)
    with pytest.raises((Forbidden, NotFound)):
        added(session, call, foreign, now)
    cancel_call(session, call_id=call.id, act_number="2026/91", act_date=local_day(now), reason=WHY, actor=officer,
                now=now)  # fmt: skip
    with pytest.raises(IllegalMove):
        added(session, call, officer, now)


def test_the_form_keeps_what_was_typed_and_the_page_of_the_call_tells_of_it(store, now, page):
    with store() as session:
        call = publish_design(session, dated_design(now), now=now)
        before, email = call.budget_cents, make_staff(session, call.authority, Role.OFFICER, now=now).email
        key = call.design.budget_lines[0].key
    sign_in(page, email).get(URL)
    said = {"line": key, "act_number": "2026/90", "act_date": "2026-03-02", "reason_it": "Sì", "reason_en": "Yes"}
    page.submit("Aggiungi le risorse", expect=422, amount="tanto", **said)
    assert page.field("amount").get("value") == "tanto"
    page.submit("Aggiungi le risorse", amount="50.000,00", **said)
    with store() as session:
        call = session.get_one(Call, call.id)
        assert call.budget_cents == before + 5_000_000
    assert page.get("/calls/bari-urbis").shows("Più risorse per l’avviso")


def test_a_draft_has_no_money_to_add_to(session, now):
    bari = make_authority(session)
    call = import_call(session, design=dated_design(now), actor=SYSTEM, now=now)
    officer = as_actor(session, make_staff(session, bari, Role.OFFICER, now=now), now=now)
    with pytest.raises(IllegalMove):
        added(session, call, officer, now)
