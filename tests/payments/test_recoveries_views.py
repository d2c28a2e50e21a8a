"""The page of recoveries: the effect before the act, money recorded, both taken back."""

import pytest
from sqlalchemy import select, text

from portal.core.db.guards import triggers_set_aside
from portal.grants.models import Grant
from portal.grants.rules import local_day
from portal.payments.recoveries.models import Recovery, RecoveryReceipt
from tests.factories.recovering import make_revoked
from tests.payments.conftest import city_of

DETAIL = 12
LIST = 8


@pytest.fixture
def city(store, now):
    """A grant whose advance was paid, then revoked."""
    with store() as session:
        return city_of(make_revoked(session, now=now)[0])


@pytest.fixture
def stored(store):
    def found(kind):
        with store() as session:
            return session.scalars(select(kind)).one()

    return found


@pytest.fixture
def asked_back(as_, city, now, stored):
    """The officer has seen the plan of two instalments and decided it."""
    where, today = f"/grants/{city.grant}/recoveries", local_day(now).isoformat()
    page = as_("officer").get(where).submit("#plan-form", instalments="2")
    given = {"act_number": "DD 1/2026", "act_date": today, "reason": "Lo dice l'atto."}
    page.submit("#decide-form", expect=422, **(given | {"act_number": ""}))
    page.get(f"{where}?instalments=2").submit("#decide-form", **given)
    return where, today, stored(Recovery).id.hex


def test_the_office_decides_what_it_saw_and_the_recipient_reads_it(as_, asked_back, stored, statements):
    where, _today, key = asked_back
    assert stored(Recovery).grant_id
    owner = as_("owner").get(where)
    assert owner.shows("DD 1/2026")
    assert f"receipt-{key}" not in owner.html
    assert where in owner.get("/desk").html
    for name in ("maker", "officer", "auditor"):
        visitor = as_(name)
        visitor.get(where)
        with statements() as sent:
            visitor.get(where)
        assert len(sent) + 1 <= DETAIL
    as_("coach").get(where, 403)


def test_finance_records_money_and_takes_it_out_the_office_takes_the_recovery_back(as_, asked_back, stored):
    where, today, key = asked_back
    maker, given = as_("maker").get(where), {f"{key}-received_on": today, f"{key}-reference": "CRO 1"}
    maker.submit(f"#receipt-{key}", expect=422, **(given | {f"{key}-amount": "999.999,00"}))
    maker.get(where).submit(f"#receipt-{key}", **(given | {f"{key}-amount": "1,00"}))
    assert stored(Recovery).returned_cents == 100
    assert f"back-{key}" not in as_("officer").get(where).html
    out = stored(RecoveryReceipt).id.hex
    maker.get(where).submit(f"#out-{out}", expect=422, **{f"{out}-reason": " "})
    maker.get(where).submit(f"#out-{out}", **{f"{out}-reason": "Era di un altro."})
    as_("officer").get(where).submit(f"#back-{key}", **{f"{key}-reason": "Sentenza."})
    assert stored(Recovery).status.value == "reversed"
    assert as_("officer").get(where).html.count("decide-form") >= 1


def test_what_cannot_be_asked_is_said_beside_the_plan(as_, city):
    page = as_("officer").get(f"/grants/{city.grant}/recoveries?instalments=99")
    assert "decide-form" not in page.html
    page.get(f"/grants/{city.grant}/recoveries?cents=abc&claim=x")
    assert "decide-form" not in page.html


def test_finance_sees_every_recovery_what_came_and_what_is_late(as_, asked_back, store, statements):
    where = asked_back[0]
    maker, list_ = as_("maker"), "/finance/recoveries"
    assert list_ in maker.get("/finance").html
    assert where in maker.get(list_).html
    assert where not in maker.get(f"{list_}?which=overdue").html
    with store() as session:
        past = text("UPDATE recovery_instalment SET due_on = '2020-01-01' WHERE number = 1")
        with triggers_set_aside(session.connection()):
            session.execute(past)
        call = session.scalars(select(Grant)).one().call.slug
    for address in (f"{list_}?which=overdue&call={call}", f"{list_}?which=all"):
        assert where in maker.get(address).html
    assert where not in maker.get(f"{list_}?which=closed").html
    assert where not in maker.get(f"{list_}?call=another").html
    with statements() as sent:
        maker.get(list_)
    assert len(sent) + 1 <= LIST
    for kind, first in (("csv", b"DD 1/2026"), ("xlsx", b"PK")):
        assert first in maker.client.get(f"{list_}/table?which=all&format={kind}").data
    as_("owner").get(list_, 403)
