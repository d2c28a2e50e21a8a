"""Changes and ends through the pages: the effect before the act, each person at their own step."""

import pytest
from sqlalchemy import select

from portal.access.policy import Role
from portal.grants.changes.rules import AmendmentStatus
from portal.grants.models import Amendment, Grant, Proceeding
from portal.grants.rules import GrantStatus
from portal.payments.models import Tranche
from tests.factories.base import make_staff, sign_in
from tests.factories.changes import make_changing

REASON = "Il fornitore ha chiuso."


@pytest.fixture
def grant(store, now):
    with store() as session:
        finance = make_changing(session, now=now)
        colleague = make_staff(session, finance.world.authority, Role.OFFICER, now=now)
        people = {"owner": finance.world.owner, "officer": finance.world.officer, "colleague": colleague}
        people |= {"leader": finance.world.leader, "maker": finance.maker}
        return {"id": finance.grant.id} | {name: person.email for name, person in people.items()}


def shift(cents: str) -> str:
    return f"?kind=budget_shift&source=cost_staff&target=cost_services&cents={cents}"


def test_a_free_shift_is_shown_then_made(visitors, grant, store):
    owner, path = sign_in(visitors(), grant["owner"]), f"/grants/{grant['id']}/changes"
    page = owner.get(f"{path}/new{shift('1500,00')}")
    assert page.shows("12.000,00")
    assert page.shows("10.500,00")
    page = page.submit("#ask-form", reason=REASON)
    assert page.shows("7.500,00")
    with store() as session:
        assert session.scalars(select(Amendment.status)).one() is AmendmentStatus.GRANTED
    assert owner.get(f"/grants/{grant['id']}/in-force").shows("10.500,00")


def test_a_request_is_returned_completed_refused_and_granted(visitors, grant):
    owner, officer = (sign_in(visitors(), grant[name]) for name in ("owner", "officer"))
    path = f"/grants/{grant['id']}/changes"
    page = owner.get(f"{path}/new{shift('5000,00')}").submit("#ask-form", reason=REASON)
    here = page.url
    assert officer.get("/desk").tree.xpath(f"//a[@href='{here}']")
    refused = officer.get(here).submit("Respingere", words="", expect=422)
    assert refused.tree.xpath("//*[@id='answer-errors']")
    officer.get(here).submit("Restituire per completarla", words="Quale fornitore?")
    page = owner.get(f"{here}/again?source=cost_staff&target=cost_services&cents=4000,00")
    page.submit("#ask-form", reason="Il fornitore Rossi.")
    officer.get(here).submit("Accogliere", words="")
    assert owner.get(f"/grants/{grant['id']}/in-force").shows("8.000,00")


def test_what_does_not_fit_comes_back_beside_its_field(visitors, grant):
    owner = sign_in(visitors(), grant["owner"])
    path = f"/grants/{grant['id']}/changes/new"
    page = owner.get(path + shift("50000,00"))
    assert page.tree.xpath("//*[@id='cents-error']")
    assert not page.tree.xpath("//form[@id='ask-form']")
    assert owner.get(path + "?kind=extension&ends_on=2026-03-05").tree.xpath("//*[@id='ends_on-error']")
    owner.get(path + "?kind=nothing", expect=404)


def test_a_revocation_from_the_notice_to_the_act(visitors, grant, store, clock):
    owner, officer = (sign_in(visitors(), grant[name]) for name in ("owner", "officer"))
    path = f"/grants/{grant['id']}/end"
    page = officer.get(path).submit("#notice-form", kind="revocation", ground="not_carried_out", reason="Mai iniziato.")
    assert not page.tree.xpath("//form[@id='act-form']")
    assert owner.get("/desk").tree.xpath(f"//a[@href='{path}']")
    owner.get(path).submit("#reply-form", reply="Siamo in ritardo.")
    assert officer.get("/desk").tree.xpath(f"//a[@href='{path}']")
    page = officer.get(path)
    assert page.shows("20.000,00")
    page = page.submit("#act-form", act_number="DD 5", act_date="2026-03-02", reason="Respinte le osservazioni.")
    assert page.shows("DD 5")
    with store() as session:
        assert session.get_one(Grant, grant["id"]).status is GrantStatus.REVOKED


def test_the_recipient_renounces_and_the_office_takes_note(visitors, grant, store):
    owner, officer = (sign_in(visitors(), grant[name]) for name in ("owner", "officer"))
    path = f"/grants/{grant['id']}/end"
    owner.get(path).submit("#renounce-form", reason="Non ce la facciamo.")
    page = officer.get(path)
    page.submit("#act-form", act_number="DD 6", act_date="2026-03-02", reason="Si prende atto.")
    with store() as session:
        assert session.get_one(Grant, grant["id"]).status is GrantStatus.RENOUNCED


