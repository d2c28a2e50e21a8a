"""The officers' pages: the list, acts on several with their effect first, files to take away, messages."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import func, select

from portal.access.models import Organisation
from portal.access.policy import Role
from portal.applications.inbox.entering import rebuild
from portal.applications.messages.rules import MOST_UNREAD
from portal.applications.models import Application, ApplicationMessage, InboxEntry, MessageFile, Submission
from portal.core.audit import AuditEvent
from portal.core.mail import OutgoingMail
from tests.factories.applications import World, make_draft, send
from tests.factories.base import as_actor, make_organisation, make_person, make_staff, sign_in
from tests.factories.documents import PDF

LIST, DESK = 9, 12
"""Statements of a list, BEGIN apart; of a desk."""
EVIL = '=HYPERLINK("http://male.example";"clicca")'


@pytest.fixture
def office(store, now, people, begun):
    """Two applications in the list, the second of an organisation with an evil name; two officers, an auditor."""
    first = begun(sent=True)
    with store() as session:
        world = World.again(session, now, people.organisation_id, people.call_id)
        other = make_person(session, now=now)
        evil = make_organisation(session, now=now, owner=other, name=EVIL)
        actor = as_actor(session, other, now=now)
        application = make_draft(session, world.call, evil, by=actor, now=now, title="@SOMMA(A1:A9)")
        send(session, application, by=actor, at=now + timedelta(minutes=1))
        auditor = make_staff(session, world.authority, Role.AUDITOR, now=now)
        colleague = make_staff(session, world.authority, Role.OFFICER, now=now)
        return SimpleNamespace(
            first=first, second=f"/applications/{application.id}", keys=[first.rpartition("/")[2], str(application.id)],
            auditor=auditor.email, colleague=colleague.email, other=other.email,
        )  # fmt: skip


def test_the_list_is_filtered_searched_and_kept_under_a_name(page, people, office, statements):
    sign_in(page, people.officer).get("/manage/applications")
    assert page.shows("La casa delle bici")
    page.submit("/manage/applications", q="biciclette")
    assert page.shows("Nessuna domanda corrisponde a questo filtro")
    page.submit("/manage/applications", q="bici", mine="")
    assert "La casa delle bici" in page.html
    assert "@SOMMA" not in page.html
    page.submit("Conserva questo filtro", name="Le bici")
    page.click("Le bici")
    assert "q=bici" in page.url
    page.submit("/manage/applications/views/forget")
    page.get("/manage/calls/prossimita/applications")
    with statements() as seen:
        page.get("/manage/calls/prossimita/applications?status=submitted")
    assert len([each for each in seen if not each.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]) <= LIST


def test_an_act_is_listed_before_it_is_done_and_done_once(page, people, office, store):
    sign_in(page, people.officer).get("/manage/applications")
    page.submit("Prendi in carico…", chosen=office.keys)
    assert page.shows("L'operazione riguarda 2 domande.")
    with store() as session:
        assert session.scalars(select(InboxEntry.taken_by)).all() == [None, None]
    form = page.tree.xpath("//form[@action='/manage/applications/act']")[0]
    fields = {**dict(form.form_values()), "chosen": office.keys}
    for _click in range(2):
        page.post("/manage/applications/act", **fields)
        assert page.url == "/manage/applications"
    with store() as session:
        events = select(func.count(AuditEvent.id)).where(AuditEvent.event == "application.taken")
        assert session.scalar(events) == 2
    page.get("/manage/applications/chosen?act=take", 200)
    assert page.shows("Scegliere almeno una domanda nell'elenco.")


def test_the_same_message_goes_to_each_team_in_its_own_file(page, people, office, store):
    sign_in(page, people.officer).get("/manage/applications")
    page.submit("Scrivi ai proponenti…", chosen=office.keys)
    page.submit("/manage/applications/message", 422, text=" ")
    page.submit("/manage/applications/message", text="Serve una copia della delibera.")
    with store() as session:
        assert session.scalar(select(func.count(ApplicationMessage.id))) == 2
    sign_in(page, people.owner).get("/desk")
    page.click("Leggi: L'ufficio ha scritto a proposito di La casa delle bici")
    assert page.url == f"{office.first}/messages"
    assert page.shows("Serve una copia della delibera.")
    assert page.shows("non i commissari né i coach")
    page.submit(f"{office.first}/messages", text="Eccola, negli allegati.")
    assert page.shows("Eccola, negli allegati.")
    sign_in(page, office.other).get(f"{office.first}/messages", 404)
    sign_in(page, office.colleague).get("/manage/applications?unread=1")
    page.click("1 messaggio da leggere: " + reference(store, office.keys[0]))
    page.submit("Segna come letto: nulla da rispondere")
    page.get("/manage/applications?unread=1")
    assert page.shows("Nessuna domanda corrisponde a questo filtro")


def reference(store, key: str) -> str:
    with store() as session:
        return session.get_one(Application, UUID(key)).reference


@pytest.mark.parametrize("whose", ["officer", "auditor"])
def test_the_file_holds_what_the_list_shows_and_computes_nothing(page, people, office, store, whose):
    sign_in(page, people.officer if whose == "officer" else office.auditor).get("/manage/applications/export")
    token = {"csrf_token": page.csrf_token}
    answer = page.client.post("/manage/applications/export", data={**token, "format": "csv"}, headers=SAME)
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 3
    assert f"'{EVIL}" in rows[2]
    assert "'@SOMMA(A1:A9)" in rows[2]
    assert "via Sparano" not in str(rows)
    answer = page.client.post("/manage/applications/export", data={**token, "chosen": office.keys[1]}, headers=SAME)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert EVIL in {cell.value for cell in cells}
    assert 20_000 in {cell.value for cell in cells}
    with store() as session:
        taken = session.scalars(select(AuditEvent.after).where(AuditEvent.event == "application.export")).all()
    assert [(each["format"], each["rows"]) for each in taken] == [("csv", 2), ("xlsx", 1)]


SAME = {"Sec-Fetch-Site": "same-origin"}


def test_the_same_message_takes_files_along_a_copy_for_each_team_and_none_in_common(
    page, visitors, people, office, store, monkeypatch
):
    files = [(io.BytesIO(PDF), "modello.pdf"), (io.BytesIO(PDF), "modello.pdf")]
    sign_in(page, people.officer).get("/manage/applications")
    page.submit("Scrivi ai proponenti…", chosen=office.keys)
    page.submit("/manage/applications/message", text="Ecco il modello.", files=files)
    with store() as session:
        rows = session.scalars(select(MessageFile).order_by(MessageFile.id)).all()
        assert len({row.file.storage_key for row in rows}) == len(rows) == 2
        assert not [mail for mail in session.scalars(select(OutgoingMail)) if "modello" in mail.body]
    first, second = (sign_in(visitors(), email) for email in (people.owner, office.other))
    (mine,), (theirs,) = (
        who.get(f"{address}/messages").tree.xpath("//a[@download]/@href")
        for who, address in ((first, office.first), (second, office.second))
    )
    assert first.client.get(mine).data == second.client.get(theirs).data == PDF
    assert mine.rpartition("/")[2] != theirs.rpartition("/")[2]
    swapped = f"{office.first}/messages/files/{theirs.rpartition('/')[2]}"
    assert [first.client.get(each).status_code for each in (theirs, swapped)] == [404, 404]
    monkeypatch.setattr("portal.documents.rules.LARGEST_TOGETHER", len(PDF))
    page.get("/manage/applications").submit("Scrivi ai proponenti…", chosen=office.keys)
    page.submit("/manage/applications/message", 422, text="Ancora.", files=[(io.BytesIO(PDF), "altro.pdf")])
    assert "Ancora." in page.tree.xpath("string(//textarea)")


def test_where_one_of_the_teams_has_too_much_to_read_nothing_goes_and_the_text_stays(
    page, people, office, store, nothing_changes
):
    with store() as session:
        (full,) = session.scalars(select(InboxEntry).where(InboxEntry.application_id == UUID(office.keys[1])))
        full.unread_by_team = MOST_UNREAD
        reference = full.reference
    sign_in(page, people.officer).get("/manage/applications")
    page.submit("Scrivi ai proponenti…", chosen=office.keys)
    with nothing_changes():
        page.submit("/manage/applications/message", 429, text="Un testo lungo.")
    assert page.shows(reference)
    assert "Un testo lungo." in page.tree.xpath("string(//textarea)")


def test_a_key_of_others_among_those_chosen_is_found_nowhere(page, people, office, store, now):
    with store() as session:
        stranger = session.scalars(select(Organisation.id).limit(1)).one()
    sign_in(page, people.officer)
    page.get(f"/manage/applications/chosen?act=take&chosen={office.keys[0]}&chosen={stranger}", 404)
    page.get("/manage/applications")
    page.post("/manage/applications/act", 404, act="take", chosen=[office.keys[0], str(stranger)])
    page.post("/manage/applications/export", 404, chosen=[str(stranger)])
    with store() as session:
        assert session.scalars(select(InboxEntry.taken_by)).all() == [None, None]
    sign_in(page, office.auditor).get("/manage/applications")
    page.post("/manage/applications/act", 403, act="take", chosen=office.keys)


def test_the_map_draws_areas_beside_the_same_in_a_table(page, people, office):
    sign_in(page, people.officer).get("/manage/applications/map?call=prossimita")
    assert page.shows("Gli stessi luoghi")
    drawn = page.client.get("/manage/applications/places.geojson").get_json()
    assert sum(1 for each in drawn["features"] if "area=" in each["properties"]["url"]) >= 1
    assert "Sparano" not in str(drawn)


def test_the_list_is_made_anew_without_touching_what_was_registered(store, office):
    with store() as session:
        before = session.scalars(select(Submission.content_sha256).order_by(Submission.id)).all()
        assert rebuild(session) == 2
        assert session.scalars(select(Submission.content_sha256).order_by(Submission.id)).all() == before
