"""The pages of rehearsals, the worker that plays them, the command."""

from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import or_, select

from portal.access.models import Authority
from portal.access.policy import Role
from portal.applications.models import SubmissionReceipt
from portal.calls.models import Call
from portal.core.db import database, new_id
from portal.core.jobs import Job, run_one
from portal.core.jobs.models import JobState
from portal.core.mail import OutgoingMail, deliver, send_mail
from portal.core.pdf import render_pdf
from portal.documents.models import StoredFile
from portal.documents.operations import read_file
from portal.grants.models import Agreement
from portal.rehearsal.models import Rehearsal
from tests.factories.base import make_authority, make_staff, sign_in
from tests.factories.pdf import words_of
from tests.factories.rehearsal import draft_of, shipped

MARK = "PROVA / REHEARSAL"


@pytest.fixture
def draft(store: Any, now: Any) -> dict[str, Any]:
    """A draft with an officer, an auditor and a stranger."""
    with store() as session:
        call = draft_of(session, shipped("venezia-welfare-comunita"), now=now)
        authority = session.get_one(Authority, call.authority_id)
        people = {
            "officer": make_staff(session, authority, Role.OFFICER, now=now),
            "auditor": make_staff(session, authority, Role.AUDITOR, now=now),
            "stranger": make_staff(session, make_authority(session), Role.OFFICER, now=now),
        }
        return {"slug": call.slug, **{key: person.email for key, person in people.items()}}


def work(app: Any, clock: Any) -> None:
    """Let the worker do whatever is due."""
    with app.app_context():
        while run_one(database.engine, clock=clock, owner="test"):
            pass


def test_an_officer_rehearses_a_draft_reads_the_report_and_closes_it(
    page: Any, app: Any, store: Any, clock: Any, draft: dict[str, Any]
) -> None:
    sign_in(page, draft["officer"])
    page.get(f"/manage/calls/{draft['slug']}").click("Prova l’avviso…")
    page.submit("Comincia una prova")
    assert page.shows("sta per cominciare")
    with store() as session:
        key = session.scalars(select(Rehearsal.id)).one()
    fragment = page.get(f"/manage/rehearsals/{key}", htmx=True)
    assert fragment.shows("0 passaggi su 12")
    work(app, clock)
    page.get(f"/manage/rehearsals/{key}")
    assert page.shows("provato fino in fondo")
    assert page.shows("Che cosa farebbe l’avviso")
    assert page.shows("PROVA")
    with store() as session:
        receipts = session.scalars(select(SubmissionReceipt)).all()
        agreements = session.scalars(select(Agreement)).all()
        files = [session.get_one(StoredFile, each.file_id) for each in (*receipts[:2], *agreements)]
        assert all(MARK in page for file in files for page in words_of(read_file(file)))
        assert len(files) > 3
        twin = session.scalars(select(Call.slug).where(Call.slug.endswith("-prova-1"))).one()
    assert page.get(f"/manage/calls/{twin}").shows("PROVA")
    assert page.get(f"/manage/calls/{twin}/applications").shows("PROVA")
    page.post(f"/manage/calls/{twin}/conclude", 404)
    page.get(f"/manage/rehearsals/{key}")
    page.submit("Chiudi la prova")
    assert page.shows("chius")
    clock.advance(days=60)
    work(app, clock)
    with store() as session:
        left = select(Job.kind).where(or_(Job.state != JobState.DONE, Job.attempts > 1))
        assert session.scalars(left).all() == [], "what was still to be done of it is over"
    sign_in(page, draft["auditor"])
    page.get(f"/manage/rehearsals/{key}")
    sign_in(page, draft["stranger"])
    page.get(f"/manage/rehearsals/{key}", 404)
    page.get(f"/manage/calls/{draft['slug']}/rehearsals", 404)


def test_a_page_of_a_rehearsal_stays_within_its_statements(
    page: Any, app: Any, clock: Any, store: Any, draft: dict[str, Any], statements: Any
) -> None:
    sign_in(page, draft["officer"])
    page.get(f"/manage/calls/{draft['slug']}/rehearsals")
    page.submit("Comincia una prova")
    with store() as session:
        key = session.scalars(select(Rehearsal.id)).one()
    for path in (f"/manage/calls/{draft['slug']}/rehearsals", f"/manage/rehearsals/{key}"):
        with statements() as sent:
            page.get(path)
        assert len(sent) <= 12, "\n".join(sent)


PAPER = """<html lang="it"><head><title>Atto</title><meta charset="utf-8"></head><body><h1>Uno</h1>
<h2 style="break-before: page">Due</h2></body></html>"""


def test_every_page_of_a_rehearsed_document_says_so_and_no_other_does(app: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([DictLoader({"probe.html": PAPER})]))
    with app.app_context():
        live, twin = Authority(code="bari", name="Bari"), Authority(code="bari-prova", name="B", twin_of_id=new_id())
        marked, plain = (words_of(render_pdf("probe.html", issuer=issuer)) for issuer in (twin, live))
    assert [MARK in page for page in marked] == [True, True]
    assert [page.strip() for page in plain] == ["Uno", "Due"]


def test_a_message_to_nobody_is_kept_and_never_delivered(
    app: Any, store: Any, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    loader = ChoiceLoader([DictLoader({"email/probe/hello.txt": "Subject: Prova\n\nBuongiorno\n"})])
    monkeypatch.setattr(app.jinja_env, "loader", loader)
    with store() as session:
        mail = send_mail(session, to="a@b.prova.INVALID", template="probe/hello", locale="it", now=now)
        assert mail.kept_at == now
        assert session.scalars(select(Job).where(Job.kind == "core.send_mail")).all() == []
        key = mail.id
    with store() as session:
        deliver(session, now=now, mail_id=str(key))
        assert session.get_one(OutgoingMail, key).sent_at is None
    assert not list(app.extensions["settings"].var.glob("mail/*"))
