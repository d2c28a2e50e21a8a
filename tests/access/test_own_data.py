"""One's own data: what is shown and copied, requests with their term, and what the data protection officer answers."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, OwnCopy, Passkey, Person, PrivacyRequest
from portal.access.operations import own_data as operations
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Role, Tie
from portal.access.rules.own_data import RequestKind, due_in_one_month
from portal.core.audit import AuditEvent, record
from portal.core.db import database
from portal.core.jobs.worker import new_owner, run_one
from portal.core.mail import OutgoingMail, send_mail
from portal.core.privacy.tags import ERASED
from portal.notices.models import Notice
from tests.factories.base import (
    as_actor,
    join,
    make_application,
    make_authority,
    make_call,
    make_organisation,
    make_person,
    make_staff,
    sign_in,
)
from tests.factories.privacy import make_request

CANARY = "canarin"
CEILING = 12


def people(session: Session, now: datetime) -> dict[str, Any]:
    """Ada and a co-member full of canaries, their organisation with a draft, and the office."""
    authority = make_authority(session)
    ada = make_person(session, now=now, name="Ada Neri", email="ada@prova.example")
    canary = make_person(session, now=now, name="Canarina Verdi", email="canarina@prova.example")
    organisation = make_organisation(session, now=now, owner=canary, name="Il Ponte")
    join(session, ada, organisation, Tie.EDITOR, now=now)
    call = make_call(session, authority, now=now)
    make_application(session, call, organisation, now=now, by=ada.id)
    officer = make_staff(session, authority, Role.DATA_PROTECTION_OFFICER, now=now, name="Dora Guida")
    for person in (ada, canary):
        named = f"chiave di {person.name}"
        session.add(Passkey(person_id=person.id, credential_id=named, public_key=b"k", name=named, made_at=now))
    session.add(Notice(person_id=ada.id, at=now, text={"it": "Canarina Verdi vi invita"}, path="/"))
    send_mail(session, to=ada.email, template="access/account_closed", locale="it", now=now, person=canary)
    seen = {"name": "Canarina Verdi"}
    record(session, at=now, actor=as_actor(session, ada, now=now), event="probe", subject=organisation, after=seen)
    session.flush()
    return {"ada": ada, "canary": canary, "officer": officer, "authority": authority}


@pytest.fixture
def world(store, now) -> dict[str, str]:
    """The addresses of everybody, and the keys of the office."""
    with store() as session:
        found = people(session, now)
        emails = {name: found[name].email for name in ("ada", "canary", "officer")}
        return emails | {"authority": str(found["authority"].id), "ada_id": str(found["ada"].id)}


def work(app, clock) -> None:
    """Let the worker do everything that is due."""
    with app.app_context():
        while run_one(database.engine, clock=clock, owner=new_owner()):
            pass


def opened(content: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("data.json")), archive.read("data.html").decode()


def test_the_page_says_what_is_held_in_words(page, world, statements):
    sign_in(page, world["ada"])
    with statements() as sent:
        page.get("/account/data")
    assert len(sent) <= CEILING
    for text in ("Ada Neri", "ada@prova.example", "chiave di Ada Neri"):
        assert page.shows(text)
    assert CANARY not in page.html.casefold()


def test_the_copy_has_everything_of_mine_and_nothing_of_others(page, world):
    sign_in(page, world["ada"])
    page.get("/account/data")
    page.submit("/account/data/download")
    document, readable = opened(page.response.data)
    told = {each["table"]: each["rows"] for each in document["records"]}
    assert document["person"]["email"] == world["ada"]
    assert {"person", "passkey", "tie", "web_session", "outgoing_mail", "notice"} <= told.keys()
    assert told["passkey"][0].keys() == {"id", "person_id", "name", "made_at"}
    assert told["tie"][0]["tie"] == "editor"
    assert {("application", "created_by")} <= {(each["table"], each["what"]) for each in document["acts"]}
    assert "probe" in {each["event"] for each in document["trail"]}
    everything = json.dumps(document).casefold() + readable.casefold()
    assert "ada neri" in readable.casefold()
    for absent in (CANARY, "argon2", "credential_id", "password", "token"):
        assert absent not in everything, absent
    assert page.response.headers["Cache-Control"] == "no-store"


def test_taking_a_copy_stands_in_the_trail(page, world, store):
    sign_in(page, world["ada"])
    page.get("/account/data").submit("/account/data/download")
    with store() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.event == "privacy.copied")).one().after is None


def test_a_long_copy_is_made_by_the_worker_and_a_notice_tells(page, world, store, app, clock, monkeypatch):
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 3)
    sign_in(page, world["ada"])
    for _ in range(2):
        page.get("/account/data").submit("/account/data/download")
    assert page.url == "/account/data"
    work(app, clock)
    with store() as session:
        copy = session.scalars(select(OwnCopy)).one()
        assert session.scalars(select(Notice).where(Notice.path == "/account/data")).one()
    page.get("/account/data").get(f"/account/data/copies/{copy.id}")
    assert opened(page.response.data)[0]["person"]["email"] == world["ada"]
    sign_in(page, world["canary"])
    page.get(f"/account/data/copies/{copy.id}", 404)


def test_the_answer_is_due_within_a_month():
    assert due_in_one_month(datetime(2026, 1, 31, 9, tzinfo=UTC)) == datetime(2026, 2, 28, 9, tzinfo=UTC)
    assert due_in_one_month(datetime(2026, 12, 15, 9, tzinfo=UTC)) == datetime(2027, 1, 15, 9, tzinfo=UTC)
    assert due_in_one_month(datetime(2028, 1, 30, 9, tzinfo=UTC)) == datetime(2028, 2, 29, 9, tzinfo=UTC)


def test_a_request_reaches_the_officer_with_its_term(page, world, store, now):
    sign_in(page, world["ada"])
    page.get("/account/data/ask?kind=rectification")
    page.submit("#ask", 422, text="")
    page.submit("#ask", text="Il cognome è Neri-Bo", authority=world["authority"])
    assert page.url == "/account/data"
    page.get("/account/data/ask?kind=rectification").submit("#ask", 409, text="Ancora")
    with store() as session:
        request = session.scalars(select(PrivacyRequest)).one()
        assert (request.due_at - now).days == 31
        mails = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == world["officer"])).all()
        assert len(mails) == 1
        assert "Ada" not in mails[0].body
    sign_in(page, world["officer"])
    assert page.shows("una rettifica") or page.shows("a correction")
    page.get("/manage/privacy")
    assert page.shows("Ada Neri")
    page.get(f"/manage/privacy/requests/{request.id}")
    assert page.shows("Neri-Bo")
    page.submit("#answer", 422, outcome="granted", decision=" ")
    page.submit("#answer", outcome="granted", decision="Corretto.")
    sign_in(page, world["ada"])
    page.get("/account/data")
    assert page.shows("Corretto.")


def test_without_an_officer_the_authority_itself_is_written_to(session, now):
    authority = make_authority(session)
    ada = make_person(session, now=now)
    actor = as_actor(session, ada, now=now)
    asked: dict[str, Any] = {"kind": RequestKind.EXPORT, "text": "", "authority_id": authority.id}
    operations.ask(session, actor=actor, now=now, **asked)
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == authority.email


def test_nobody_answers_their_own_request_nor_anothers_authority(page, store, now, nothing_changes):
    with store() as session:
        found = people(session, now)
        other = make_authority(session, code="venezia", name="Comune di Venezia")
        stranger = make_staff(session, other, Role.DATA_PROTECTION_OFFICER, now=now)
        own = make_request(session, found["officer"], found["authority"], now=now, kind=RequestKind.EXPORT)
        emails = found["officer"].email, stranger.email
    answer = {"outcome": "granted", "decision": "Sì"}
    sign_in(page, emails[0])
    with nothing_changes():
        page.get(f"/manage/privacy/requests/{own.id}").submit("#answer", 403, **answer)
    sign_in(page, emails[1])
    with nothing_changes():
        page.get(f"/manage/privacy/requests/{own.id}", 404)
        page.post(f"/manage/privacy/requests/{own.id}", 404, **answer)


def test_a_granted_erasure_closes_at_once_and_erases_a_day_later(page, store, world, app, clock, now):
    with store() as session:
        ada = session.scalars(select(Person).where(Person.email == world["ada"])).one()
        authority = session.scalars(select(Authority)).one()
        request = make_request(session, ada, authority, now=now, text="Cancellare tutto")
    sign_in(page, world["officer"])
    page.get(f"/manage/privacy/requests/{request.id}")
    page.submit("#answer", outcome="granted", decision="Va bene.")
    work(app, clock)
    with store() as session:
        person = session.get_one(Person, ada.id)
        assert (person.closed_at, person.name) == (now, "Ada Neri")
        assert (
            "Va bene."
            in session.scalars(
                select(OutgoingMail).where(OutgoingMail.recipient == world["ada"]).order_by(OutgoingMail.id.desc())
            )
            .first()
            .body
        )
    clock.advance(days=1)
    work(app, clock)
    with store() as session:
        assert session.get_one(Person, ada.id).name == ERASED
        assert session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == world["ada"])).all() == []
        assert session.get_one(PrivacyRequest, request.id).decision == "Va bene."


def test_an_erasure_that_others_depend_on_is_refused_with_its_mend(page, store, world, now):
    with store() as session:
        canary = session.scalars(select(Person).where(Person.email == world["canary"])).one()
        authority = session.scalars(select(Authority)).one()
        make_organisation(session, now=now, owner=canary, name="Altrove")
        known = session.scalars(select(Organisation).where(Organisation.name == "Il Ponte")).one()
        know_organisation(session, organisation_id=known.id, authority_id=authority.id, now=now)
        request = make_request(session, canary, authority, now=now)
    sign_in(page, world["officer"])
    page.get(f"/manage/privacy/requests/{request.id}")
    for _ in range(2):
        assert page.shows("Il Ponte")
        assert not page.shows("Altrove")
        page.submit("#answer", 409, outcome="granted", decision="Va bene.")
    with store() as session:
        assert session.get_one(PrivacyRequest, request.id).is_open
        assert session.get_one(Person, canary.id).closed_at is None


def test_the_office_page_and_the_register_cost_few_statements(page, world, statements):
    sign_in(page, world["officer"])
    for path in ("/manage/privacy", "/manage/privacy/register.csv", "/privacy"):
        with statements() as sent:
            page.get(path)
        assert len(sent) <= CEILING, path
    assert page.shows("GDPR art. 6(1)(c)")


def test_logs_tell_nothing_of_what_was_asked(page, world, capsys):
    sign_in(page, world["ada"])
    page.get("/account/data/ask?kind=objection").submit("#ask", text="canarino segreto")
    page.get("/account/data").submit("/account/data/download")
    told = "".join(capsys.readouterr()).casefold()
    assert "privacy.ask" in told
    for canary in (CANARY, "ada@", "neri"):
        assert canary not in told
