"""Organisations and groups: who creates them, which codes are taken, who keeps their profile right."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.access.models import Organisation, OrganisationRegistration
from portal.access.operations import organisations
from portal.access.operations.organisations import ChangedMeanwhile
from portal.access.operations.profile import FiscalCodeTaken, RuntsNumberTaken, VatNumberTaken
from portal.access.policy import Action, Role, Tie
from portal.access.queries.organisations import organisation_seen
from portal.access.rules import LegalForm, OrganisationKind
from portal.core.audit.models import AuditEvent
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.notices.models import Notice
from tests.factories.base import (
    as_actor,
    join,
    make_authority,
    make_organisation,
    make_person,
    make_staff,
)
from tests.factories.organisations import make_known, profile

GOOD_CODE = "01199250158"
ENTITY = {
    "kind": "legal_entity", "name": "Il Ponte APS", "legal_form": "social_promotion_association",
    "fiscal_code": GOOD_CODE, "email": "ponte@prova.example", "address": "via Sparano 10", "city": "Bari",
}  # fmt: skip
GROUP = {
    "kind": "informal_group", "name": "Quelli del cortile", "email": "cortile@prova.example",
    "address": "via Dante 3", "city": "Bari",
}  # fmt: skip


@pytest.fixture
def known(session, now):
    return make_known(session, now=now)


def edited(known, *, version=1, by=None, **changes):
    return organisations.edit_organisation(
        known.session, organisation_id=known.organisation.id, profile=profile(**changes), version_seen=version,
        **known.by(by or known.owner),
    )  # fmt: skip


def test_who_creates_an_organisation_represents_it(session, now):
    person = make_person(session, now=now, name="Ada Losacco")
    made = organisations.create_organisation(
        session, profile=profile(name="Il\u202e  Ponte"), actor=as_actor(session, person, now=now), now=now
    )
    assert (made.name, made.email) == ("Il Ponte", "ponte@prova.example")
    assert (made.representative_name, made.representative_id) == ("Ada Losacco", person.id)
    assert as_actor(session, person, now=now).ties_to(made.id) == {Tie.OWNER}


def test_a_group_has_neither_form_nor_code(session, now):
    actor = as_actor(session, make_person(session, now=now), now=now)
    given = profile(kind=OrganisationKind.INFORMAL_GROUP, fiscal_code="typed by mistake", vat_number="12")
    made = organisations.create_organisation(session, profile=given, actor=actor, now=now)
    assert (made.legal_form, made.fiscal_code, made.vat_number) == (LegalForm.INFORMAL_GROUP, None, None)


def test_nobody_creates_a_consortium_alone(session, now):
    actor = as_actor(session, make_person(session, now=now), now=now)
    with pytest.raises(Invalid):
        organisations.create_organisation(
            session, profile=profile(kind=OrganisationKind.CONSORTIUM), actor=actor, now=now
        )


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        ("fiscal_code", "80015010723", FiscalCodeTaken), ("vat_number", "00514490010", VatNumberTaken),
        ("runts_number", "00123", RuntsNumberTaken),
    ],
)  # fmt: skip
def test_an_identifier_belongs_to_one_organisation_and_the_other_is_not_named(known, now, field, value, refusal):
    other = make_organisation(known.session, now=now, fiscal_code="80015010723", name="Segretissima")
    other.vat_number, other.runts_number = "00514490010", 123
    known.session.flush()
    with pytest.raises(refusal) as refused:
        edited(known, **{field: value})
    assert refused.value.field == field
    assert "Segretissima" not in str(refused.value)
    another = profile(**({"fiscal_code": "00743110157"} | {field: value}))
    with pytest.raises(refusal):
        organisations.create_organisation(known.session, profile=another, **known.by(known.owner))


def test_two_who_take_the_same_code_at_once_get_the_same_refusal(known, now):
    """What the check could not see yet, the database does; it is said in the same words."""
    other = make_organisation(known.session, now=now)
    known.session.commit()
    with pytest.raises(FiscalCodeTaken), unit_of_work() as inner:
        inner.get_one(Organisation, other.id).fiscal_code = known.organisation.fiscal_code


def test_staff_reach_only_organisations_known_to_their_authority(known, now):
    elsewhere = make_authority(known.session, code="venezia", name="Comune di Venezia")
    theirs = known.actor(make_staff(known.session, elsewhere, Role.OFFICER, now=now))
    assert organisation_seen(known.session, known.organisation.id, known.actor(known.officer)).authority_id
    for action in (Action.ORGANISATION_READ, Action.BANK_DETAILS_VERIFY, Action.FACT_RECORD):
        with pytest.raises(NotFound):
            organisation_seen(known.session, known.organisation.id, theirs, action)


def test_somebody_who_works_for_two_authorities_reaches_it_through_the_one_that_lets_them(known, now):
    """Auditor where it registered first, finance approver where it registered later."""
    later = make_authority(known.session, code="venezia", name="Comune di Venezia")
    organisations.know_organisation(
        known.session, organisation_id=known.organisation.id, authority_id=later.id, now=now + timedelta(days=1)
    )
    both = make_person(known.session, now=now, roles=(Role.AUDITOR,), authority=known.authority)
    make = make_staff(known.session, later, Role.FINANCE_APPROVER, now=now)
    actor = known.actor(both)
    actor = replace(actor, roles=actor.roles | known.actor(make).roles)
    for action in (Action.BANK_DETAILS_VERIFY, Action.ORGANISATION_READ):
        assert organisation_seen(known.session, known.organisation.id, actor, action).authority_id == later.id


def test_an_organisation_is_made_known_once(known, now):
    organisations.know_organisation(
        known.session, organisation_id=known.organisation.id, authority_id=known.authority.id, now=now
    )
    assert known.session.scalar(select(func.count(OrganisationRegistration.id))) == 1


# ---- keeping the profile right ----


def test_a_change_is_kept_with_what_was_there_before(known):
    found = edited(
        known, vat_number="IT 00514490010", runts_number="4.321", pec="Ponte@Pec.Example", phone="+39 080 5771111",
        website="www.ilponte.example", mission="Un ponte.\r\nDue rive.", postal_code="70121", province="ba",
        representative_id=known.owner.id, founded_on=date(1999, 2, 28),
    )  # fmt: skip
    assert (found.vat_number, found.runts_number, found.pec) == ("00514490010", 4321, "ponte@pec.example")
    assert (found.website, found.mission, found.province) == (
        "https://www.ilponte.example",
        "Un ponte.\nDue rive.",
        "BA",
    )
    assert (found.representative_name, found.version) == ("Marta Rossi", 2)
    assert found.seat == "via Sparano 10, 70121 Bari (BA)"
    event = known.session.scalars(select(AuditEvent).where(AuditEvent.event == "organisation.edit")).one()
    assert event.before["vat_number"] is None
    assert event.after["vat_number"] == "00514490010"
    assert "city" not in event.after


def test_saving_without_a_change_leaves_no_trace(known):
    edited(known)
    assert edited(known, version=2).version == 2
    assert len(known.session.scalars(select(AuditEvent).where(AuditEvent.event == "organisation.edit")).all()) == 1


def test_a_stale_page_overwrites_nothing(known):
    edited(known, name="Primo")
    with pytest.raises(ChangedMeanwhile):
        edited(known, name="Secondo")
    assert known.organisation.name == "Primo"


def test_only_who_represents_it_changes_it(known, now):
    for how in (Tie.EDITOR, Tie.VIEWER, Tie.REPORTER):
        member = make_person(known.session, now=now)
        join(known.session, member, known.organisation, how, now=now)
        with pytest.raises(NotFound):
            edited(known, by=member)
    with pytest.raises((NotFound, Forbidden)):
        edited(known, by=known.officer)


def test_officers_are_told_when_it_legally_changes_and_only_then(known, now):
    edited(known, legal_form=known.organisation.legal_form, city="Modugno")
    told = select(Notice).where(Notice.person_id == known.officer.id)
    assert known.session.scalars(told).all() == []
    edited(known, version=2, name="Ponte Nuovo", fiscal_code="80015010723")
    notice = known.session.scalars(told).one()
    assert notice.path == f"/organisations/{known.organisation.id}"
    assert "Il Ponte" in notice.text["it"]
    others = known.session.scalars(select(Notice.person_id)).all()
    assert set(others) == {known.officer.id}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " \u200b"), ("email", "a@b\r\nBcc: x@y.example"), ("pec", "nessuna"), ("phone", "chiamami"),
        ("website", "javascript:alert(1)"), ("website", "https://utente@example.it"), ("website", "ftp://a.example"),
        ("website", "http://[::1"), ("postal_code", "7012"), ("province", "BAR"), ("vat_number", "00514490011"),
        ("runts_number", "12345678"), ("fiscal_code", ""), ("legal_form", None),
        ("legal_form", LegalForm.INFORMAL_GROUP), ("legal_form", LegalForm.TEMPORARY_ASSOCIATION),
        ("founded_on", date(2026, 3, 3)), ("founded_on", date(1, 1, 1)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_changes_nothing(known, field, value):
    with pytest.raises(Invalid) as refusal:
        edited(known, **{field: value})
    assert refusal.value.field == field
    assert known.organisation.version == 1


def test_the_representatives_account_is_that_of_a_member(known, now):
    with pytest.raises(Invalid) as refusal:
        edited(known, representative_id=make_person(known.session, now=now).id)
    assert refusal.value.field == "representative_id"
