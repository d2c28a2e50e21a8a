"""Designing on both engines: who may, what is kept, what is undone, who approves, what the history refuses."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role
from portal.calls.callfile import CallFileRefused, document_hash
from portal.calls.designer.forms import form_at
from portal.calls.designer.places import read_place
from portal.calls.models import CallEdit, CallRevision
from portal.calls.operations import approve_call, beginning, designing, publish_call
from portal.calls.operations.approval import WrittenByYou
from portal.calls.operations.designing import ChangedMeanwhile, NotADraft, NothingToUndo
from portal.calls.operations.publication import NotComplete
from portal.calls.rules import CallStatus
from portal.core.audit import AuditEvent
from portal.core.errors import Forbidden, InvalidForm, NotFound
from tests.factories.base import as_actor, make_authority, make_staff
from tests.factories.calls import shipped_text
from tests.factories.designing import NEEDED


@pytest.fixture
def torino(session):
    return make_authority(session, code="torino", name="Torino")


@pytest.fixture
def officers(session, torino, now):
    """Two officers of one office."""
    return [as_actor(session, make_staff(session, torino, Role.OFFICER, now=now), now=now) for _ in range(2)]


@pytest.fixture
def call(session, torino, officers, now):
    """A draft that was begun a moment ago."""
    title = {"it": "Nuovo", "en": "New"}
    return beginning.begin_call(
        session, authority_id=torino.id, title=title, slug="nuovo", actor=officers[0], now=now
    )  # fmt: skip


def form_of(call, place):
    """The form of a place of a draft."""
    form = form_at(call.definition, read_place(place))
    assert form is not None
    return form


def write(session, call, place, typed, actor, now, seen=None):
    """Save the form of a place with some of its fields typed anew."""
    form = form_of(call, place)
    whole = {**form.typed, **{name: [text] for name, text in typed.items()}}
    return designing.save_part(
        session, call_id=call.id, place=read_place(place), typed=whole, seen=seen or form.seen, actor=actor, now=now
    )  # fmt: skip


def add(session, call, place, actor, now, **given):
    return designing.add_part(session, call_id=call.id, place=read_place(place), given=given, actor=actor, now=now)


def design(session, call, actor, now):
    """Everything that the checklist asks for."""
    for at, place, typed in NEEDED:
        where, _, kind = at.partition(":")
        if where:
            add(session, call, where, actor, now, **({"type": kind} if kind else {}))
        write(session, call, place, typed, actor, now)


def test_a_draft_designed_by_one_is_approved_by_another_and_published(session, call, officers, now):
    first, second = officers
    with pytest.raises(NotComplete):
        approve_call(session, call_id=call.id, actor=second, now=now)
    design(session, call, first, now)
    with pytest.raises(WrittenByYou):
        approve_call(session, call_id=call.id, actor=first, now=now)
    approve_call(session, call_id=call.id, actor=second, now=now)
    sealed = session.scalars(select(CallRevision).order_by(CallRevision.number.desc()).limit(1)).one()
    assert (sealed.by, sealed.sha256) == (first.person_id, document_hash(call.definition))
    with pytest.raises(NotADraft):
        write(session, call, "call/about", {"summary-it": "Tardi"}, first, now)
    publish_call(session, call_id=call.id, act_number="1", act_date=now.date(), actor=second, now=now)
    assert (call.status, call.budget_cents, len(call.phases)) == (CallStatus.PUBLISHED, 10_000_000, 1)
    assert call.phases[0].form_revision_id is not None


def test_every_change_is_a_row_and_an_event_and_undo_gives_the_former_bytes(session, call, officers, now):
    states = [document_hash(call.definition)]
    for place in ("criteria", "areas", "phases", "criteria"):
        add(session, call, place, officers[0], now)
        states.append(document_hash(call.definition))
    write(session, call, "criteria/0", {"name-it": "Qualità"}, officers[0], now)
    for state in reversed(states):
        designing.undo_last(session, call_id=call.id, actor=officers[1], now=now)
        assert document_hash(call.definition) == state
    with pytest.raises(NothingToUndo):
        designing.undo_last(session, call_id=call.id, actor=officers[0], now=now)
    edits = session.scalars(select(CallEdit).order_by(CallEdit.sequence)).all()
    assert [edit.sequence for edit in edits] == list(range(1, 12))
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.subject_id == call.id)).all()
    assert events.count("call.edited") == 10


def test_an_earlier_state_comes_back_to_the_byte(session, call, officers, now):
    add(session, call, "criteria", officers[0], now)
    then = document_hash(call.definition)
    add(session, call, "criteria", officers[0], now)
    designing.undo_last(session, call_id=call.id, actor=officers[0], now=now)
    add(session, call, "areas", officers[0], now)
    designing.restore(session, call_id=call.id, sequence=2, actor=officers[0], now=now)
    assert document_hash(call.definition) == then


def test_the_history_of_a_draft_is_only_added_to(session, call):
    session.flush()
    for change in (update(CallEdit).values(place="x"), delete(CallEdit)):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(change)


def test_a_block_that_somebody_else_changed_is_not_overwritten(session, call, officers, now):
    seen = form_of(call, "call/about").seen
    write(session, call, "call/about", {"summary-it": "Loro"}, officers[1], now)
    with pytest.raises(ChangedMeanwhile) as refused:
        write(session, call, "call/about", {"summary-it": "Mio"}, officers[0], now, seen)
    assert refused.value.theirs["summary-it"] == ["Loro"]
    assert call.definition["summary"]["it"] == "Loro"


def test_what_cannot_be_read_is_told_by_field_and_changes_nothing(session, call, officers, now):
    before = document_hash(call.definition)
    with pytest.raises(InvalidForm) as refused:
        write(session, call, "call/plan", {"payment_days": "presto"}, officers[0], now)
    assert set(refused.value.errors) == {"payment_days"}
    assert document_hash(call.definition) == before


def test_a_file_changes_neither_the_account_nor_the_codes_of_the_authority(session, torino, officers, now):
    text = shipped_text("torino-prossimita-2026")
    with pytest.raises(CallFileRefused) as refused:
        beginning.begin_from_file(session, text=text, actor=officers[0], now=now)
    assert {fault.place for fault in refused.value.faults} == {"authority.istat"}
    assert torino.istat_code != "001272"


def test_only_officers_of_the_authority_design(session, call, now):
    foreign = as_actor(session, make_staff(session, make_authority(session), Role.OFFICER, now=now), now=now)
    with pytest.raises(NotFound):
        add(session, call, "criteria", foreign, now)
    title = {"it": "A", "en": "A"}
    with pytest.raises(Forbidden):
        beginning.begin_call(
            session, authority_id=call.authority_id, title=title, slug="altro", actor=foreign, now=now
        )  # fmt: skip
