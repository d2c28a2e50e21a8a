"""The office's library: versions that stay, who writes, and the drafts that a group takes away."""

import io

import pikepdf
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Action
from portal.core.errors import Forbidden, Invalid
from portal.grants.library import queries
from portal.grants.library.fields import TextKind
from portal.grants.library.operations import EditedMeanwhile, KeyTaken, Words, revise_text
from tests.factories.base import make_authority, sign_in
from tests.factories.grants import make_world
from tests.factories.library import make_text

STATUTE = "## Art. 1\n\nÈ costituita «{{ recipient }}» per «{{ project }}», con sede in {{ recipient_seat }}."


@pytest.fixture
def world(session, now):
    return make_world(session, now=now)


def test_an_edit_is_a_new_version_and_the_earlier_one_stays(world, session, now):
    officer = world.actor(world.officer)
    found = make_text(session, world.authority, by=officer, now=now)
    again = {"text_id": found.id, "actor": officer, "now": now}
    revise_text(session, seen_version=1, words=Words("Oggetto", "Nuovo: {{ cup }}", ("foundation",)), **again)
    with pytest.raises(EditedMeanwhile):
        revise_text(session, seen_version=1, words=Words("Oggetto", "Altro", ()), **again)
    (latest,) = queries.texts_of_offices(session, officer)
    assert (latest.version, latest.forms) == (2, ["foundation"])
    kept = queries.text_to(session, officer, Action.LIBRARY_READ, found.id).versions
    assert [each.version for each in kept] == [2, 1]
    with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
        session.execute(text("UPDATE library_version SET body = 'x'"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"body": "{{ recipent }}"}, "body"),
        ({"body": " "}, "body"),
        ({"title": "\u200b"}, "title"),
        ({"key": "1x"}, "key"),
        ({"forms": ("informal_group",)}, "forms"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(world, session, now, given, field):
    with pytest.raises(Invalid) as refused:
        make_text(session, world.authority, by=world.actor(world.officer), now=now, **given)
    assert refused.value.field == field


def test_a_key_is_one_text_of_its_kind_in_one_office(world, session, now):
    officer = world.actor(world.officer)
    make_text(session, world.authority, by=officer, now=now)
    make_text(session, world.authority, by=officer, now=now, kind=TextKind.STATUTE, body=STATUTE)
    with pytest.raises(IntegrityError, match="library_text"), session.begin_nested():
        make_text(session, world.authority, by=officer, now=now)
    other = make_authority(session, code="venezia", name="Venezia")
    with pytest.raises(Forbidden):
        make_text(session, other, by=world.actor(world.owner), now=now)
    assert KeyTaken.default


def test_the_pages_write_preview_and_keep_every_version(store, page, now):
    with store() as session:
        email = make_world(session, now=now).officer.email
    sign_in(page, email).get("/manage/library")
    typed = {"kind": "clause", "key": "Oggetto", "title": "Oggetto", "body": "Per {{ projet }}"}
    page.get("/manage/library/new?kind=clause")
    page.submit("#text-form", 422, **typed)
    assert page.shows("projet")
    page.submit("#text-form", **(typed | {"body": "Per {{ project }}"}))
    assert page.shows("Orti di quartiere")
    there = page.url
    page.post(f"{there}/edit", title="Oggetto", body="Poi {{ amount }}", seen_version="1", preview="yes")
    assert page.shows("Poi € 20.000,00")
    page.post(f"{there}/edit", 422, title="Oggetto", body="Poi {{ x }}", seen_version="1", preview="yes")
    page.get(f"{there}/edit").submit("#text-form", body="Poi {{ amount }}")
    page.get(f"{there}?version=1")
    assert page.shows("Orti di quartiere")
    page.get(f"{there}?version=9", 404)


def test_a_group_reads_and_takes_away_the_draft_filled_with_its_own_data(store, visitors, now):
    with store() as session:
        world = make_world(session, now=now)
        world.group.city = "Bari *alta*"
        officer = world.actor(world.officer)
        drafts = {"by": officer, "now": now, "kind": TextKind.STATUTE, "body": STATUTE}
        aps = make_text(session, world.authority, key="aps", title="Statuto APS",
                        forms=("social_promotion_association",), **drafts)  # fmt: skip
        address = f"/applications/{world.group_application.id}/statutes"
        mails, entity = (world.leader.email, world.owner.email), world.application.id
        aps_id = aps.id
    leader = sign_in(visitors(), mails[0]).get(address)
    assert leader.shows("Statuto APS")
    leader.get(f"{address}/{aps_id}")
    said = "È costituita «Orti in Comune» per «Orti di quartiere», con sede in via Sparano 10, Bari *alta*."
    assert leader.shows(said)
    client = leader.client
    written = client.get(f"{address}/{aps_id}/file")
    assert written.headers["Content-Disposition"].endswith(".md")
    assert "Orti in Comune" in written.get_data(as_text=True)
    with pikepdf.open(io.BytesIO(client.get(f"{address}/{aps_id}/file?as=pdf").data)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("it", True)
        assert "/StructTreeRoot" in pdf.Root
        assert "Statuto APS" in str(pdf.docinfo["/Title"])
    sign_in(visitors(), mails[1]).get(f"/applications/{entity}/statutes", 404)
