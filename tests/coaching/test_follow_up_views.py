"""The page behind a link, and the office's list of answers."""

import csv
import io

import pytest
from sqlalchemy import select, text

from portal.core.mail import OutgoingMail
from tests.factories.base import sign_in
from tests.factories.growing import ask, end_at, follow_up, make_growing
from tests.page import HTMX


@pytest.fixture
def made(store, now):
    """A project that ended long ago was sent its link."""
    with store() as session:
        world, grant = make_growing(session, now=now)
        end_at(session, grant, now, days=200)
        row = follow_up(session, grant)
        world.paths |= {
            "token": ask(world, row, now=now), "send": f"/follow-ups/{row.id}/links",
            "office": f"/manage/calls/{world.call.slug}/follow-up",
        }  # fmt: skip
    return world


def count(store, table):
    with store() as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_the_link_tells_the_name_of_the_project_alone_and_keeps_itself_secret(made, page, store):
    page.get(f"/follow-up/{made.paths['token']}")
    said = page.html
    assert page.heading == "Laboratorio aperto"
    for secret in (made.association.name, made.owner.name, made.owner.email, made.association.email, "VIV-"):
        assert secret not in said
    headers = page.response.headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "noindex" in page.tree.xpath("//meta[@name='robots']/@content")[0]
    for how in ({}, HTMX):
        page.client.head(f"/follow-up/{made.paths['token']}", headers=how)
    assert count(store, "follow_up_answer") == 0
    page.get("/follow-up/nobody-ever-sent-this-token-to-anybody-at-all", 404)


def test_one_answer_without_signing_in(made, page, store):
    here = f"/follow-up/{made.paths['token']}"
    page.get(here)
    page.submit("#follow-up", 422, sales="1.200,00")
    assert page.shows("Dire se il progetto prosegue.")
    page.submit("#follow-up", 422, is_alive="yes", sales="mille")
    assert page.shows("prosegue")
    page.submit("#follow-up", 422, is_alive="yes", sales="", jobs="1", disadvantaged="2")
    page.submit("#follow-up", is_alive="yes", sales="1.200,00", grants="300", jobs="3", disadvantaged="1",
                helped="Il coach")  # fmt: skip
    assert page.heading == "Grazie: le risposte sono state inviate"
    assert count(store, "follow_up_answer") == 1
    assert count(store, "follow_up_income") == 2
    page.get(here, 410)
    page.post(here, 410, is_alive="yes")
    assert count(store, "follow_up_answer") == 1


def test_the_office_sees_who_answered_sends_again_and_takes_the_table_away(made, page, store, statements):
    sign_in(page, made.officer.email).get(made.paths["office"])
    assert page.shows("chiesto, nessuna risposta finora")
    page.submit(made.paths["send"])
    with store() as session:
        mails = session.scalars(select(OutgoingMail).where(OutgoingMail.body.contains("/follow-up/"))).all()
        tokens = {each.body.split("/follow-up/")[1].split()[0] for each in mails}
    (fresh,) = tokens - {made.paths["token"]}
    page.get(f"/follow-up/{made.paths['token']}", 410)
    page.get(f"/follow-up/{fresh}")
    page.submit("#follow-up", is_alive="yes", other="50", jobs="3", disadvantaged="1",
                helped="=2+2")  # fmt: skip
    with statements() as sent:
        page.get(made.paths["office"])
    assert len(sent) <= 8, "\n".join(sent)
    assert page.shows("non indicato, meno di 5")
    rows = list(csv.reader(io.StringIO(page.client.get(f"{made.paths['office']}.csv").get_data(as_text=True)[1:]),
                           delimiter=";"))  # fmt: skip
    assert len(rows[0]) == 15
    assert rows[1][-3:] == ["3", "1", "'=2+2"]
    assert rows[2][4] == "non ancora chiesto"


def test_nobody_else_reads_or_sends(made, page):
    for person in (made.owner, made.coach, made.approver):
        sign_in(page, person.email).get(made.paths["office"], 403)
        page.get(f"{made.paths['office']}.csv", 403)
        page.post(made.paths["send"], 403)
        page.client.delete_cookie("session")
