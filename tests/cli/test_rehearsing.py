"""`portal call rehearse SLUG`: every step is told; exit 1 where it stopped."""

import pytest
from click.testing import CliRunner

from portal.cli.calls import call
from tests.factories.rehearsal import draft_of, shipped


@pytest.fixture
def portal(app, monkeypatch):
    """`portal("rehearse", slug)` over the database of the test."""
    monkeypatch.setattr("portal.cli.context.the_app", lambda: app)
    monkeypatch.setattr("portal.cli.calls.the_app", lambda: app)
    return lambda *words: CliRunner().invoke(call, words)


def test_a_rehearsal_that_stops_says_where_and_exits_with_one(portal, store, now):
    with store() as session:
        draft = draft_of(session, shipped("venezia-welfare-comunita"), now=now)
        draft.definition = {**draft.definition, "minimum_total": "900.00"}
    told = portal("rehearse", "venezia-welfare-comunita")
    assert told.exit_code == 1, told.output
    assert "1/12 design" in told.output
    assert "minimum_total" in told.output
    assert portal("rehearse", "nope").exit_code == 1
