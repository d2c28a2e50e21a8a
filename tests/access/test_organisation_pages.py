"""The pages of an organisation: added, read, kept right, each by whom it concerns."""

import pytest
from sqlalchemy import func, select

from portal.access.models import Organisation
from portal.access.policy import Tie
from portal.access.rules import LegalForm
from tests.access.test_organisations import ENTITY, GOOD_CODE, GROUP
from tests.factories.base import join, make_organisation, make_person, sign_in
from tests.factories.organisations import IBAN, make_known
from tests.unchanged import REFUSALS

DETAIL = 12


@pytest.fixture
def owner(store, now):
    with store() as session:
        return make_person(session, now=now, name="Marta Rossi")


@pytest.fixture
def known(store, now):
    with store() as session:
        return make_known(session, now=now)


def test_somebody_creates_an_organisation_and_sees_its_page(page, owner):
    sign_in(page, owner.email).get("/organisations/new").submit("#organisation", **ENTITY)
    assert page.heading == "Il Ponte APS"
    assert page.shows("Marta Rossi")
    assert page.shows(GOOD_CODE)


def test_a_group_needs_no_code(page, owner):
    sign_in(page, owner.email).get("/organisations/new").submit("#organisation", **GROUP)
    assert page.heading == "Quelli del cortile"


def test_a_consortium_is_not_begun_on_this_page(page, owner):
    sign_in(page, owner.email).get("/organisations/new")
    assert page.tree.xpath("//input[@name='kind']/@value") == ["legal_entity", "informal_group"]
    page.post("/organisations/new", 422, **(ENTITY | {"kind": "consortium"}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fiscal_code", "01199250159"), ("fiscal_code", ""), ("name", " \u200b "), ("email", "senza chiocciola"),
        ("email", "a@b\r\nBcc: x@y.example"), ("legal_form", ""), ("city", "x" * 200), ("name", "\x00"),
        ("postal_code", "BA"), ("province", "7"),
    ],
)  # fmt: skip
def test_bad_input_names_the_field_and_keeps_what_was_typed(page, owner, store, field, value):
    sign_in(page, owner.email).get("/organisations/new")
    page.submit("#organisation", 422, **(ENTITY | {field: value}))
    assert page.field("address").get("value") == ENTITY["address"]
    assert page.tree.xpath(f"//*[@id='{field}-error']")
    with store() as session:
        assert session.scalar(select(func.count(Organisation.id))) == 0


def test_a_double_click_creates_one_organisation(page, owner, store):
    sign_in(page, owner.email).get("/organisations/new")
    fields = dict(page.tree.xpath("//form[@id='organisation']")[0].form_values()) | ENTITY
    first = page.post("/organisations/new", **fields).url
    assert page.post("/organisations/new", **fields).url == first
    with store() as session:
        assert session.scalar(select(func.count(Organisation.id))) == 1


def test_a_stranger_finds_no_page(page, store, now, owner, nothing_changes):
    with store() as session:
        organisation = make_organisation(session, now=now, owner=make_person(session, now=now))
        make_organisation(session, now=now, owner=session.merge(owner))
    sign_in(page, owner.email)
    address = f"/organisations/{organisation.id}"
    for path in ("", "/edit", "/bank-details", "/documents/offer"):
        page.get(f"{address}{path}", 404)
    with nothing_changes(*REFUSALS):
        page.post(f"{address}/bank-details", 404, iban=IBAN, holder="Io")
        page.post(f"{address}/edit", 404, name="Mia", version="1")


def test_who_represents_it_keeps_the_profile_right(page, known):
    address = f"/organisations/{known.organisation.id}"
    sign_in(page, known.owner.email).get(address)
    page.get(page.tree.xpath("//main//a[contains(@href, '/edit')]/@href")[0])
    page.submit("#profile", 422, website="javascript:alert(1)", phone="080 5771111", mission="Un ponte.")
    assert page.field("phone").get("value") == "080 5771111"
    page.submit("#profile", website="ilponte.example", runts_number="77", representative_id=str(known.owner.id))
    assert page.url == address
    assert page.tree.xpath("//a[@href='https://ilponte.example']/@rel") == ["nofollow noopener noreferrer"]
    for shown in ("77", "080 5771111", "Un ponte.", "Marta Rossi"):
        assert page.shows(shown)


def test_the_one_who_saves_later_sees_what_changed_and_loses_nothing(visitors, known):
    address = f"/organisations/{known.organisation.id}/edit"
    first, second = (sign_in(visitors(), known.owner.email).get(address) for _ in range(2))
    first.submit("#profile", name="Ponte di mattina", city="Modugno")
    second.submit("#profile", 409, name="Ponte di sera")
    assert second.field("name").get("value") == "Ponte di sera"
    assert second.shows("Ponte di mattina")
    assert second.shows("Modugno")
    second.submit("#profile", name="Ponte di sera")
    assert second.heading == "Ponte di sera"


def test_a_group_is_asked_for_no_codes(page, store, now):
    with store() as session:
        known = make_known(session, now=now, informal=True)
    sign_in(page, known.owner.email).get(f"/organisations/{known.organisation.id}/edit")
    assert not page.tree.xpath("//*[@name='fiscal_code' or @name='legal_form' or @name='vat_number']")
    page.submit("#profile", name="Quelli del cortile")
    page.post(f"/organisations/{known.organisation.id}/edit", version="2", name="Altri", email="a@b.example",
              address="via", city="Bari", fiscal_code=GOOD_CODE, legal_form="association")  # fmt: skip
    with store() as session:
        found = session.get_one(Organisation, known.organisation.id)
        assert (found.name, found.fiscal_code, found.legal_form) == ("Altri", None, LegalForm.INFORMAL_GROUP)


def test_members_who_do_not_represent_it_are_shown_no_way_to_change_it(page, store, now, known):
    with store() as session:
        reader = make_person(session, now=now)
        join(session, reader, known.organisation, Tie.VIEWER, now=now)
    address = f"/organisations/{known.organisation.id}"
    sign_in(page, reader.email).get(address)
    assert not page.tree.xpath("//main//a[contains(@href, '/edit') or contains(@href, '/bank-details')]")
    page.get(f"{address}/edit", 403)


@pytest.mark.parametrize("who", ["owner", "officer", "maker", "approver"])
def test_the_page_stays_within_its_statements(page, store, now, statements, who):
    with store() as session:
        known = make_known(session, now=now)
        known.verify(known.propose())
        known.propose("DE89370400440532013000")
        for _ in range(3):
            known.record()
        known.offer()
        for how in (Tie.EDITOR, Tie.VIEWER):
            join(session, make_person(session, now=now), known.organisation, how, now=now)
    sign_in(page, getattr(known, who).email)
    with statements() as sent:
        page.get(f"/organisations/{known.organisation.id}")
    assert len(sent) <= DETAIL, sent
