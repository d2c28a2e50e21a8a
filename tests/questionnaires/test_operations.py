"""Saving answers: versions, conflicts, history, on both engines (P4)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from portal.core.db import new_id
from portal.questionnaires.checks import broken
from portal.questionnaires.models import Answer, AnswerVersion, FormRevision
from portal.questionnaires.operations import create_sheet, publish_form, save_section
from portal.questionnaires.queries import answers_of, form_of, history_of, values_of
from portal.questionnaires.rules import check_form
from tests.factories.questionnaires import AREAS, COMPLETE, make_sections, make_writer

ROSA, UGO = make_writer("Rosa"), make_writer("Ugo")


@pytest.fixture
def sheet(session, now):
    revision = publish_form(session, owner_id=new_id(), sections=make_sections(), now=now)
    return create_sheet(session, form_revision_id=revision.id, now=now)


@pytest.fixture
def save(session, sheet, now):
    """Save some of the one section: `save({"the_text": "x"}, base={"the_text": 1}, by=UGO)`."""

    def saving(typed, base=None, by=ROSA, at=now):
        section = form_of(session, sheet).sections[0]
        return save_section(
            session, sheet=sheet, section=section, typed=typed, base=base or {}, areas=AREAS, actor=by, now=at
        )

    return saving


def test_a_whole_section_is_saved_and_can_be_sent(session, sheet, save, now):
    saved = save(COMPLETE, at=now + timedelta(minutes=5))
    assert saved.versions == dict.fromkeys(COMPLETE, 1)
    assert (saved.conflicts, saved.faults, saved.refused) == ([], {}, {})
    values = values_of(answers_of(session, sheet.id))
    assert values["the_money"] == {"value": 123450}
    assert check_form(form_of(session, sheet), values) == {}
    assert sheet.saved_at == now + timedelta(minutes=5)


def test_only_what_changed_gets_a_new_version(save):
    first = save(COMPLETE)
    second = save(COMPLETE | {"the_text": "Un frutteto"}, base=first.versions)
    assert second.versions == first.versions | {"the_text": 2}


def test_no_is_an_answer_and_zero_is_an_amount(session, sheet, save):
    save({"the_yes_no": "no", "the_money": "0", "the_number": "0"})
    values = values_of(answers_of(session, sheet.id))
    assert values == {"the_yes_no": {"value": False}, "the_money": {"value": 0}, "the_number": {"value": 0}}


def test_nothing_is_stored_for_an_answer_never_given(session, sheet, save):
    saved = save({"the_text": "  ", "the_money": ""}, base={"the_declaration": 0})
    assert saved.versions == {"the_text": 0, "the_money": 0, "the_declaration": 0}
    assert answers_of(session, sheet.id) == {}


def test_emptying_an_answer_is_a_version(session, sheet, save):
    save({"the_text": "Un orto"})
    assert save({"the_text": ""}, base={"the_text": 1}).versions == {"the_text": 2}
    assert values_of(answers_of(session, sheet.id)) == {"the_text": {"value": None}}


def test_a_declaration_is_withdrawn_by_sending_only_its_version(session, sheet, save):
    save({"the_declaration": "yes"})
    assert save({}, base={"the_declaration": 1}).versions == {"the_declaration": 2}
    assert values_of(answers_of(session, sheet.id)) == {"the_declaration": {"value": None}}
    assert save({}).versions == {}


def test_what_cannot_be_read_is_kept_as_typed_and_reported(session, sheet, save):
    saved = save({"the_money": "12,345", "the_text": "a\0b\ud800"})
    assert set(saved.faults) == {"the_money", "the_text"}
    values = values_of(answers_of(session, sheet.id))
    assert values["the_money"] == {"value": None, "typed": "12,345", "fault": True}
    assert values["the_text"]["typed"] == "a\ufffdb\ufffd"


def test_a_megabyte_is_refused_and_the_rest_is_saved(session, sheet, save):
    save({"the_long_text": "Prima"})
    saved = save({"the_long_text": "x" * 1_000_000, "the_text": "Un orto"}, base={"the_long_text": 1})
    assert list(saved.refused) == ["the_long_text"]
    assert saved.versions == {"the_text": 1}
    assert answers_of(session, sheet.id)["the_long_text"].value == {"value": "Prima"}


def test_a_stale_version_never_overwrites_and_both_texts_come_back(session, sheet, save, now):
    save({"the_text": "Un orto", "the_number": "1"})
    save({"the_text": "Di Rosa"}, base={"the_text": 1}, at=now + timedelta(minutes=1))
    saved = save({"the_text": "Di Ugo", "the_number": "2"}, base={"the_text": 1, "the_number": 1}, by=UGO)
    (conflict,) = saved.conflicts
    assert (conflict.mine, conflict.theirs) == ({"value": "Di Ugo"}, {"value": "Di Rosa"})
    assert (conflict.their_version, conflict.their_by) == (2, ROSA.person_id)
    assert conflict.their_at == now + timedelta(minutes=1)
    assert saved.versions == {"the_number": 2}
    assert values_of(answers_of(session, sheet.id))["the_text"] == {"value": "Di Rosa"}


def test_two_first_answers_conflict_too(save):
    save({"the_text": "Di Rosa"})
    saved = save({"the_text": "Di Ugo"}, by=UGO)
    assert [conflict.their_version for conflict in saved.conflicts] == [1]


def test_the_same_text_from_both_is_no_conflict(save):
    save({"the_text": "Un orto"})
    save({"the_text": "Una serra"}, base={"the_text": 1})
    saved = save({"the_text": " Una  serra"}, base={"the_text": 1}, by=UGO)
    assert (saved.versions, saved.conflicts) == ({"the_text": 2}, [])


def test_a_conflict_is_settled_by_saving_on_the_version_seen(session, sheet, save):
    save({"the_text": "Di Rosa"})
    (conflict,) = save({"the_text": "Di Ugo"}, by=UGO).conflicts
    settled = save({"the_text": "Di entrambi"}, base={"the_text": conflict.their_version}, by=UGO)
    assert settled.versions == {"the_text": 2}


def test_fields_that_the_section_does_not_ask_are_ignored(session, sheet, save):
    save({"status": "approved", "role": "admin", "the_text": "Un orto"})
    assert list(answers_of(session, sheet.id)) == ["the_text"]


def test_the_history_keeps_every_version_and_its_writer(session, sheet, save, now):
    save({"the_text": "Un orto"})
    save({"the_text": "Una serra"}, base={"the_text": 1}, by=UGO, at=now + timedelta(hours=1))
    history = history_of(session, sheet.id, "the_text")
    assert [(row.version, row.value["value"], row.saved_by) for row in history] == [
        (1, "Un orto", ROSA.person_id),
        (2, "Una serra", UGO.person_id),
    ]
    assert list(broken(session)) == []


@pytest.mark.parametrize(
    "change", [delete(AnswerVersion), update(AnswerVersion).values(version=9), delete(FormRevision)]
)
def test_history_and_forms_are_append_only(session, save, change):
    save({"the_text": "Un orto"})
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(change)


def test_an_answer_changed_past_its_history_is_found(session, save):
    save({"the_text": "Un orto"})
    session.execute(update(Answer).values(value={"value": "altro"}))
    (line,) = broken(session)
    assert "the_text" in line


def test_the_same_form_is_one_revision_and_a_changed_one_the_next(session, now):
    owner = new_id()
    first = publish_form(session, owner_id=owner, sections=make_sections(), now=now)
    assert publish_form(session, owner_id=owner, sections=make_sections(), now=now) is first
    second = publish_form(session, owner_id=owner, sections=make_sections(required=False), now=now)
    other = publish_form(session, owner_id=new_id(), sections=make_sections(), now=now)
    assert [first.number, second.number, other.number] == [1, 2, 1]
    assert session.scalars(select(FormRevision.number).where(FormRevision.owner_id == owner)).all() == [1, 2]
