"""The applicant's facts come from the profile: shown, frozen with what is sent, and never typed again."""

import re
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import select

from portal.access.models import Organisation, Person
from portal.access.operations.facts import FactSeen, record_fact
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Role
from portal.access.rules import FactKind
from portal.applications import operations
from portal.applications.content import content_hash, organisation_facts
from portal.applications.models import ApplicationFile, Submission
from portal.applications.operations import NotReady
from portal.applications.queries import application_of, open_draft, verified_documents
from portal.applications.queries.elsewhere import who_takes_part_twice
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call
from portal.core.errors import NotFound
from tests.factories.applications import World, send
from tests.factories.base import (
    CALLS,
    as_actor,
    make_application,
    make_organisation,
    make_person,
    make_staff,
    sign_in,
)
from tests.factories.documents import PDF, make_upload
from tests.factories.members import make_consortium

PROFILE_WORDS = re.compile(
    r"codice fiscale|partita iva|ragione sociale|denominazione|sede legale|indirizzo|legale rappresentante|iban|\bpec\b"
    r"|runts|tax code|vat number|registered office|legal representative",
    re.IGNORECASE,
)


@pytest.fixture
def world(session, now):
    return World(session, now)


def verified(world, **given):
    """The office has verified the statute of the applicant."""
    officer = make_staff(world.session, world.authority, Role.OFFICER, now=world.now)
    know_organisation(
        world.session, organisation_id=world.organisation.id, authority_id=world.authority.id, now=world.now
    )
    seen = {"kind": FactKind.STATUTE, "issued_on": world.now.date(), "source": "Registro"} | given
    return record_fact(
        world.session, organisation_id=world.organisation.id, upload=make_upload(PDF, "statuto.pdf"),
        seen=FactSeen(**seen), actor=as_actor(world.session, officer, now=world.now), now=world.now,
    )  # fmt: skip


