"""Changing a design's document: types always hold, names are never left hanging, undo gives the former bytes."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.callfile import design_from_json, design_to_json, read_call_file
from portal.calls.describe import dataclasses_of_a_call
from portal.calls.designer import editing
from portal.calls.designer.documents import canonical, new_design
from portal.calls.designer.editing import LastOne, StillUsed
from portal.calls.designer.forms import form_at
from portal.calls.designer.outline import SECTIONS, outline
from portal.calls.designer.page import control_of, page_at
from portal.calls.designer.places import NoSuchPlace, read_place, spot_of, value_at, write_place
from portal.calls.designer.references import parts_of
from portal.calls.designer.shapes import APART, Kind, shapes_of
from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity import publication_faults
from portal.core.errors import Refusal

CALLS = sorted((Path(__file__).parents[2] / "calls").glob("*.yaml"))
TODAY = date(2026, 3, 2)


@cache
def shipped(name: str = "bari-urbis") -> dict:
    return design_to_json(read_call_file(next(each for each in CALLS if each.stem == name).read_text()))


def empty() -> dict:
    return new_design(
        slug="nuovo", title={"it": "Nuovo", "en": "New"}, code="torino", authority="Torino", officer="A. B.",
        email="ufficio@example.org", today=TODAY,
    )  # fmt: skip


def as_bytes(document: dict) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def places_of(document: dict) -> list:
    """Every place with a form or a list of parts."""
    found = []
    for part in parts_of(document):
        try:
            is_part = spot_of(part.place).is_part and part.place
        except NoSuchPlace:
            continue
        if is_part:
            found.append(part.place)
        found += [(*part.place, shape.name) for shape in shapes_of(part.of) if shape.kind is Kind.BLOCKS]
    return found


def test_a_new_design_holds_its_types_and_says_what_is_missing():
    document = empty()
    assert canonical(document) == document
    assert {fault.place.split(".")[0] for fault in publication_faults(design_from_json(document))} >= {
        "summary", "texts", "budget_lines", "applicants", "criteria", "milestones", "tranches", "questionnaire",
    }  # fmt: skip


def test_every_field_of_a_call_stands_in_one_section():
    names = [name for section in SECTIONS for name in section.names]
    assert sorted(names) == sorted(each.name for each in fields(CallDesign))


def test_every_dataclass_of_a_call_can_be_added_and_has_a_form():
    for holder in dataclasses_of_a_call():
        assert is_dataclass(holder)
        if holder.__name__ != "Condition":
            assert all(shape.kind in Kind for shape in shapes_of(holder))


@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
def test_saving_every_form_of_a_call_as_it_is_shown_changes_no_byte(path):
    document = shipped(path.stem)
    for place in [section.place for section in SECTIONS] + places_of(document):
        form = form_at(document, place)
        if form is None:
            continue
        reading = form.read(form.typed)
        assert reading.errors == {}, place
        saved = editing.save(document, form.holder, reading.values).document
        assert as_bytes(saved) == as_bytes(document), place


@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
def test_every_place_of_a_call_has_a_page_and_every_fault_a_place_there(path):
    document = shipped(path.stem)
    faults = publication_faults(design_from_json(document))
    for place in places_of(document):
        assert page_at(document, place, faults).title
    for fault in faults:
        place, control = control_of(document, fault.place)
        shown = page_at(document, read_place(place), faults)
        assert not control or any(control.startswith(field.id) for field in shown.fields), fault.place


def test_the_faults_of_an_empty_design_lead_to_their_fields():
    document = empty()
    led = {each.place: control_of(document, each.place) for each in publication_faults(design_from_json(document))}
    assert led["summary"] == ("call/about", "d-summary-it")
    assert led["texts.who"] == ("texts/who", "d-text-it")
    assert led["phases.0.name"] == ("phases/0", "d-name-it")
    assert led["applicants"] == ("applicants", "")


@st.composite
def steps(draw):
    return draw(
        st.lists(
            st.tuples(st.sampled_from(["add", "duplicate", "up", "down", "remove", "save"]), st.integers(0, 400)),
            max_size=10,
        )
    )


@given(st.sampled_from(["empty", "bari-urbis", "milano-scuola-quartieri-3"]), steps())
def test_any_sequence_of_changes_keeps_the_types_and_undo_restores_the_bytes(name, sequence):
    document = empty() if name == "empty" else shipped(name)
    history = []
    for what, number in sequence:
        places = places_of(document)
        place = places[number % len(places)]
        try:
            change = _changed(what, document, place)
        except Refusal:
            continue
        assert as_bytes(canonical(change.document)) == as_bytes(change.document)
        assert as_bytes(editing.put_back(change.document, change.place, change.before)) == as_bytes(document)
        history.append((document, change))
        document = change.document
    for former, change in reversed(history):
        document = editing.put_back(document, change.place, change.before)
        assert as_bytes(document) == as_bytes(former)


def _changed(what, document, place):
    if what == "save":
        form = form_at(document, place)
        if form is None:
            raise NoSuchPlace
        typed = {
            name: [text.upper() + " 1" for text in texts] for name, texts in form.typed.items() if "key" not in name
        }
        reading = form.read({**form.typed, **typed})
        values = {name: value for name, value in reading.values.items() if name not in reading.errors}
        return editing.save(document, form.holder, values)
    if what in ("up", "down"):
        return editing.move(document, place, -1 if what == "up" else 1)
    if what == "add":
        return editing.add(document, place, today=TODAY)
    return {"duplicate": editing.duplicate, "remove": editing.remove}[what](document, place)


def test_what_is_used_is_not_removed_and_the_refusal_says_who_uses_it():
    document = shipped()
    used = next(
        n for n, each in enumerate(document["milestones"]) if each["key"] == document["tranches"][-1]["milestone"]
    )
    with pytest.raises(StillUsed) as refused:
        editing.remove(document, ("milestones", used))
    assert [(write_place(user.place), user.field) for user in refused.value.users][-1][1] == "milestone"


def test_a_key_in_use_is_not_renamed():
    document = shipped()
    used = next(
        n for n, each in enumerate(document["milestones"]) if each["key"] == document["tranches"][-1]["milestone"]
    )
    with pytest.raises(StillUsed):
        editing.save(document, ("milestones", used), {"key": "altro"})


def test_the_last_phase_and_its_last_deadline_stay():
    document = empty()
    for place in (("phases", 0), ("phases", 0, "deadlines", 0)):
        with pytest.raises(LastOne):
            editing.remove(document, place)


def test_a_duplicate_stands_right_after_under_keys_of_its_own():
    document = shipped()
    change = editing.duplicate(document, ("questionnaire", "sections", 0))
    first, second = change.after[:2]
    assert first["key"] != second["key"]
    assert first["title"] == second["title"]
    keys = [question["key"] for section in change.after for question in section["questions"]]
    assert len(keys) == len(set(keys))


def test_an_optional_part_comes_and_goes():
    document = empty()
    added = editing.add(document, ("marginality",), today=TODAY).document
    assert value_at(added, ("marginality",)) == {"types": [], "reason": {"it": "", "en": ""}}
    assert as_bytes(editing.remove(added, ("marginality",)).document) == as_bytes(document)


@pytest.mark.parametrize(
    "place", ["nowhere", "applicants/99", "phases/0/nothing", "texts/who/it/x", "slug", "call/none", "/".join("a" * 20)]
)
def test_a_place_that_is_not_there_is_refused(place):
    document = empty()
    with pytest.raises(NoSuchPlace):
        editing.remove(document, read_place(place))
    with pytest.raises(NoSuchPlace):
        page_at(document, read_place(place), [])


def test_the_outline_counts_what_is_missing_and_opens_the_section_one_is_in():
    document = empty()
    faults = publication_faults(design_from_json(document))
    lines = {line.place: line for line in outline(document, ("phases", 0), faults)}
    assert lines["call/steps"].is_open
    assert not lines["call/about"].is_open
    assert lines["call/about"].faults == 1
    assert [line.place for line in lines["call/steps"].below[0].below] == ["phases/0"]
    assert all(shape.kind in APART for section in SECTIONS for shape in section.apart)