def test_a_suspension_is_asked_for_with_its_day_and_reminded_after_it(visitors, grant, clock, store):
    officer = sign_in(visitors(), grant["officer"])
    path = f"/grants/{grant['id']}/changes"
    page = officer.get(path).submit("#suspension-form", until="2026-03-12", reason="Verifiche in corso.")
    assert page.shows("Verifiche in corso.")
    clock.advance(days=11)
    officer = sign_in(visitors(), grant["officer"])
    assert officer.get("/desk").tree.xpath(f"//a[@href='{path}']")
    officer.get(path).submit("#suspension-form", reason="Chiarito.")
    with store() as session:
        assert session.get_one(Grant, grant["id"]).status is GrantStatus.ACTIVE


def test_whoever_only_reads_is_shown_no_form(visitors, grant):
    maker = sign_in(visitors(), grant["maker"])
    for page in ("changes", "end", "in-force"):
        assert not maker.get(f"/grants/{grant['id']}/{page}").tree.xpath("//main//form[@method='post']")
    sign_in(visitors(), grant["leader"]).get(f"/grants/{grant['id']}/changes", expect=404)


def test_two_versions_are_compared(visitors, grant):
    owner = sign_in(visitors(), grant["owner"])
    owner.get(f"/grants/{grant['id']}/changes/new{shift('1000,00')}").submit("#ask-form", reason=REASON)
    page = owner.get(f"/grants/{grant['id']}/in-force?from=1&to=2&day=2026-03-02")
    assert page.shows("11.000,00")
    assert owner.get(f"/grants/{grant['id']}/in-force?day=2026-01-01").tree.xpath("//h1")


def test_the_effect_of_the_act_is_bound_to_the_money_that_was_shown(visitors, grant, store, now):
    with store() as session:
        made = session.get_one(Grant, grant["id"])
        assert made.reduced_cents == 0
    owner, officer = (sign_in(visitors(), grant[name]) for name in ("owner", "officer"))
    path = f"/grants/{grant['id']}/end"
    owner.get(path).submit("#renounce-form", reason="Non ce la facciamo.")
    page = officer.get(path)
    page.submit("#act-form", seen="1-2-3", act_number="DD 6", act_date="2026-03-02", reason="Preso atto.", expect=409)
    with store() as session:
        assert session.scalars(select(Proceeding)).one().is_open


def test_the_page_of_a_tranche_says_that_its_grant_stands_still(visitors, grant, store):
    owner, officer = (sign_in(visitors(), grant[name]) for name in ("owner", "officer"))
    officer.get(f"/grants/{grant['id']}/changes").submit("#suspension-form", until="2026-03-12", reason="Verifiche.")
    with store() as session:
        tranche = session.scalars(select(Tranche).where(Tranche.grant_id == grant["id"], Tranche.number == 1)).one()
    assert owner.get(f"/tranches/{tranche.id}").shows("sospeso o finito")


def test_the_pages_ask_the_database_a_few_things_whatever_happened(visitors, grant, statements):
    owner, officer = (sign_in(visitors(), grant[name]) for name in ("owner", "officer"))
    path = f"/grants/{grant['id']}"
    for cents in ("1000,00", "200,00", "300,00"):
        owner.get(f"{path}/changes/new{shift(cents)}").submit("#ask-form", reason=REASON)
    here = owner.get(f"{path}/changes/new{shift('3000,00')}").submit("#ask-form", reason=REASON).url
    officer.get(f"{path}/end").submit("#notice-form", kind="revocation", ground="other", reason="Mai iniziato.")
    asked = {}
    for page in (f"{path}/changes", here, f"{path}/changes/new{shift('10,00')}", f"{path}/in-force", f"{path}/end"):
        with statements() as sent:
            officer.get(page)
        asked[page] = len(sent)
    assert max(asked.values()) <= 12, asked


def test_nothing_typed_is_said_beside_each_field(visitors, grant):
    owner = sign_in(visitors(), grant["owner"])
    path = f"/grants/{grant['id']}/changes/new"
    for kind, field in (("budget_shift", "cents"), ("extension", "ends_on"), ("milestone", "title")):
        assert owner.get(f"{path}?kind={kind}").post(f"{path}?kind={kind}", 422).tree.xpath(f"//*[@id='{field}-error']")


def test_open_proceedings_are_told_on_the_page_of_the_grant(visitors, grant):
    owner, officer = (sign_in(visitors(), grant[name]) for name in ("owner", "officer"))
    path = f"/grants/{grant['id']}"
    assert not owner.get(path).shows("aperto un procedimento")
    officer.get(f"{path}/end").submit("#notice-form", kind="revocation", ground="other", reason="Mai iniziato.")
    assert owner.get(path).shows("aperto un procedimento")
    officer.get(f"{path}/end").submit("#drop-form", reason="Chiarito.")
    assert not owner.get(path).shows("aperto un procedimento")