@pytest.mark.parametrize("path", sorted(CALLS.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_call_asks_again_for_what_the_profile_holds(path):
    call = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = [question for section in call["questionnaire"]["sections"] for question in section["questions"]]
    again = [
        question["key"]
        for question in asked
        if question["type"] != "declaration" and any(PROFILE_WORDS.search(text) for text in question["label"].values())
    ]
    assert again == []


def test_the_profile_is_frozen_as_it_is_when_the_application_is_sent(world):
    applicant = world.organisation
    applicant.vat_number, applicant.runts_number, applicant.pec = "01199250158", 77, "ponte@pec.example"
    applicant.postal_code, applicant.province = "70121", "BA"
    application = world.submitted()
    (kept,) = application.submissions
    facts = organisation_facts(applicant)
    assert kept.content["organisation"] == facts
    assert facts["representative"] == applicant.representative_name
    assert facts["seat"] == "via Sparano 10, 70121 Bari (BA), Libertà"
    applicant.name, applicant.representative_name, applicant.city = "Un altro nome", "Un'altra persona", "Modugno"
    world.session.flush()
    world.session.expire_all()
    again = world.session.scalars(select(Submission)).one()
    assert again.content["organisation"] == facts
    assert content_hash(again.content) == again.content_sha256


@pytest.mark.parametrize("field", ["representative_name", "address", "city"])
def test_an_entity_without_representative_or_seat_is_sent_to_its_profile_first(world, field):
    application = world.draft()
    setattr(world.organisation, field, None)
    with pytest.raises(NotReady) as refusal:
        send(world.session, application, by=world.actor, at=world.now)
    assert [fault.key for fault in refusal.value.assessment.faults] == [field]


def test_a_group_needs_no_representative(session, now):
    world = World(session, now, informal=True)
    assert world.organisation.representative_name is None
    assert world.submitted().submissions


# ---- documents that were verified already ----


def test_a_verified_document_is_attached_without_sending_it_again(world):
    fact, application = verified(world), world.draft(whole=False)
    row = operations.attach_verified(
        world.session, application=application, document_key="statute", actor=world.actor, now=world.now
    )
    assert row.file_id == fact.file_id
    operations.attach_file(
        world.session, application=application, document_key="statute", upload=make_upload(PDF, "nuovo.pdf"),
        actor=world.actor, now=world.now,
    )  # fmt: skip
    live = world.session.scalars(select(ApplicationFile).where(ApplicationFile.removed_at.is_(None))).one()
    assert live.file_id != fact.file_id


def test_one_that_expired_or_is_of_another_is_not(world, now):
    verified(world, issued_on=now.date() - timedelta(days=2), expires_on=now.date() - timedelta(days=1))
    application = world.draft(whole=False)
    other = make_organisation(world.session, now=now, owner=world.owner)
    world.session.flush()
    opened = open_draft(world.session, application_of(world.session, application.id))
    assert verified_documents(world.session, opened, now) == {}
    assert other.id != application.organisation_id
    for key in ("statute", "budget_plan"):
        with pytest.raises(NotFound):
            operations.attach_verified(
                world.session, application=application, document_key=key, actor=world.actor, now=now
            )


# ---- through the pages ----


def test_the_first_section_shows_the_profile_and_where_to_mend_it(visitors, people, begun):
    address = begun()
    first, second = (f"{address}/sections/{key}" for key in people.sections[:2])
    owner, editor = (sign_in(visitors(), email) for email in (people.owner, people.editor))
    owner.get(first)
    mend = owner.tree.xpath("//section[@aria-labelledby='who-applies']//a/@href")
    assert mend == [f"/organisations/{people.organisation_id}/edit"]
    assert owner.shows("via Sparano 10, Bari, Libertà")
    assert not owner.tree.xpath("//section[@aria-labelledby='who-applies']//input")
    editor.get(first)
    assert editor.tree.xpath("//section[@aria-labelledby='who-applies']")
    assert not editor.tree.xpath("//section[@aria-labelledby='who-applies']//a")
    assert not owner.get(second).tree.xpath("//section[@aria-labelledby='who-applies']")


def test_what_the_profile_lacks_is_listed_with_its_address(page, people, begun, store):
    address = begun()
    with store() as session:
        session.get_one(Organisation, people.organisation_id).representative_name = None
    sign_in(page, people.owner).get(f"{address}/send")
    assert f"/organisations/{people.organisation_id}/edit" in page.tree.xpath("//main//ul//a/@href")


def test_a_verified_document_is_attached_with_one_click(page, people, begun, store, now):
    address = begun(whole=False)
    with store() as session:
        verified(World.again(session, now, people.organisation_id, people.call_id))
    sign_in(page, people.owner).get(f"{address}/documents")
    page.submit(page.tree.xpath("//form[contains(@action, '/documents/statute/verified')]/@action")[0])
    assert page.tree.xpath("//*[@id='document-statute']//a[contains(@href, '/files/')]")


def test_the_office_is_told_of_applicants_that_look_alike(visitors, people, begun, store, now, clock):
    address = begun(sent=True)
    clock.advance(days=11)
    officer = sign_in(visitors(), people.officer).get(f"{address}/admissibility")
    assert not officer.tree.xpath("//main//a[contains(@href, '/manage/likeness')]")
    with store() as session:
        applicant = session.get_one(Organisation, people.organisation_id)
        twin = make_organisation(session, now=now, name=applicant.name.upper())
        know_organisation(session, organisation_id=twin.id, authority_id=people.authority_id, now=now)
    officer.get(f"{address}/admissibility")
    officer.get(officer.tree.xpath("//main//a[contains(@href, '/manage/likeness')]/@href")[0])
    assert officer.shows(twin.name)


def test_the_office_reads_who_takes_part_in_other_applications_of_the_call(visitors, people, begun, store, now, clock):
    address = begun(sent=True)
    clock.advance(days=11)
    sent = {"now": now, "status": ApplicationStatus.SUBMITTED}
    with store() as session:
        call = session.get_one(Call, people.call_id)
        applicant = session.get_one(Organisation, people.organisation_id)
        owner = session.scalars(select(Person).where(Person.email == people.owner)).one()
        ana, bea = make_person(session, now=now), make_person(session, now=now)
        lead = make_organisation(session, now=now, owner=ana, name="Capofila")
        third = make_organisation(session, now=now, owner=bea, name="Terza")
        first = make_consortium(session, lead, ana, (applicant, owner), (third, bea), now=now, name="ATS Prima")
        second = make_consortium(session, third, bea, now=now, name="ATS Seconda")
        mine, other = make_application(session, call, first, **sent), make_application(session, call, second, **sent)
        make_application(session, call, third, now=now, status=ApplicationStatus.WITHDRAWN)
        found = {
            each: [
                (one.organisation.name, [other.reference for other in one.others])
                for one in who_takes_part_twice(session, each)
            ]
            for each in (mine, other)
        }
        assert found[mine][0][0] == applicant.name
        assert found[mine][1] == ("Terza", [other.reference])
        assert found[other] == [("Terza", [mine.reference])]
        reference = mine.reference
    officer = sign_in(visitors(), people.officer).get(f"{address}/admissibility")
    assert officer.shows("Chi partecipa ad altre domande di questo avviso")
    assert officer.shows(f"{reference} (ATS Prima)")
