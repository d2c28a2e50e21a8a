"""The page of the final account: what is open, the effect before the act, two people, the letter."""

import pytest
from sqlalchemy import select, update

from portal.grants.models import Grant
from portal.grants.rules import local_day
from portal.milestones.costs.models import CostReport
from portal.payments.closing.letters import make_letter
from portal.payments.closing.models import FinalAccount
from tests.factories.closing import make_costed
from tests.payments.conftest import city_of

DETAIL = 12


@pytest.fixture
def city(store, now):
    """A grant whose advance was paid, with costs for half of the rest."""
    with store() as session:
        return city_of(make_costed(session, now=now, spent=2_000_000))


@pytest.fixture
def where(city):
    return f"/grants/{city.grant}/final-account"


def stands(store, kind):
    with store() as session:
        return session.scalars(select(kind)).one()


def test_one_person_prepares_another_approves_and_the_recipient_reads_it(as_, where, store, now):
    officer, owner = as_("officer"), as_("owner")
    officer.get(where).submit("#prepare-form", note="Tutto regolare.")
    assert "approve-form" not in officer.get(where).html, "whoever prepared it does not approve it"
    assert not owner.get(where).shows("Tutto regolare."), "the recipient reads what was approved"
    checker = as_("checker")
    assert where in checker.get("/desk").html
    given = {"act_number": "DD 90/2026", "act_date": local_day(now).isoformat()}
    checker.get(where).submit("#approve-form", expect=422, **(given | {"act_number": ""}))
    checker.submit("#approve-form", **given)
    assert stands(store, Grant).status.value == "closing"
    account = stands(store, FinalAccount)
    assert owner.get(where).shows("DD 90/2026")
    with store() as session:
        make_letter(session, account_id=account.id, now=now)
    assert owner.get(where).shows("0000001/")
    assert owner.client.get(f"/final-accounts/{account.id}/letter.pdf").data.startswith(b"%PDF")


def test_what_changed_after_the_page_was_shown_is_looked_at_again_and_an_account_is_taken_back(as_, where, store):
    officer = as_("officer").get(where)
    with store() as session:
        session.execute(update(CostReport).values(accepted_cents=1_900_000))
    officer.submit("#prepare-form", expect=409)
    officer.get(where).submit("#prepare-form")
    officer.get(where).submit("#withdraw-form", expect=422, reason="")
    officer.submit("#withdraw-form", reason="Manca una fattura.")
    assert stands(store, FinalAccount).status.value == "withdrawn"
    assert "prepare-form" in officer.get(where).html


def test_each_page_takes_few_statements_and_strangers_see_nothing(as_, where, statements):
    for name in ("officer", "maker", "owner", "auditor"):
        visitor = as_(name)
        visitor.get(where)
        with statements() as sent:
            visitor.get(where)
        assert len(sent) + 1 <= DETAIL, name
    as_("coach").get(where, 403)
