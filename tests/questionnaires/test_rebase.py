"""Drafts carried over to a newer revision, on both engines: nothing that was typed is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.core.db import new_id
from portal.core.errors import Conflict
from portal.questionnaires.checks import broken
from portal.questionnaires.operations import create_sheet, publish_form, rebase_sheet, save_section
from portal.questionnaires.queries import answers_of, form_of, history_of, values_of
from portal.questionnaires.rules import Option, QuestionType, check_form
from portal.questionnaires.rules.compare import ChangeKind
from tests.factories.questionnaires import (
    AREAS,
    COMPLETE,
    RICH,
    make_rich_sections,
    make_sections,
    make_writer,
    text,
)

ROSA, OFFICE = make_writer("Rosa"), make_writer("Ufficio")
OWNER = new_id()


class Draft:
    """A sheet on a form of two sections, filled in."""

    def __init__(self, session, now):
        self.session, self.now = session, now
        self.first = self.publish()
        self.sheet = create_sheet(session, form_revision_id=self.first.id, now=now)
        self.save(COMPLETE | RICH)

    def publish(self, **changed):
        """The form with these questions changed: `publish(the_text={"max_chars": 3})`; None takes one out."""
        sections = [*make_sections(), *make_rich_sections()]
        kept = [
            replace(
                section,
                questions=[
                    replace(each, **(changed.get(each.key) or {}))
                    for each in section.questions
                    if changed.get(each.key, {}) is not None
                ],
            )
            for section in sections
        ]
        return publish_form(self.session, owner_id=OWNER, sections=kept, now=self.now)

    def save(self, typed, base=None):
        """Rosa writes."""
        for section in form_of(self.session, self.sheet).sections:
            save_section(
                self.session, sheet=self.sheet, section=section, typed=typed, base=base or {}, areas=AREAS,
                actor=ROSA, now=self.now,
            )  # fmt: skip

    def rebase(self, revision):
        """The office lets the draft follow."""
        later = self.now + timedelta(hours=1)
        return rebase_sheet(self.session, sheet=self.sheet, revision=revision, actor=OFFICE, now=later)

    @property
    def values(self):
        """The answers as they are now."""
        return values_of(answers_of(self.session, self.sheet.id))


@pytest.fixture
def draft(session, now):
    return Draft(session, now)


def test_a_compatible_revision_keeps_every_answer_and_writes_none_anew(session, draft):
    before = draft.values
    found = draft.rebase(
        draft.publish(the_text={"max_chars": 3, "required": False}, the_date={"label": text("Quando")})
    )
    assert [(change.kind, change.key) for change in found] == [
        (ChangeKind.TIGHTENED, "the_text"),
        (ChangeKind.OPTIONAL, "the_text"),
        (ChangeKind.TEXT, "the_date"),
    ]
    assert draft.values == before
    assert {answer.version for answer in answers_of(session, draft.sheet.id).values()} == {1}
    assert list(check_form(form_of(session, draft.sheet), draft.values)) == ["the_text"]


def test_what_no_longer_reads_is_marked_with_what_was_typed_and_comes_back(session, draft):
    before = draft.values
    other = [Option("sea", text("Mare")), Option("hill", text("Collina"))]
    changed = draft.publish(the_choice={"options": other}, the_text={"type": QuestionType.NUMBER})
    found = draft.rebase(changed)
    assert {change.kind for change in found if not change.is_compatible} == {ChangeKind.OPTION_LOST, ChangeKind.RETYPED}
    assert draft.values["the_choice"] == {"value": None, "typed": "care", "fault": True}
    assert draft.values["the_text"]["typed"] == "Un orto"
    assert set(check_form(form_of(session, draft.sheet), draft.values)) == {"the_choice", "the_text"}
    draft.rebase(draft.first)
    assert draft.values == before
    history = history_of(session, draft.sheet.id, "the_choice")
    assert [row.saved_by for row in history] == [ROSA.person_id, OFFICE.person_id, OFFICE.person_id]
    assert list(broken(session)) == []


def test_the_answer_to_a_question_taken_out_is_kept_and_not_counted(session, draft):
    found = draft.rebase(draft.publish(the_money=None))
    assert [(change.kind, change.key) for change in found] == [(ChangeKind.REMOVED, "the_money")]
    assert draft.values["the_money"] == {"value": 123450}
    form = form_of(session, draft.sheet)
    assert form.question("the_money") is None
    assert check_form(form, draft.values) == {}


def test_changes_to_questions_nobody_answered_are_not_told(session, now):
    draft = Draft(session, now)
    draft.save({"the_text": ""}, base={"the_text": 1})
    found = draft.rebase(draft.publish(the_text={"label": text("Altro")}))
    assert found == []


def test_a_draft_does_not_follow_the_form_of_another(session, draft, now):
    other = publish_form(session, owner_id=new_id(), sections=make_sections(), now=now)
    with pytest.raises(Conflict):
        draft.rebase(other)
    assert draft.sheet.form_revision_id == draft.first.id


def test_rows_and_parts_are_saved_and_only_changes_get_a_version(session, draft):
    assert draft.values["costs"]["value"][0] == {"item": "Legno", "quantity": "2.5", "unit_cost": 1010}
    draft.save({"costs": [*RICH["costs"], {"item": "Colla"}], "the_place": RICH["the_place"]}, base={"costs": 1})
    versions = {key: answer.version for key, answer in answers_of(session, draft.sheet.id).items()}
    assert (versions["costs"], versions["the_place"]) == (2, 1)
    draft.save({}, base={"costs": 2, "the_choices": 1, "the_files": 1})
    assert draft.values["costs"] == draft.values["the_choices"] == {"value": None}
    assert draft.values["the_files"]["value"]
