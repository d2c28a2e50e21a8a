"""Drafts follow a revised form: nothing is lost, and their authors are told what changed for them."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.applications.models import DraftRebase
from portal.applications.operations.rebase import rebase_drafts
from portal.calls.rules.publication import CallRevised
from portal.core.events import announce
from portal.core.jobs import Job
from portal.core.mail import OutgoingMail
from portal.questionnaires.models import Answer
from portal.questionnaires.operations import publish_form
from portal.questionnaires.rules import Question, QuestionType
from tests.factories.applications import World, make_draft, send
from tests.factories.base import make_organisation, sign_in
from tests.factories.forms import fill_rich, idea, rest, rich_design
from tests.factories.questionnaires import text


@pytest.fixture
def world(session, now):
    return World(session, now, slug="tutto", design=rich_design())


def revised(session, world):
    """The form with one type changed, one question gone and one more that must be answered."""
    section = idea()
    kept = [replace(each, type=QuestionType.MONEY, max_chars=None, advised_chars=None) if each.key == "story" else each
            for each in section.questions if each.key != "alone"]  # fmt: skip
    more = Question("why", QuestionType.TEXT, text("Perché voi"), required=True)
    changed = replace(section, questions=[*kept, more])
    return publish_form(session, owner_id=world.call.id, sections=[changed, rest()], now=world.now)


def draft_of(session, world):
    application = world.draft(whole=False)
    fill_rich(session, application, by=world.actor, now=world.now)
    return application


def test_a_draft_follows_and_its_authors_are_told_what_changed(session, world, now):
    application, revision = draft_of(session, world), revised(session, world)
    assert rebase_drafts(session, call_id=world.call.id, form_revision_id=revision.id, now=now) == 1
    assert application.sheet.form_revision_id == revision.id
    told = {change["key"] for change in session.scalars(select(DraftRebase)).one().changes}
    assert {"story", "alone", "why"} <= told
    story = session.scalars(select(Answer).where(Answer.key == "story")).one()
    assert story.value["typed"] == "Prima riga"
    mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert "Perché voi" in mail.body


def test_it_goes_on_in_batches_and_then_has_nothing_more_to_do(session, world, now):
    draft_of(session, world)
    other = make_organisation(session, now=now, owner=world.owner)
    make_draft(session, world.call, other, by=world.actor, now=now, whole=False)
    revision = revised(session, world)
    given = {"call_id": world.call.id, "form_revision_id": revision.id, "now": now}
    assert [rebase_drafts(session, **given, most=1) for _ in range(3)] == [1, 1, 0]
    assert session.scalar(select(func.count(DraftRebase.id))) == 2


def test_what_was_sent_stays_as_it_was_sent(session, world, now):
    application = draft_of(session, world)
    send(session, application, by=world.actor, at=now)
    before, revision = application.sheet.form_revision_id, revised(session, world)
    assert rebase_drafts(session, call_id=world.call.id, form_revision_id=revision.id, now=now) == 0
    assert application.sheet.form_revision_id == before


def test_a_call_revised_asks_the_worker_and_the_page_says_it(page, store, now):
    with store() as session:
        world = World(session, now, slug="tutto", design=rich_design())
        application = draft_of(session, world)
        revision = revised(session, world)
        announce(session, CallRevised(world.call.id, 1, 2, (revision.id,), now))
        assert session.scalar(select(Job.kind).where(Job.kind == "applications.rebase_drafts"))
        rebase_drafts(session, call_id=world.call.id, form_revision_id=revision.id, now=now)
        address, owner = f"/applications/{application.id}", world.owner.email
    sign_in(page, owner).get(address)
    assert page.shows("Perché voi")
    page.get(f"{address}/sections/idea")
    assert page.shows("Perché voi")
    assert page.field("story").get("value") == "Prima riga"
