"""What every other test leans on: isolation of the databases, and the strictness of the client."""

import argon2.profiles
import pytest
from sqlalchemy import text

from portal.core.db import db_session
from portal.core.unit_of_work import unit_of_work
from tests.engines import ENGINES, both_engines, shipped
from tests.markup import faults, skeleton
from tests.page import Page

POLICY = "default-src 'none'; script-src 'nonce-n1'"
SOUND = """<!doctype html><html lang="it"><head><meta charset="utf-8"><title>Vivaio</title>
<script nonce="n1" src="/a.js"></script></head><body><main><h1>Avvisi</h1>{}</main></body></html>"""
POST_FORM = '<form method="post" action="/a">{}</form>'
FAULTY = {
    "two headings": "<h1>Ancora</h1>",
    "an id twice": '<p id="a"></p><p id="a"></p>',
    "a field without label": '<input name="a">',
    "a form without token": POST_FORM.format('<input type="hidden" name="idempotency_key" value="k">'),
    "a form without key": POST_FORM.format('<input type="hidden" name="csrf_token" value="t">'),
    "a script without nonce": "<script>1</script>",
    "htmx without nonce": '<a href="/a" data-hx-get="/a">A</a>',
    "htmx with another nonce": '<a href="/a" data-hx-get="/a" data-hx-nonce="n2">A</a>',
    "a style": '<p style="color:red">A</p>',
    "a handler": '<p onclick="a()">A</p>',
    "a tag not closed": "<p><b>A</p>",
    "an image without text": '<img src="/a.png">',
    "a link to nowhere": '<a href="#nowhere">A</a>',
    "a description that is not there": '<p aria-describedby="nowhere">A</p>',
}
MARK = "CREATE TABLE left_behind (id INTEGER)"


def test_a_sound_page_has_no_fault():
    assert faults(SOUND.format('<label>Nome <input name="a"></label>'), POLICY) == []


@pytest.mark.parametrize("fault", FAULTY)
def test_the_strict_client_sees(fault):
    assert faults(SOUND.format(FAULTY[fault]), POLICY)


@pytest.mark.parametrize("more", ["&", "<", "\0", "\x85", "</p>", "<b>", "<!-- a -->"])
@pytest.mark.parametrize("place", ["{}Nome", "No{}me", "Nome{}"])
def test_only_words_are_left_out_of_a_skeleton(place, more):
    kept = '<p class="{}">{}</p>'
    assert skeleton(kept.format("a", "Nome")) == skeleton(kept.format("altre parole", "tutt'altre parole"))
    assert skeleton(kept.format("a", "Nome")) != skeleton(kept.format("a", place.format(more)))


def test_a_kind_of_field_is_no_word():
    assert skeleton('<input type="hidden">') != skeleton('<input type="text">')
    assert skeleton("<table>\n <tr>") != skeleton("<table>\n a <tr>")


def test_passwords_are_hashed_dearly_outside_of_tests(portals):
    portals.any()
    assert shipped == {"argon2": argon2.profiles.RFC_9106_LOW_MEMORY}


@pytest.mark.parametrize("policy", [None, POLICY + " 'unsafe-inline'", POLICY + " 'strict-dynamic'"])
def test_a_loose_policy_is_a_fault(policy):
    assert faults(SOUND.format(""), policy)


@pytest.mark.parametrize("fragment", ["<tr><td>1</td></tr>", '<option value="1">1</option>', "<p>1</p>"])
def test_a_fragment_is_read_where_it_belongs(fragment):
    assert faults(fragment, POLICY) == []


@pytest.mark.parametrize("time", [1, 2])
def test_the_session_leaves_nothing_behind(session, time):
    session.execute(text(MARK))
    session.commit()
    assert session.execute(text("SELECT * FROM left_behind")).all() == []


def test_a_unit_of_work_uses_the_same_session(session):
    with unit_of_work() as inner:
        assert inner is session
        assert db_session() is session


@both_engines
@pytest.mark.parametrize("time", [1, 2])
def test_the_application_starts_on_a_fresh_database(app, store, time):
    with store() as session:
        session.execute(text(MARK))
        assert session.get_bind().dialect.name in ENGINES


def test_the_clock_stands_until_it_is_moved(clock, now, page: Page):
    assert clock() == now
    assert (clock.advance(days=1) - now).days == 1


def test_statements_are_counted(app, client, statements):
    with statements() as sent:
        client.get("/readyz")
    assert sent
