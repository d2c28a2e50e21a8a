"""Outgoing mail: written with what it tells of, sent after it, and never with a foreign header."""

import email
import email.policy
import socket
import threading
from dataclasses import replace

import pytest
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from portal.core.db import database
from portal.core.errors import Invalid
from portal.core.jobs import Job, run_one
from portal.core.mail import OutgoingMail, send_mail
from tests.engines import both_engines

BODY = "Buongiorno {{ name }} <b>&</b>,\n{{ origin }}\n"
TEMPLATES = {"email/probe/hello.txt": "Subject: {{ _('Page not found') }} {{ title }}\n\n" + BODY}
NOT_ONE_ADDRESS = (
    "a@b.it\r\nBcc: c@d.it", "a@b.it, c@d.it", "A <a@b.it>", "a@b.it;c@d.it", "", "a", "a@", "a@b\x00.it", "a @b.it",
)  # fmt: skip


@pytest.fixture
def letters(app, monkeypatch):
    """The application with one template of the tests."""
    loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader])
    monkeypatch.setattr(app.jinja_env, "loader", loader)
    return app


def write(store, now, to="ada@example.it", title="A", locale="it"):
    with store() as session:
        return send_mail(session, to=to, template="probe/hello", locale=locale, now=now, title=title, name="Ada").id


def sent(app, clock, mail_id):
    with app.app_context():
        assert run_one(database.engine, clock=clock, owner="w")
    raw = (app.extensions["settings"].var / "mail" / f"{mail_id}.eml").read_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default)


@both_engines
def test_a_message_is_left_as_a_file_where_no_server_is_named(letters, store, clock):
    message = sent(letters, clock, write(store, clock()))
    assert message["To"] == "ada@example.it"
    assert message["Subject"] == "Pagina non trovata A"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content() == "Buongiorno Ada <b>&</b>,\nhttp://localhost\n"
    with store() as session:
        assert session.scalars(select(OutgoingMail)).one().sent_at == clock()


def test_a_message_speaks_the_language_of_its_reader(letters, store, clock):
    assert sent(letters, clock, write(store, clock(), locale="en"))["Subject"] == "Page not found A"


@pytest.mark.parametrize("title", ["A\r\nBcc: b@example.it", "A\nBcc: b@example.it", "A\x00\x0bBcc: b@example.it"])
def test_a_title_adds_no_header(letters, store, clock, title):
    message = sent(letters, clock, write(store, clock(), title=title))
    assert "Bcc" not in message
    assert message["Subject"].startswith("Pagina non trovata A")


@pytest.mark.parametrize("to", NOT_ONE_ADDRESS)
def test_only_one_plain_address_is_written_to(letters, store, clock, to):
    with pytest.raises(Invalid):
        write(store, clock(), to=to)
    with store() as session:
        assert session.scalars(select(Job)).all() == []


def test_a_server_that_is_down_leaves_the_message_for_later(letters, store, clock, monkeypatch):
    settings = replace(letters.extensions["settings"], smtp_host="127.0.0.1", smtp_port=1)
    monkeypatch.setitem(letters.extensions, "settings", settings)
    write(store, clock())
    with letters.app_context():
        assert run_one(database.engine, clock=clock, owner="w")
    with store() as session:
        assert session.scalars(select(OutgoingMail)).one().sent_at is None
        assert session.scalars(select(Job)).one().state == "queued"


def test_while_a_server_is_slow_others_write(letters, store, clock, monkeypatch):
    """SQLite has one write lock: sending holds it only to note that it was sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings = replace(letters.extensions["settings"], smtp_host="127.0.0.1", smtp_port=server.getsockname()[1])
        monkeypatch.setitem(letters.extensions, "settings", settings)
        write(store, clock())

        def work() -> None:
            with letters.app_context():
                run_one(database.engine, clock=clock, owner="w")

        worker = threading.Thread(target=work)
        worker.start()
        connection, _ = server.accept()  # the worker waits for a greeting that does not come
        write(store, clock(), to="eva@example.it")
        connection.close()
        worker.join()


def test_nothing_is_sent_to_somebody_who_was_erased_meanwhile(letters, store, clock):
    mail_id = write(store, clock())
    with store() as session:
        session.delete(session.get_one(OutgoingMail, mail_id))
    with letters.app_context():
        assert run_one(database.engine, clock=clock, owner="test")
    with store() as session:
        assert {job.state.value for job in session.scalars(select(Job))} == {"done"}
