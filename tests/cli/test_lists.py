"""`portal migrate` over a database of before the officers' list: its lines come with it."""

from click.testing import CliRunner
from sqlalchemy import delete, select

from portal.applications.models import InboxEntry
from portal.cli.main import portal
from tests.factories.applications import World


def test_migrating_lists_what_has_no_line_and_says_so_once(app, store, now, monkeypatch):
    monkeypatch.setattr("portal.cli.database.the_app", lambda: app)
    with store() as session:
        reference = World(session, now).submitted().reference
        session.execute(delete(InboxEntry))
    said = [CliRunner().invoke(portal, ["migrate"], catch_exceptions=False).output for _time in range(2)]
    assert said == ["1 applications listed\n", ""]
    with store() as session:
        assert session.scalars(select(InboxEntry.reference)).all() == [reference]
