"""Organisations and groups: who creates them, which codes are taken, who proposes and who verifies an account."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.access.models import BankDetails, Organisation, OrganisationRegistration, VerifiedFact
from portal.access.operations import organisations
from portal.access.operations.organisations import FiscalCodeTaken, OrganisationProfile, SamePerson
from portal.access.policy import Action, Role, Tie
from portal.access.queries import bank_details_in_force
from portal.access.queries.organisations import organisation_seen
from portal.access.rules import BankDetailsStatus, LegalForm, OrganisationKind, durc_valid_until, masked_iban
from portal.access.rules.identifiers import valid_fiscal_code, valid_iban
from portal.core.errors import Invalid, NotFound
from tests.factories.base import as_actor, make_authority, make_organisation, make_person, make_staff, sign_in

IBAN = "IT60X0542811101000000123456"
WRONG_CIN = "IT64Y0542811101000000123456"
GOOD_CODE = "01199250158"
ENTITY = {
    "kind": "legal_entity", "name": "Il Ponte APS", "legal_form": "social_promotion_association",
    "fiscal_code": GOOD_CODE, "email": "ponte@prova.example", "address": "via Sparano 10", "city": "Bari",
}  # fmt: skip
GROUP = {
    "kind": "informal_group", "name": "Quelli del cortile", "email": "cortile@prova.example",
    "address": "via Dante 3", "city": "Bari",
}  # fmt: skip


def profile(**changes) -> OrganisationProfile:
    given = {
        "kind": OrganisationKind.LEGAL_ENTITY, "legal_form": LegalForm.ASSOCIATION, "name": "Il Ponte",
        "fiscal_code": GOOD_CODE, "email": "Ponte@Prova.example", "address": "via Sparano 10", "city": "Bari",
    }  # fmt: skip
    return OrganisationProfile(**(given | changes))


@pytest.mark.parametrize("code", ["01199250158", " 0119925 0158 ", "rssmra85t10a562s", "RSSMRA85T10A56NH"])
def test_a_right_fiscal_code_is_taken_however_it_is_typed(code):
    assert valid_fiscal_code(code) == code.replace(" ", "").upper()


@pytest.mark.parametrize("code", ["", "01199250159", "RSSMRA85T10A562T", "0119925015", "０1199250158", "a\x00b", "IT0"])
def test_a_wrong_fiscal_code_is_refused_with_the_mend(code):
    with pytest.raises(Invalid) as refusal:
        valid_fiscal_code(code)
    assert refusal.value.field == "fiscal_code"


@pytest.mark.parametrize("iban", [IBAN, "it60 x054 2811 1010 0000 0123 456", "DE89370400440532013000"])
def test_a_right_iban_is_taken_however_it_is_typed(iban):
    assert valid_iban(iban) == iban.replace(" ", "").upper()


@pytest.mark.parametrize("iban", ["", "IT60", WRONG_CIN, IBAN[:-1] + "7", "IT60Х0542811101000000123456", "'; DROP"])
def test_a_wrong_iban_is_refused_even_when_only_its_cin_is_wrong(iban):
    with pytest.raises(Invalid):
        valid_iban(iban)


def test_an_iban_is_masked_and_a_durc_lasts_120_days():
    assert masked_iban(IBAN) == "IT60 **** 3456"
    assert durc_valid_until(date(2026, 3, 2)) == date(2026, 6, 30)


def test_who_creates_an_organisation_represents_it(session, now):
    person = make_person(session, now=now)
    made = organisations.create_organisation(
        session, profile=profile(name="Il\u202e  Ponte"), actor=as_actor(session, person, now=now), now=now
    )
    assert (made.name, made.email) == ("Il Ponte", "ponte@prova.example")
    assert as_actor(session, person, now=now).ties_to(made.id) == {Tie.OWNER}


def test_a_group_has_neither_form_nor_code(session, now):
    actor = as_actor(session, make_person(session, now=now), now=now)
    given = profile(kind=OrganisationKind.INFORMAL_GROUP, fiscal_code="typed by mistake")
    made = organisations.create_organisation(session, profile=given, actor=actor, now=now)
    assert (made.legal_form, made.fiscal_code) == (LegalForm.INFORMAL_GROUP, None)


def test_a_fiscal_code_belongs_to_one_organisation(session, now):
    actor = as_actor(session, make_person(session, now=now), now=now)
    organisations.create_organisation(session, profile=profile(), actor=actor, now=now)
    with pytest.raises(FiscalCodeTaken):
        organisations.create_organisation(session, profile=profile(name="Un altro"), actor=actor, now=now)


def known_world(session, now):
    authority = make_authority(session)
    owner = make_person(session, now=now)
    organisation = make_organisation(session, now=now, owner=owner)
    organisations.know_organisation(session, organisation_id=organisation.id, authority_id=authority.id, now=now)
    return authority, owner, organisation


def test_an_account_needs_two_people_and_replaces_the_one_before(session, now):
    authority, owner, organisation = known_world(session, now)
    approver = as_actor(session, make_staff(session, authority, Role.FINANCE_APPROVER, now=now), now=now)
    for iban in (IBAN, "DE89370400440532013000"):
        row = organisations.propose_bank_details(
            session, organisation_id=organisation.id, iban=iban, holder="Il Ponte",
            actor=as_actor(session, owner, now=now), now=now,
        )  # fmt: skip
        organisations.verify_bank_details(session, bank_details_id=row.id, actor=approver, now=now)
    session.flush()
    in_force = bank_details_in_force(session, organisation.id)
    assert in_force is not None
    assert in_force.iban.startswith("DE89")
    states = session.scalars(select(BankDetails.status).order_by(BankDetails.status)).all()
    assert states == [BankDetailsStatus.REPLACED, BankDetailsStatus.VERIFIED]


def test_whoever_proposed_an_account_never_verifies_it(session, now):
    authority, owner, organisation = known_world(session, now)
    both = make_person(session, now=now, roles=(Role.FINANCE_MAKER, Role.FINANCE_APPROVER), authority=authority)
    actor = as_actor(session, both, now=now)
    row = organisations.propose_bank_details(
        session, organisation_id=organisation.id, iban=IBAN, holder="Il Ponte", actor=actor, now=now
    )
    with pytest.raises(SamePerson):
        organisations.verify_bank_details(session, bank_details_id=row.id, actor=actor, now=now)
    with pytest.raises(NotFound):
        organisations.verify_bank_details(
            session, bank_details_id=row.id, actor=as_actor(session, owner, now=now), now=now
        )


def test_a_new_proposal_puts_the_waiting_one_aside(session, now):
    _, owner, organisation = known_world(session, now)
    for _time in range(2):
        organisations.propose_bank_details(
            session, organisation_id=organisation.id, iban=IBAN, holder="Il Ponte",
            actor=as_actor(session, owner, now=now), now=now,
        )  # fmt: skip
    waiting = select(func.count(BankDetails.id)).where(BankDetails.status == BankDetailsStatus.PROPOSED)
    assert session.scalar(waiting) == 1


def test_staff_reach_only_organisations_known_to_their_authority(session, now):
    authority, _, organisation = known_world(session, now)
    elsewhere = make_authority(session, code="venezia", name="Comune di Venezia")
    ours = as_actor(session, make_staff(session, authority, Role.OFFICER, now=now), now=now)
    theirs = as_actor(session, make_staff(session, elsewhere, Role.OFFICER, now=now), now=now)
    assert organisation_seen(session, organisation.id, ours).authority_id == authority.id
    with pytest.raises(NotFound):
        organisation_seen(session, organisation.id, theirs)
    with pytest.raises(NotFound):
        organisation_seen(session, organisation.id, ours, Action.BANK_DETAILS_VERIFY)


def test_an_organisation_is_made_known_once(session, now):
    authority, _, organisation = known_world(session, now)
    organisations.know_organisation(session, organisation_id=organisation.id, authority_id=authority.id, now=now)
    assert session.scalar(select(func.count(OrganisationRegistration.id))) == 1


def test_a_durc_is_recorded_by_an_officer_and_never_from_the_future(session, now):
    authority, _, organisation = known_world(session, now)
    officer = as_actor(session, make_staff(session, authority, Role.OFFICER, now=now), now=now)
    given = {"organisation_id": organisation.id, "source": "INPS_1", "actor": officer, "now": now}
    fact = organisations.record_durc(session, issued_on=now.date(), **given)
    assert fact.valid_until == now.date() + timedelta(days=120)
    with pytest.raises(Invalid):
        organisations.record_durc(session, issued_on=now.date() + timedelta(days=1), **given)


# ---- through the pages ----


@pytest.fixture
def owner(store, now):
    with store() as session:
        return make_person(session, now=now, name="Marta Rossi")


def test_somebody_creates_an_organisation_and_sees_its_page(page, owner):
    sign_in(page, owner.email).get("/organisations/new").submit("#organisation", **ENTITY)
    assert page.heading == "Il Ponte APS"
    assert page.shows("Marta Rossi")
    assert page.shows(GOOD_CODE)


def test_a_group_needs_no_code(page, owner):
    sign_in(page, owner.email).get("/organisations/new").submit("#organisation", **GROUP)
    assert page.heading == "Quelli del cortile"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fiscal_code", "01199250159"), ("fiscal_code", ""), ("name", " \u200b "), ("email", "senza chiocciola"),
        ("email", "a@b\r\nBcc: x@y.example"), ("legal_form", ""), ("city", "x" * 200), ("name", "\x00"),
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


def test_a_stranger_finds_no_page(page, store, now, owner):
    with store() as session:
        organisation = make_organisation(session, now=now, owner=make_person(session, now=now))
        make_organisation(session, now=now, owner=session.merge(owner))
    sign_in(page, owner.email)
    page.get(f"/organisations/{organisation.id}", 404)
    page.get(f"/organisations/{organisation.id}/bank-details", 404)
    page.post(f"/organisations/{organisation.id}/bank-details", 404, iban=IBAN, holder="Io")


def test_an_account_is_proposed_masked_and_verified_by_finance(visitors, store, now):
    with store() as session:
        authority, person, organisation = known_world(session, now)
        approver = make_staff(session, authority, Role.FINANCE_APPROVER, now=now)
        officer = make_staff(session, authority, Role.OFFICER, now=now)
    address = f"/organisations/{organisation.id}"
    team = sign_in(visitors(), person.email).get(f"{address}/bank-details")
    team.submit("#bank-details", 422, iban=WRONG_CIN, holder="Il Ponte")
    assert team.field("iban").get("value") == WRONG_CIN
    team.submit("#bank-details", iban=IBAN, holder="Il Ponte")
    assert team.shows("IT60 **** 3456")
    assert IBAN not in team.html
    finance = sign_in(visitors(), approver.email).get(address)
    assert finance.shows(IBAN)
    verify = finance.tree.xpath("//form[contains(@action, '/verify')]/@action")[0]
    finance.submit(verify)
    assert finance.tree.xpath("//*[contains(@class, 'v-tag-success')]")
    assert IBAN not in sign_in(visitors(), officer.email).get(address).html


def test_an_officer_records_a_durc(page, store, now):
    with store() as session:
        authority, _, organisation = known_world(session, now)
        officer = make_staff(session, authority, Role.OFFICER, now=now)
    sign_in(page, officer.email).get(f"/organisations/{organisation.id}/durc")
    for wrong in ("", "31/02/2026", "2026-02-29", "2027-01-01"):
        page.submit("#durc", 422, issued_on=wrong, source="INPS")
        assert page.field("source").get("value") == "INPS"
    page.submit("#durc", issued_on="2026-02-27", source="INPS_123")
    assert page.shows("INPS_123")
    with store() as session:
        assert session.scalars(select(VerifiedFact.valid_until)).one() == date(2026, 6, 27)
