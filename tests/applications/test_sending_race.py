"""Somebody saves while somebody else of the team sends: the change is in what was sent, or refused; never neither."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications import operations
from portal.applications.models import Application
from portal.applications.operations.write import AlreadySent
from portal.applications.queries import application_for
from portal.core.db import database
from tests.applications.test_taking_back import section_with
from tests.factories.applications import TITLE_TEXT, World, send
from tests.factories.documents import PDF, make_upload


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_what_comes_after_the_sending_changes_nothing_of_what_counts(app, store, people, begun, now):
    """On PostgreSQL, where two are inside at once; on SQLite whoever writes comes after the other from the start."""
    key = UUID(begun().rpartition("/")[2])
    with app.app_context(), Session(database.engine, expire_on_commit=False) as late:
        world = World.again(late, now, people.organisation_id, people.call_id)
        actor, section = world.actor, section_with(world, "title")
        given: dict[str, Any] = {
            "application": application_for(late, key, actor, Action.DRAFT_WRITE),
            "actor": actor,
            "now": now,
        }
        with Session(database.engine) as other:
            send(other, other.get_one(Application, key), by=actor, at=now)
            other.commit()
        typed: dict[str, Any] = {"section_key": section, "typed": {"title": "Troppo tardi"}, "base": {"title": 1}}
        with pytest.raises(AlreadySent):
            operations.save_answers(late, **typed, **given)
        with pytest.raises(AlreadySent):
            operations.attach_file(late, document_key="statute", upload=make_upload(PDF + b"%", "altro.pdf"), **given)
        late.commit()
    with store() as session:
        assert session.get_one(Application, key).title == TITLE_TEXT
