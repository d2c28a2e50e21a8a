"""A text of the library that is retired: kept for what used it, not offered any more."""

from datetime import timedelta
from typing import Any

import pytest

from portal.core.errors import NotFound
from portal.grants.agreements.operations import prepare_agreement
from portal.grants.library import queries
from portal.grants.library.fields import TextKind
from portal.grants.library.operations import (
    AsItIs,
    TextRetired,
    Words,
    offer_text_again,
    retire_text,
    revise_text,
)
from tests.factories.base import sign_in
from tests.factories.grants import make_world
from tests.factories.library import composed_design, fill, make_text

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


def test_calls_published_before_keep_a_clause_and_later_ones_do_not_find_it(session, now):
    world = make_world(session, now=now, design=composed_design())
    officer = {"actor": world.actor(world.officer), "now": now}
    texts = fill(session, world.authority, by=officer["actor"], now=now)
    retire_text(session, text_id=texts["oggetto"].id, **officer)
    with pytest.raises(AsItIs):
        retire_text(session, text_id=texts["oggetto"].id, **officer)
    with pytest.raises(TextRetired):
        revise_text(session, text_id=texts["oggetto"].id, seen_version=1, words=Words("O", "x"), **officer)
    published: Any = world.call.published_at
    assert published is not None
    assert published < now

    def found(at):
        return set(queries.clauses_named(session, world.authority.id, ["oggetto", "durata"], at))

    assert found(published) == {"oggetto", "durata"}
    assert found(now + timedelta(seconds=1)) == found(None) == {"durata"}
    grant = world.make_ready(world.award())
    assert len(prepare_agreement(session, grant_id=grant.id, **officer).articles) == 2
    offer_text_again(session, text_id=texts["oggetto"].id, **officer)
    assert found(None) == {"oggetto", "durata"}


@on_sqlite
def test_a_retired_draft_of_a_statute_is_offered_to_nobody(session, now):
    world = make_world(session, now=now)
    officer = world.actor(world.officer)
    draft = make_text(session, world.authority, by=officer, now=now, kind=TextKind.STATUTE, key="aps")
    assert len(queries.statutes_for(session, world.authority.id)) == 1
    retire_text(session, text_id=draft.id, actor=officer, now=now)
    assert queries.statutes_for(session, world.authority.id) == []
    with pytest.raises(NotFound):
        queries.statute_for(session, world.authority.id, draft.id)


def test_it_is_retired_and_offered_again_on_its_page(store, page, now):
    with store() as session:
        world = make_world(session, now=now)
        there = f"/manage/library/{make_text(session, world.authority, by=world.actor(world.officer), now=now).id}"
        email = world.officer.email
    sign_in(page, email).get(there).submit(f"{there}/retire")
    assert page.shows("Ritirato il")
    page.get("/manage/library")
    assert page.shows("ritirato")
    page.get(there).submit(f"{there}/offer")
    assert not page.shows("Ritirato il")
