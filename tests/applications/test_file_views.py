"""Files of applications as their team meets them: sent again, scanned, set aside, signed, stripped."""

import io

import pytest
from sqlalchemy import func, select

from portal.applications.models import Application, ApplicationFile
from portal.core.db import database
from portal.core.jobs import run_one
from portal.core.mail import OutgoingMail
from portal.documents.models import StoredFile
from portal.documents.rules import ScanState
from portal.documents.scanning import Clamd
from portal.notices.models import Notice
from tests.factories.base import sign_in
from tests.factories.documents import PDF
from tests.factories.signing import sign_envelope
from tests.scanner import EICAR

INFECTED = PDF.replace(b"xref", b"% " + EICAR + b"\nxref", 1)


@pytest.fixture
def documents(page, people, begun):
    """The page of the documents of a draft, without any yet; its address."""
    address = f"{begun(whole=False)}/documents"
    sign_in(page, people.owner).get(address)
    return address


@pytest.fixture
def work(app, clock):
    """The worker does everything there is to do."""

    def working():
        with app.app_context():
            while run_one(database.engine, clock=clock, owner="test"):
                pass

    return working


def attach(page, address, content=PDF, name="statuto.pdf", expect=200, **more):
    """Send a file as the statute."""
    return page.post(f"{address}/statute", expect, file=(io.BytesIO(content), name), **more)


@pytest.mark.parametrize("htmx", [True, False])
def test_the_same_bytes_again_change_nothing(page, documents, store, htmx):
    for _attempt in range(3):
        attach(page, documents, htmx=htmx)
    with store() as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
        assert session.scalar(select(func.count()).select_from(ApplicationFile)) == 1
    assert page.tree.xpath("//ul[@class='v-files']//a[@download]")


def test_whoever_takes_a_file_away_takes_the_one_they_saw(page, documents, visitors, people, store):
    attach(page, documents)
    other = sign_in(visitors(), people.editor).get(documents)
    attach(other, documents, content=PDF + b"% nuovo", name="nuovo.pdf")
    page.submit("Rimuovi: statuto.pdf", 409)
    assert page.shows("un altro file al suo posto")
    assert page.shows("nuovo.pdf")
    page.submit("Rimuovi: nuovo.pdf")
    with store() as session:
        assert all(row.removed_at for row in session.scalars(select(ApplicationFile)))


def test_a_file_waits_without_link_and_is_opened_once_it_is_clean(page, documents, scanner, work):
    attach(page, documents)
    assert not page.tree.xpath("//a[@download]")
    about = page.tree.xpath("//ul[@class='v-files']//a/@href")[0]
    assert page.client.get(about.replace("/about", "")).status_code == 409
    work()
    page.get(documents)
    assert page.client.get(page.tree.xpath("//a[@download]/@href")[0]).data == PDF


def test_an_infected_file_leaves_the_draft_and_the_team_learns_which_and_what_to_do(
    page, documents, scanner, work, store, people, visitors
):
    attach(page, documents, INFECTED, "statuto infetto.pdf")
    work()
    with store() as session:
        row = session.scalars(select(ApplicationFile)).one()
        assert (row.removed_at is not None, row.file.scan_state) == (True, ScanState.INFECTED)
        (mail,) = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == people.owner))
        assert "statuto infetto.pdf" in mail.subject
        notices = session.scalars(select(Notice)).all()
        assert len(notices) == 2
        assert all("statuto infetto.pdf" in each.text["it"] and "#document-statute" in each.path for each in notices)
        infected = row.file_id
    page.get(documents)
    (words,) = page.tree.xpath("//*[@id='document-statute']/p[@class='v-error']")
    assert "statuto infetto.pdf" in words.text_content()
    assert not page.tree.xpath("//a[@download]")
    application = documents.removesuffix("/documents")
    page.get(f"{application}/files/{infected}", 409)
    page.get(f"{application}/files/{infected}/about")
    page.get(documents)
    attach(page, documents, INFECTED, expect=422)
    attach(page, documents)
    assert not page.tree.xpath("//*[@id='document-statute']/p[@class='v-error']")


def test_a_scanner_that_is_down_keeps_files_back_and_stops_no_application(
    visitors, app, clamd, people, begun, store, monkeypatch
):
    monkeypatch.setitem(app.extensions, "scanner", Clamd(f"{clamd.address}.gone"))
    address = begun(sent=True)
    with store() as session:
        application = session.scalars(select(Application)).one()
        assert application.submission is not None
        states = set(session.scalars(select(StoredFile.scan_state).where(StoredFile.received_sha256.is_not(None))))
        assert states == {ScanState.WAITING}
        file = session.scalars(select(ApplicationFile.file_id)).first()
    sign_in(visitors(), people.officer).get(f"{address}/files/{file}", 409)


def test_a_signature_is_shown_beside_its_file_and_the_document_comes_without_it(
    page, documents, work, visitors, people
):
    attach(page, documents, sign_envelope(PDF), "statuto.pdf.p7m")
    work()
    page.get(documents)
    (shown,) = page.tree.xpath("//ul[contains(@class, 'v-signatures')]/li")
    assert "Rosa Bianchi" in shown.text_content()
    assert "BNCRSO80A41A662X" in shown.text_content()
    (about,) = page.tree.xpath("//ul[@class='v-files']//a[contains(@href, '/about')]/@href")
    page.get(about)
    assert page.tree.xpath("//ul[contains(@class, 'v-signatures')]/li")
    answer = page.client.get(about.replace("/about", "/document"))
    assert (answer.data, answer.headers["Content-Type"]) == (PDF, "application/pdf")
    assert visitors().client.get(about).status_code == 303
    for path in ("/about", "/document", ""):
        sign_in(visitors(), people.stranger).get(about.replace("/about", path), 404)


def test_what_is_no_envelope_is_its_own_document(page, documents):
    attach(page, documents)
    (about,) = page.tree.xpath("//ul[@class='v-files']//a[contains(@href, '/about')]/@href")
    assert page.client.get(about.replace("/about", "/document")).data == PDF
