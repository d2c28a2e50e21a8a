"""What is typed in the designer: money and days as written in Italy, hours that exist, conditions, rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.callfile import design_from_json
from portal.calls.designer import editing
from portal.calls.designer.conditions import read_condition, typed_of
from portal.calls.designer.forms import form_at
from portal.calls.differences import differences
from tests.calls.test_designer_editing import TODAY, empty, shipped


def typed_at(document, place, **typed):
    """Read the form of a place with some of its fields typed anew."""
    form = form_at(document, place)
    assert form is not None
    return form.read({**form.typed, **{name.replace("__", "-"): [text] for name, text in typed.items()}})


@pytest.fixture
def line():
    """An empty design with one budget line, and its place."""
    return editing.add(empty(), ("budget_lines",), today=TODAY).document, ("budget_lines", 0)


@pytest.mark.parametrize(
    ("typed", "stored"), [("1.234,50", "1234.50"), ("400000", "400000"), ("€ 1.000", "1000"), ("0,01", "0.01")]
)
def test_money_is_read_as_written_in_italy(line, typed, stored):
    assert typed_at(*line, amount=typed).values["amount"] == stored


@pytest.mark.parametrize("typed", ["1234.50", "abc", "-5", "1,234", ""])
def test_money_that_can_be_read_in_two_ways_is_told_by_its_field(line, typed):
    assert "amount" in typed_at(*line, amount=typed).errors


def test_a_choice_comes_from_what_the_design_holds(line):
    document, place = line
    document = editing.add(document, ("areas",), today=TODAY).document
    assert typed_at(document, place, area="area_1").values["area"] == "area_1"
    assert "area" in typed_at(document, place, area="area_9").errors


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-03-29T02:30", "does not exist"),
        ("2026-10-25T02:30", "comes twice"),
        ("2026-10-25", "day and the hour"),
        ("domani", "day and the hour"),
    ],
)
def test_an_hour_that_is_missing_or_doubled_is_refused_with_words(typed, words):
    reading = typed_at(empty(), ("phases", 0, "deadlines", 0), closes=typed)
    assert words in str(reading.errors["closes"])


def test_an_hour_is_read_in_the_zone_of_its_phase():
    document = empty()
    document["phases"][0]["zone"] = "UTC"
    assert not typed_at(document, ("phases", 0, "deadlines", 0), closes="2026-03-29T02:30").errors
    assert typed_at(empty(), ("phases", 0, "deadlines", 0), closes="31/12/2026 12:00").values == {
        "closes": "2026-12-31T12:00:00", "reason": None,
    }  # fmt: skip


def test_a_form_that_comes_without_its_fields_is_told_and_never_saved():
    form = form_at(empty(), ("phases", 0))
    assert form is not None
    assert {"zone", "opens", "inclusive"} <= set(form.read({}).errors)


def test_rows_left_blank_count_for_nothing_and_their_keys_are_made_up():
    document = editing.add(empty(), ("questionnaire", "sections"), today=TODAY).document
    place = ("questionnaire", "sections", 0, "questions")
    document = editing.add(document, place, today=TODAY, given={"type": "choice"}).document
    reading = typed_at(
        document, (*place, 0), label__it="Dove?", label__en="Where?", options__0__label__it="In città",
        options__0__label__en="In town", options__2__label__it="Fuori", options__2__label__en="Outside",
    )  # fmt: skip
    assert [(row["key"], row["label"]["en"]) for row in reading.values["options"]] == [
        ("in_citta", "In town"), ("fuori", "Outside"),
    ]  # fmt: skip


def test_what_does_not_fit_a_new_type_falls_away():
    document = shipped()
    sections = document["questionnaire"]["sections"]
    at = next((s, q) for s, each in enumerate(sections) for q, asked in enumerate(each["questions"])
              if asked["type"] == "long_text" and asked.get("max_chars"))  # fmt: skip
    place = ("questionnaire", "sections", at[0], "questions", at[1])
    reading = typed_at(document, place, type="yes_no")
    saved = editing.save(document, place, reading.values).document
    assert "max_chars" not in saved["questionnaire"]["sections"][at[0]]["questions"][at[1]]
    design_from_json(saved)


def rows(**typed):
    return {name.replace("__", "-"): [text] for name, text in typed.items()}


def test_a_condition_is_read_from_its_rows():
    typed = rows(
        when__how="any", when__0__subject="question:kind", when__0__compare="equals", when__0__value="new",
        when__1__subject="fact:applicant.members", when__1__compare="at_least", when__1__value="3",
        when__2__subject="fact:applicant.is_incorporated", when__2__compare="unanswered",
    )  # fmt: skip
    assert read_condition(typed, "when") == (
        {"any": [
            {"question": "kind", "equals": "new"}, {"fact": "applicant.members", "at_least": 3},
            {"fact": "applicant.is_incorporated", "answered": False},
        ]},
        None,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["[", "all: 3", "*a", "nothing: 1", "- a\n- b", "x" * 6000])
def test_a_condition_that_cannot_be_read_is_told(text):
    says, wrong = read_condition(rows(when__how="written", when__yaml=text), "when")
    assert says is None
    assert wrong is not None


def test_a_combinator_without_a_comparison_is_told():
    assert read_condition(rows(when__how="all"), "when")[1] is not None
    assert read_condition(rows(when__how="always"), "when") == (None, None)


VALUES = st.one_of(st.booleans(), st.integers(-(10**9), 10**9), st.sampled_from(["new", "rossi", "2026-12-31", "1.5x"]))
LEAVES = st.one_of(
    st.builds(lambda key, how, value: {"question": key, how: value}, st.sampled_from(["a", "b_c"]),
              st.sampled_from(["equals", "differs", "above", "at_most"]), VALUES),
    st.builds(lambda value: {"fact": "applicant.kind", "answered": value}, st.booleans()),
    st.builds(lambda values: {"question": "a", "in": values}, st.lists(VALUES, min_size=1, max_size=3)),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)


@given(TREES)
def test_a_condition_shown_in_its_form_and_read_again_is_the_same(says):
    typed = {f"when-{name}": text for name, text in typed_of(says).items()}
    read, wrong = read_condition(typed, "when")
    assert wrong is None
    assert read in (says, {"not": {"any": [says.get("not")]}})


def test_differences_are_told_by_block_in_words():
    old = shipped()
    new = editing.save(old, (), {"title": {"it": "Altro", "en": old["title"]["en"]}}).document
    new = editing.save(new, ("applicants", 0), {"maximum": "99000"}).document
    new = editing.move(new, ("criteria", 0), 1).document
    new = editing.add(new, ("acts",), today=TODAY).document
    found = differences(old, new)
    last = f"acts/{len(old['acts'])}/date"
    assert [each.place for each in found] == ["title", "applicants/0/maximum", "criteria", last]
    paths = [each.path for each in found]
    assert paths == ["title.it", "applicants.legal_entity.maximum", "criteria.order", f"acts.{len(old['acts'])}.date"]
    assert found[0].after == "Altro"
    assert found[1].after == "99.000,00"
    assert found[1].label.startswith(("Who may apply: ", "Chi può partecipare: "))
    assert (found[3].before, found[3].after) == ("", f"{TODAY:%d/%m/%Y}")
    assert differences(old, old) == []


def test_a_part_that_came_or_went_is_told_by_everything_it_says():
    old = shipped()
    gone = editing.remove(old, ("areas", 0)).document
    found = differences(old, gone)
    assert [each.path for each in found] == [
        f"areas.liberta.{name}" for name in ("key", "name", "lat", "lon", "outline")
    ]
    assert {each.after for each in found} == {""}
    assert differences(gone, old)[1].after == "Libertà"


def test_a_condition_is_compared_in_words():
    old = shipped()
    question = ("questionnaire", "sections", 0, "questions", 0)
    asked = {"when": {"fact": "applicant.members", "at_least": 3}}
    (found,) = differences(old, editing.save(old, question, asked).document)
    assert found.before == ""
    assert found.after.endswith("3")
    assert "{" not in found.after
