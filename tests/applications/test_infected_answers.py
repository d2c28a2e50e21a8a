"""A virus in a file that was given as an answer, or found after the registration: never opened, told, replaced."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal.access.models import Person
from portal.access.policy import Role, Tie
from portal.access.ties import tie
from portal.applications.models import Application, ApplicationFile
from portal.applications.queries.files import uses_of
from portal.core.audit import AuditEvent
from portal.documents.models import StoredFile
from portal.documents.rules import ScanState
from portal.notices.models import Notice
from portal.questionnaires.models import AnswerFile
from tests.applications.test_file_views import INFECTED, attach, documents, work
from tests.applications.test_rich_forms import attach as answer
from tests.applications.test_rich_forms import value_of
from tests.factories.applications import World
from tests.factories.base import make_staff, sign_in
from tests.factories.documents import PDF
from tests.factories.forms import rich_design

__all__ = ["documents", "work"]
FAULT = "//a[contains(@href, '#') and contains(@href, 'papers')]"


@pytest.fixture
def draft(store, now):
    """A draft of a call whose answers need a file."""
    asked = rich_design()
    sections = [
        replace(each, questions=[replace(q, required=True) if q.key == "papers" else q for q in each.questions])
        for each in asked.questionnaire.sections
    ]
    with store() as session:
        design = replace(asked, questionnaire=replace(asked.questionnaire, sections=sections))
        world = World(session, now, slug="tutto", design=design)
        application = world.draft(whole=False)
        return SimpleNamespace(address=f"/applications/{application.id}", owner=world.owner.email)


def test_an_infected_answer_is_never_opened_stops_the_sending_and_is_replaced(page, draft, store, scanner, work):
    section = f"{draft.address}/sections/rest"
    sign_in(page, draft.owner).get(section)
    answer(page, name="infetta.pdf", content=INFECTED)
    with store() as session:
        link = f"{draft.address}/files/{session.scalars(select(AnswerFile.file_id)).one()}"
    assert page.tree.xpath("//ul[@class='v-files']//*[contains(text(), 'in attesa')]")
    assert not page.tree.xpath("//ul[@class='v-files']//a[@download]")
    page.get(link, 409)
    work()
    page.get(link, 409)
    assert value_of(store, "papers") == {"value": None}
    page.get(section)
    (words,) = page.tree.xpath("//p[@class='v-where'][contains(., 'virus')]")
    assert "infetta.pdf" in words.text_content()
    assert not page.tree.xpath("//ul[@class='v-files']//a[contains(@href, '/files/')]")
    page.get(f"{draft.address}/send")
    assert page.tree.xpath(FAULT), "the sending waits for a clean file"
    answer(page.get(section), 422, name="ancora.pdf", content=INFECTED)
    assert "virus" in page.tree.xpath("string(//*[@id='q-papers-says'])")
    answer(page.get(section), name="pulita.pdf")
    work()
    page.get(section)
    (clean,) = page.tree.xpath("//ul[@class='v-files']//a[@download]/@href")
    assert page.client.get(clean).data == PDF
    assert not page.tree.xpath("//p[@class='v-where'][contains(., 'virus')]")
    page.get(f"{draft.address}/send")
    assert not page.tree.xpath(FAULT)


def test_an_infected_document_stops_the_sending(page, documents, scanner, work):
    attach(page, documents, INFECTED)
    work()
    page.get(documents.replace("/documents", "/send"))
    assert page.tree.xpath("//a[contains(@href, '#document-statute')]")
    attach(page.get(documents), documents)
    work()
    page.get(documents.replace("/documents", "/send"))
    assert not page.tree.xpath("//a[contains(@href, '#document-statute')]")


def test_a_virus_found_after_the_registration_is_told_to_both_sides(
    visitors, people, begun, scanner, store, work, now, monkeypatch
):
    with store() as session:
        apart = make_staff(session, World.again(session, now, people.organisation_id, people.call_id).authority,
                           Role.OFFICER, now=now)  # fmt: skip
        tie(session, person_id=apart.id, tie=Tie.CONFLICTED, object_type="organisation",
            object_id=people.organisation_id, now=now)  # fmt: skip
        email = apart.email
    monkeypatch.setattr("tests.factories.applications.PDF", INFECTED)
    address = begun(sent=True)
    work()
    team, office = sign_in(visitors(), people.owner), sign_in(visitors(), people.officer)
    with store() as session:
        application = session.scalars(select(Application)).one()
        assert application.submission is not None, "what was registered stays"
        files = session.scalars(select(ApplicationFile)).all()
        assert all(row.removed_at is None for row in files)
        about = Notice.text["it"].as_string().contains("virus")
        notices = select(Person.email, Notice.path).join(Notice, Notice.person_id == Person.id).where(about)
        told = {row[0]: row[1] for row in session.execute(notices)}
        assert told[people.officer] == address
        assert told[people.owner] == f"{address}/messages"
        assert email not in told
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.event == "application.file_blocked")).all()
        assert len(events) == len(files)
    for reader in (team, office):
        reader.get(address)
        assert reader.tree.xpath("//*[@id='blocked-title']")
        reader.get(f"{address}/files/{files[0].file_id}", 409)


def test_of_a_reopened_application_the_registered_files_count_and_the_others_are_nobody_s(
    visitors, people, begun, scanner, store, work
):
    """Its team attached another file and kept the version registered before: the office hears of that one alone."""
    address = begun(sent=True)
    team = sign_in(visitors(), people.owner).get(f"{address}/reopen")
    team.submit(f"{address}/reopen")
    with store() as session:
        sent = session.scalars(select(ApplicationFile).where(ApplicationFile.document_key == "statute")).one().file_id
    attach(team, f"{address}/documents", INFECTED, name="mai-inviato.pdf")
    team.get(address).submit(f"{address}/keep")
    work()
    office = sign_in(visitors(), people.officer).get(address)
    assert not office.tree.xpath("//*[@id='blocked-title']")
    assert "mai-inviato.pdf" not in office.html
    with store() as session:
        words = " ".join(row.text["it"] for row in session.scalars(select(Notice)))
        assert "mai-inviato" not in words
        file = session.get_one(StoredFile, sent)
        file.scan_state, file.virus = ScanState.INFECTED, "Eicar"
        assert [each.reference for each, _document in uses_of(session, sent)] == [reference_of(session)]
    assert office.get(address).tree.xpath("//*[@id='blocked-title']")


def reference_of(session):
    return session.scalars(select(Application.reference)).one()
