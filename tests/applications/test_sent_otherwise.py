"""Pressing "send" on a page that shows something else than what is registered: never led to a receipt of another."""

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.applications import operations
from portal.applications.models import SubmissionAttempt
from portal.applications.queries import application_of
from portal.core.db import database
from portal.core.jobs import run_one
from tests.factories.applications import World
from tests.factories.base import sign_in


@pytest.fixture
def checked(page, people, begun, store, now):
    """The page of sending of an application that was reopened and changed: its address."""
    address = begun(sent=True)
    sign_in(page, people.owner).get(f"{address}/reopen").submit(f"{address}/reopen")
    with store() as session:
        world = World.again(session, now, people.organisation_id, people.call_id)
        sections = world.call.design.questionnaire.sections
        operations.save_answers(
            session, application=application_of(session, UUID(address.rpartition("/")[2])), actor=world.actor, now=now,
            section_key=next(s.key for s in sections if any(q.key == "title" for q in s.questions)),
            typed={"title": "Un titolo nuovo"}, base={"title": 1},
        )  # fmt: skip
    page.get(f"{address}/send")
    return address


def test_sending_after_the_term_is_refused_even_where_the_earlier_version_counts_again(
    page, people, checked, clock, app, store
):
    form = _form(page, checked)
    clock.advance(days=11)
    with app.app_context():
        while run_one(database.engine, clock=clock, owner="test"):
            pass
    sign_in(page, people.owner).get("/desk")
    page.post(f"{checked}/send", 423, **form)
    assert page.shows("termine è scaduto")
    with store() as session:
        assert len(session.scalars(select(SubmissionAttempt)).all()) == 1
    page.get(checked)
    assert page.shows("1 tentativo di invio"), "the proof of the attempt stands on the page of what is registered"


def test_sending_what_somebody_else_closed_meanwhile_is_refused(page, people, checked, visitors):
    form = _form(page, checked)
    other = sign_in(visitors(), people.owner).get(checked)
    other.submit(f"{checked}/keep")
    page.post(f"{checked}/send", 409, **form)
    assert page.shows("Non è stato inviato nulla")
    page.post(f"{checked}/send", **{name: value for name, value in form.items() if name == "seen"} | {"seen": ""})
    assert page.url == f"{checked}/receipt"


def _form(page, address):
    fields = dict(page.tree.xpath(f"//form[@action='{address}/send']")[0].form_values())
    return {name: value for name, value in fields.items() if name not in ("idempotency_key", "csrf_token")}
