"""Pages of guarantees, taxes, limits and batches: read, filled in, sent, and what they show then."""

import pytest
from sqlalchemy import select

from portal.access.policy import Role
from portal.core.audit.models import AuditEvent
from portal.payments.guarantees.models import Guarantee
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from tests.factories.base import make_staff
from tests.factories.gated import ADVANCE, BALANCE, INTERIM, TAXED, answer, find_activity, guarantee, make_gated
from tests.factories.grants import sent_pdf
from tests.payments.conftest import city_of

GUARANTEE = {
    "kind": "bank", "issuer": "Banca di Bari", "number": "F-1", "amount": "8.400,00", "valid_until": "2030-12-31",
    "first_demand": True, "waives_excussion": True, "waives_term": True,
}  # fmt: skip
LIST, DETAIL = 8, 12


@pytest.fixture
def city(store, now):
    """An advance that waits for its approver, and somebody who sets limits."""
    with store() as session:
        finance = make_gated(session, now=now, tranches=(ADVANCE, INTERIM, BALANCE), rules=TAXED)
        find_activity(finance, is_undertaking=True)
        answer(finance)
        guarantee(finance)
        finance.propose_all_the_way(finance.first)
        admin = make_staff(session, finance.world.authority, Role.ADMINISTRATOR, now=now)
        made = city_of(finance)
        made.people["administrator"] = admin.email
        return made


def of_guarantees(store, number: str) -> Guarantee:
    with store() as session:
        return session.scalars(select(Guarantee).where(Guarantee.number == number)).one()


def test_a_guarantee_goes_from_recipient_to_finance_and_back(as_, city, store):
    where = f"/grants/{city.grant}/guarantees"
    page = as_("owner").get(where)
    page.submit("#guarantee-form", expect=422, **(GUARANTEE | {"number": "G-2", "amount": "x", "file": sent_pdf()}))
    page.get(where).submit("#guarantee-form", **(GUARANTEE | {"number": "G-2", "file": sent_pdf("testo.pdf")}))
    found = of_guarantees(store, "G-2")
    assert (found.amount_cents, found.status.value) == (840_000, "recorded")
    as_("maker").get(f"/guarantees/{found.id}/file")
    as_("maker").get(where).submit(f"/guarantees/{found.id}/verify")
    checker = as_("checker").get(where)
    given = {f"{found.id.hex}-act": "DD 9/2026", f"{found.id.hex}-released_on": "2026-01-07"}
    late = given | {f"{found.id.hex}-released_on": "2099-01-01"}
    checker.submit(f"#release-{found.id.hex}", expect=422, **late)
    checker.get(where).submit(f"#release-{found.id.hex}", **given)
    assert of_guarantees(store, "G-2").status.value == "released"
    assert as_("owner").get(where).shows("DD 9/2026")


def test_a_guarantee_without_its_clauses_is_refused_with_a_reason(as_, city, store):
    where = f"/grants/{city.grant}/guarantees"
    weak = GUARANTEE | {"number": "G-3", "waives_term": None, "file": sent_pdf()}
    as_("owner").get(where).submit("#guarantee-form", **weak)
    found = of_guarantees(store, "G-3")
    maker = as_("maker").get(where)
    assert f"/guarantees/{found.id}/verify" not in maker.html
    maker.post(f"/guarantees/{found.id}/verify", 409)
    maker.get(where).submit(f"#refuse-{found.id.hex}", expect=422, **{f"{found.id.hex}-reason": " "})
    maker.get(where).submit(f"#refuse-{found.id.hex}", **{f"{found.id.hex}-reason": "Manca l’art. 1957."})
    assert as_("owner").get(where).shows("Manca l’art. 1957.")


def test_finance_records_an_answer_on_tax_debts(as_, city):
    where = f"/grants/{city.grant}/taxes"
    given = {"outcome": "debts", "checked_on": "2026-01-07", "reference": "AER 7"}
    maker = as_("maker").get(where)
    assert maker.shows("4%")
    maker.submit("#answer-form", expect=422, **given)
    maker.get(where).submit("#answer-form", **(given | {"debt": "1.500,00"}))
    assert maker.shows("1.500,00")
    as_("owner").get(where, 403)


def test_an_administrator_sets_limits_and_finance_reads_them(as_, city):
    where = "/admin/authorities/bari/release-limits"
    admin = as_("administrator").get(where)
    admin.submit("#limit-form", expect=422, amount="molto")
    admin.get(where).submit("#limit-form", amount="10.000")
    assert as_("checker").get(where).shows("10.000,00")
    assert "limit-form" not in as_("checker").get(where).html


def test_a_batch_shows_its_effect_then_releases(as_, city, store, statements):
    checker = as_("checker")
    assert "/finance/release" in checker.get("/finance?status=proposed").html
    page = checker.get("/finance/release").submit("#choose", tranches=True)
    for amount in ("8.000,00", "320,00", "7.680,00"):
        assert page.shows(amount)
    address = page.url
    with statements() as sent:
        page.get(address)
    assert len(sent) + 1 <= DETAIL
    as_("officer").get("/finance/release")
    with store() as session:
        session.get_one(Tranche, city.tranches[0]).note = "Cambiata"
    page.submit("#release", mode="whole", expect=409)
    with store() as session:
        refused = session.scalars(select(AuditEvent).where(AuditEvent.event == "refused tranche.approve")).one()
        assert refused.after["refusal"] == "LineRefused"
    page.submit("#release", mode="whole")
    assert page.shows("320,00")
    with store() as session:
        assert session.get_one(Tranche, city.tranches[0]).status is TrancheStatus.APPROVED
    checker.get("/finance/release?tranches=x", 400)


def test_each_condition_tells_recipient_and_finance_what_to_do(as_, city, statements):
    second = as_("owner").get(f"/tranches/{city.tranches[1]}")
    with statements() as sent:
        second.get(second.url)
    assert len(sent) + 1 <= DETAIL
    assert second.tree.xpath("//*[contains(@class, 'v-gate-no')]")
    assert as_("checker").get(city.first).shows("320,00")
