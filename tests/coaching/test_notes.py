"""Writing notes: who may, and that nothing of them is told by the trail, by messages or by mail."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.coaching.notes.operations import write_note
from portal.coaching.notes.queries import notes_of
from portal.coaching.notes.rules import LONGEST_NOTE, Readers
from portal.core.audit import AuditEvent
from portal.core.errors import Invalid, NotFound
from portal.core.mail import OutgoingMail
from portal.notices.models import Notice

CANARY = "canarino-nota"


def write(accompanied, person, readers, what=CANARY):
    return write_note(
        accompanied.session, engagement_id=accompanied.engagement.id, what=what, readers=readers,
        **accompanied.by(person),
    )  # fmt: skip


def read(accompanied, person):
    return {note.readers for note in notes_of(accompanied.session, accompanied.actor(person), accompanied.engagement)}


def test_each_reader_reads_what_is_meant_for_them(accompanied):
    world = accompanied.world
    for readers in Readers:
        write(accompanied, world.coach, readers)
    assert read(accompanied, world.coach) == set(Readers)
    assert read(accompanied, world.officer) == {Readers.SHARED, Readers.OFFICE}
    assert read(accompanied, world.owner) == {Readers.SHARED}
    for stranger in (world.leader, world.approver, accompanied.second_coach):
        assert read(accompanied, stranger) == set()


def test_neither_trail_nor_messages_nor_mails_say_what_a_note_says(accompanied):
    for readers in Readers:
        write(accompanied, accompanied.world.coach, readers)
    session = accompanied.session
    told = [str(each.before) + str(each.after) + str(each.reason) for each in session.scalars(select(AuditEvent))]
    told += [str(each.text) + each.path for each in session.scalars(select(Notice))]
    told += [each.subject + each.body for each in session.scalars(select(OutgoingMail))]
    assert not [each for each in told if CANARY in each]


def test_only_coach_and_officer_write_and_only_the_coach_for_the_own_eyes(accompanied):
    world = accompanied.world
    for stranger in (world.owner, world.approver, accompanied.second_coach):
        with pytest.raises(NotFound):
            write(accompanied, stranger, Readers.SHARED)
    with pytest.raises(Invalid):
        write(accompanied, world.officer, Readers.AUTHOR)
    for what in (" ", "x" * (LONGEST_NOTE + 1)):
        with pytest.raises(Invalid):
            write(accompanied, world.coach, Readers.SHARED, what)
    write(accompanied, world.officer, Readers.OFFICE)


def test_the_readers_of_a_note_never_change(accompanied):
    write(accompanied, accompanied.world.coach, Readers.AUTHOR)
    with pytest.raises(IntegrityError, match="append-only"), accompanied.session.begin_nested():
        accompanied.session.execute(text("UPDATE coaching_note SET readers = 'shared'"))


def test_notes_are_read_in_one_place_alone():
    """No search, export, mail or view of the trail can tell what it does not read."""
    portal = Path(__file__).resolve().parents[2] / "portal"
    named = {
        str(each.relative_to(portal)) for each in portal.rglob("*.py") if "CoachingNote" in each.read_text("utf-8")
    }
    assert named == {
        "coaching/models/__init__.py", "coaching/models/note.py", "coaching/notes/operations.py",
        "coaching/notes/queries.py",
    }  # fmt: skip
