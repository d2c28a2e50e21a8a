"""What the pages of applications are tried with."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import event

from portal.access.policy import Role, Tie
from portal.core.db import database
from tests.factories.applications import World
from tests.factories.base import join, make_organisation, make_person, make_staff


@pytest.fixture
def people(store, now):
    """A call that is open, an organisation with its team, the office, a stranger; nothing applied for yet."""
    with store() as session:
        world = World(session, now, slug="prossimita")
        editor, viewer, stranger = (make_person(session, now=now) for _ in range(3))
        join(session, editor, world.organisation, Tie.EDITOR, now=now)
        join(session, viewer, world.organisation, Tie.VIEWER, now=now)
        make_organisation(session, now=now, owner=stranger)
        officer = make_staff(session, world.authority, Role.OFFICER, now=now)
        return SimpleNamespace(
            owner=world.owner.email, editor=editor.email, viewer=viewer.email, stranger=stranger.email,
            officer=officer.email, organisation_id=world.organisation.id, call_id=world.call.id,
            authority_id=world.authority.id, sections=[s.key for s in world.call.design.questionnaire.sections],
        )  # fmt: skip


@pytest.fixture
def begun(store, now, people):
    """`begun(whole=True, sent=False)`: an application of the team; its address."""

    def begin(*, whole: bool = True, sent: bool = False) -> str:
        with store() as session:
            world = World.again(session, now, people.organisation_id, people.call_id)
            application = world.submitted() if sent else world.draft(whole=whole)
            return f"/applications/{application.id}"

    return begin


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as seen:` collects the SQL statements of what happens inside."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        with app.app_context():
            engine = database.engine
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)

    return counted
