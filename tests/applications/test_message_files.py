"""Files that come with messages: waited for, opened by the two sides alone, held back where a virus is found."""

import io

import pytest
from flask import current_app
from sqlalchemy import func, select

from portal.access.models import Authority, Person
from portal.access.policy import Role, Tie
from portal.access.ties import tie
from portal.applications.models import ApplicationMessage, MessageFile
from portal.core.audit import AuditEvent
from portal.core.mail import OutgoingMail
from portal.documents.models import StoredFile
from portal.documents.storage import LocalFolder
from portal.notices.models import Notice
from tests.applications.test_file_views import INFECTED, work
from tests.factories.base import make_staff, sign_in
from tests.factories.documents import PDF

__all__ = ["work"]
WORDS = "Ecco la delibera che mancava."
NAMES = ["delibera.pdf", "verbale.pdf"]


@pytest.fixture
def messages(begun):
    """The address of the messages of an application that was sent."""
    return f"{begun(sent=True)}/messages"


@pytest.fixture
def team(visitors, people, messages):
    return sign_in(visitors(), people.owner).get(messages)


@pytest.fixture
def office(visitors, people, messages):
    return sign_in(visitors(), people.officer).get(messages)


def write(page, *files, expect=200, **more):
    """Send a message with these files: name and bytes."""
    return page.submit("Invia il messaggio", expect, text=WORDS, files=[(io.BytesIO(b), n) for n, b in files], **more)


def links(page):
    return page.tree.xpath("//ul[@class='v-files']//a[@download]/@href")


def test_files_wait_for_their_scan_and_then_both_sides_open_them(
    team, office, messages, scanner, work, visitors, people, store, now
):
    write(team, (NAMES[0], PDF), (NAMES[1], PDF + b"% due"))
    assert [team.shows(name) for name in NAMES] == [True, True]
    assert links(team) == []
    office.get(messages)
    assert not office.shows(NAMES[0]), "the other side sees a file when it is clean"
    assert office.shows("2 file di questo messaggio")
    work()
    assert [office.client.get(link).data for link in links(office.get(messages))] == [PDF, PDF + b"% due"]
    link = links(team.get(messages))[0]
    with store() as session:
        apart, evaluator = (
            make_staff(session, session.get_one(Authority, people.authority_id), role, now=now)
            for role in (Role.OFFICER, Role.EVALUATOR)
        )
        tie(session, person_id=apart.id, tie=Tie.CONFLICTED, object_type="organisation",
            object_id=people.organisation_id, now=now)  # fmt: skip
        mail = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == people.officer)).one()
        assert "2 file" in mail.body
        assert NAMES[0] not in mail.body
        emails = [people.stranger, apart.email, evaluator.email]
    for email in emails:
        assert sign_in(visitors(), email).client.get(link).status_code in (403, 404), email
    assert visitors().client.get(link).status_code == 303


def test_a_file_with_a_virus_is_named_to_who_sent_it_and_to_nobody_else(
    team, office, messages, scanner, work, store, people
):
    write(team, ("infetto.pdf", INFECTED))
    with store() as session:
        link = f"{messages}/files/{session.scalars(select(MessageFile.file_id)).one()}"
    work()
    team.get(messages)
    assert team.shows("infetto.pdf")
    assert "virus" in team.tree.xpath("string(//p[@class='v-error'])")
    team.get(link, 409)
    office.get(messages)
    assert not office.shows("infetto.pdf")
    assert office.shows("è stato trattenuto")
    office.get(link, 404)
    with store() as session:
        told = dict(session.execute(select(Person.email, Notice.text).join(Notice, Notice.person_id == Person.id)
                                    .where(Notice.text["it"].as_string().contains("virus"))).all())  # fmt: skip
        assert "infetto.pdf" in told[people.owner]["it"]
        assert "infetto.pdf" not in told[people.officer]["it"]
        events = session.scalars(select(AuditEvent.event).where(AuditEvent.event == "application.file_blocked")).all()
        assert len(events) == 1
    team.get(messages)
    write(team, ("altro.pdf", INFECTED), expect=422)
    assert "virus" in team.tree.xpath("string(//*[@id='error-summary'])")
    assert WORDS in team.tree.xpath("string(//textarea)"), "what was written stays"
    write(team, ("pulito.pdf", PDF))
    assert team.shows("pulito.pdf")


@pytest.mark.parametrize(
    "files",
    [[("virus.exe", PDF)], [("pagina.pdf", b"<html>")], [("vuoto.pdf", b"")], [(f"{n}.pdf", PDF) for n in range(6)]],
    ids=["type", "content", "empty", "many"],
)
def test_what_is_not_taken_is_said_and_no_message_is_written(team, store, files, nothing_changes):
    with nothing_changes():
        write(team, *files, expect=422)
    assert team.tree.xpath("//*[@id='error-summary']")


def test_the_same_form_twice_is_one_message_with_one_file(team, app, store):
    [form] = [form for form in team.tree.forms if form.get("action", "").endswith("/messages")]
    fields = dict(form.form_values()) | {"text": WORDS}
    for _click in range(2):
        team.post(form.get("action"), **(fields | {"files": (io.BytesIO(PDF), "delibera.pdf")}))
    with store() as session:
        assert session.scalar(select(func.count()).select_from(ApplicationMessage)) == 1
        kept = set(session.scalars(select(StoredFile.storage_key)))
    with app.app_context():
        storage = current_app.extensions["storage"]
        assert isinstance(storage, LocalFolder)
        assert {path.name for path in storage.folder.rglob("*") if path.is_file()} == kept, "no bytes without a row"
