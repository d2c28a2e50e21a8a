"""Messages in the file of an application: who reads them, who is told, what stays, what goes with its writer."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role, Tie
from portal.access.ties import tie
from portal.applications import operations as applications
from portal.applications.inbox.rules import Page, Wanted
from portal.applications.messages import operations
from portal.applications.messages.queries import asks, readers_of, thread_of
from portal.applications.messages.rules import LONGEST, MOST_UNREAD, Side
from portal.applications.models import ApplicationMessage, InboxEntry
from portal.applications.queries import inbox_of
from portal.core.audit import AuditEvent
from portal.core.db import Base
from portal.core.errors import Forbidden, Invalid, NotFound, TooMany
from portal.core.mail import OutgoingMail
from portal.core.privacy.erasing import erase
from portal.core.privacy.reach import Identity
from portal.notices.models import Notice
from tests.factories.applications import World
from tests.factories.base import as_actor, join, make_authority, make_person, make_staff
from tests.factories.due import due_of

due_steps = due_of(asks)
WORDS = "Manca la delibera: dove la troviamo?"


@pytest.fixture
def world(session, now):
    return World(session, now)


@pytest.fixture
def officer(world, session, now):
    return as_actor(session, make_staff(session, world.authority, Role.OFFICER, now=now), now=now)


@pytest.fixture
def application(world, officer):
    """Sent, and the office knows of it."""
    return world.submitted()


def write(session, application, actor, now, words=WORDS):
    found = operations.write_message(session, application_id=application.id, text=words, actor=actor, now=now)
    session.flush()
    return found


def test_each_side_writes_and_the_other_has_it_on_the_desk_until_it_answers(session, world, application, officer, now):
    write(session, application, world.actor, now)
    path = f"/applications/{application.id}/messages"
    assert [step.path for step in due_steps(session, officer, now)] == [path]
    assert due_steps(session, world.actor, now) == []
    assert [row.unread_by_office for row in inbox_of(session, officer, Wanted(unread=True), Page(), now).rows] == [1]
    write(session, application, officer, now, "Nella sezione Allegati.")
    assert due_steps(session, officer, now) == [], "who answers has read"
    assert [step.path for step in due_steps(session, world.actor, now)] == [path]
    thread = thread_of(session, application.id, world.actor)
    assert [(each.side, each.text) for each in thread.messages] == [
        (Side.TEAM, WORDS), (Side.OFFICE, "Nella sezione Allegati."),
    ]  # fmt: skip
    assert (thread.side, thread.unread) == (Side.TEAM, 1)
    operations.mark_read(session, application_id=application.id, actor=world.actor, now=now)
    operations.mark_read(session, application_id=application.id, actor=world.actor, now=now)
    assert due_steps(session, world.actor, now) == []
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.event.like("message.%"))).all()
    assert sorted(events) == ["message.read", "message.write", "message.write"]


def test_a_mail_says_that_there_is_a_message_and_never_what(session, world, application, officer, now):
    write(session, application, world.actor, now)
    write(session, application, officer, now, "Risposta segreta")
    mails = session.scalars(select(OutgoingMail).where(OutgoingMail.subject.contains("messag"))).all()
    assert world.organisation.email in {mail.recipient for mail in mails}
    assert all(f"/applications/{application.id}/messages" in mail.body for mail in mails)
    told = "".join(mail.subject + mail.body for mail in mails)
    told += "".join(str(notice.text) for notice in session.scalars(select(Notice)))
    told += "".join(f"{row.after}" for row in session.scalars(select(AuditEvent)))
    assert "delibera" not in told
    assert "segreta" not in told


def test_neither_evaluators_nor_strangers_nor_people_in_conflict_read_or_hear_of_them(
    session, world, application, officer, now
):
    apart = make_staff(session, world.authority, Role.OFFICER, now=now)
    tie(session, person_id=apart.id, tie=Tie.CONFLICTED, object_type="organisation",
        object_id=application.organisation_id, now=now)  # fmt: skip
    evaluator = make_staff(session, world.authority, Role.EVALUATOR, now=now)
    tie(session, person_id=evaluator.id, tie=Tie.ASSIGNED, object_type="application", object_id=application.id, now=now)
    elsewhere = make_authority(session, code="venezia", name="Venezia")
    strangers = [apart, evaluator, make_staff(session, elsewhere, Role.OFFICER, now=now), make_person(session, now=now),
                 make_staff(session, world.authority, Role.ADMINISTRATOR, now=now)]  # fmt: skip
    write(session, application, world.actor, now)
    for person in strangers:
        actor = as_actor(session, person, now=now)
        with pytest.raises((NotFound, Forbidden)):
            thread_of(session, application.id, actor)
        with pytest.raises((NotFound, Forbidden)):
            write(session, application, actor, now)
        assert due_steps(session, actor, now) == []
    told = set(session.scalars(select(Notice.person_id)))
    assert officer.person_id in told
    assert not told & {person.id for person in strangers}


def test_who_only_looks_on_writes_nothing(session, world, application, now):
    viewer = make_person(session, now=now)
    join(session, viewer, world.organisation, Tie.VIEWER, now=now)
    auditor = make_staff(session, world.authority, Role.AUDITOR, now=now)
    for person in (viewer, auditor):
        actor = as_actor(session, person, now=now)
        assert thread_of(session, application.id, actor).side is None
        with pytest.raises((NotFound, Forbidden)):
            write(session, application, actor, now)


def test_who_has_it_in_charge_is_told_alone_and_the_others_after_three_days(session, world, application, officer, now):
    colleague = as_actor(session, make_staff(session, world.authority, Role.OFFICER, now=now), now=now)
    session.execute(update(InboxEntry).values(taken_by=officer.person_id, taken_at=now))
    session.expire_all()
    entry = session.scalars(select(InboxEntry)).one()
    assert [person.id for person in readers_of(session, entry, Side.OFFICE, now)] == [officer.person_id]
    write(session, application, world.actor, now)
    assert [len(due_steps(session, actor, now)) for actor in (officer, colleague)] == [1, 0]
    later = now + timedelta(days=4)
    assert [len(due_steps(session, actor, later)) for actor in (officer, colleague)] == [1, 1]


def test_a_draft_that_was_never_sent_has_no_messages(session, world, officer, now):
    draft = world.draft()
    for actor in (world.actor, officer):
        with pytest.raises(NotFound):
            thread_of(session, draft.id, actor)
        with pytest.raises(NotFound):
            write(session, draft, actor, now)


def test_the_office_writes_to_several_teams_or_to_none(session, world, application, officer, now):
    with pytest.raises(NotFound):
        operations.write_to_several(session, keys=[application.id, world.organisation.id], text=WORDS,
                                    actor=officer, now=now)  # fmt: skip
    assert session.scalars(select(ApplicationMessage)).all() == []
    number = operations.write_to_several(session, keys=[application.id] * 2, text=WORDS, actor=officer, now=now)
    assert (number, len(session.scalars(select(ApplicationMessage)).all())) == (1, 1)
    with pytest.raises(NotFound):
        operations.write_to_several(session, keys=[application.id], text=WORDS, actor=world.actor, now=now)


@pytest.mark.parametrize("words", ["", "   \u200b ", "x" * (LONGEST + 1)])
def test_what_says_nothing_or_too_much_is_refused(session, world, application, now, words):
    with pytest.raises(Invalid):
        write(session, application, world.actor, now, words)


def test_nobody_floods_the_other_side(session, world, application, officer, now):
    for _ in range(MOST_UNREAD):
        write(session, application, world.actor, now)
    with pytest.raises(TooMany):
        write(session, application, world.actor, now)
    write(session, application, officer, now)
    write(session, application, world.actor, now)


def test_messages_are_never_changed_and_a_person_s_words_go_with_them(session, world, application, officer, now):
    write(session, application, world.actor, now)
    write(session, application, officer, now, "Risposta")
    for change in ("UPDATE application_message SET office_text = 'altro' WHERE side = 'office'",
                   "UPDATE application_message SET team_text = 'altro' WHERE side = 'team'",
                   "DELETE FROM application_message"):  # fmt: skip
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(change))
    who = Identity(world.owner.id, world.owner.name, frozenset({world.owner.email}))
    erase(session, Base.metadata, who)
    left = session.scalars(select(ApplicationMessage).order_by(ApplicationMessage.id)).all()
    assert [each.text for each in left] == [None, "Risposta"]


def test_a_withdrawn_application_is_still_written_about(session, world, application, officer, now):
    applications.withdraw_application(session, application_id=application.id, actor=world.actor, now=now)
    write(session, application, officer, now)
    assert thread_of(session, application.id, world.actor).unread == 1
