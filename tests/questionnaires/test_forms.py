"""What a browser's form says of a section: rows in their order, parts, buttons, and nothing that was not asked."""

import pytest
from werkzeug.datastructures import MultiDict

from portal.questionnaires.forms import RowAct, sent_section
from portal.questionnaires.rules import Question, QuestionType
from tests.factories.questionnaires import make_question, make_table, text

T = QuestionType
TABLE = make_table()
ASKED = [make_question(T.TEXT), TABLE, make_question(T.CHOICES), make_question(T.ADDRESS), make_question(T.FILES),
         Question("share", T.NUMBER, text("Quota"), formula="budget.cost")]  # fmt: skip
ROWS = [("costs.0.item", "a"), ("costs.1.item", "b"), ("costs.10.item", "d"), ("costs.2.item", "c")]


def typed(*pairs):
    return sent_section(ASKED, MultiDict(pairs))


def items(found):
    return [row["item"] for row in found.typed["costs"]]


def test_rows_are_read_in_their_order():
    assert items(typed(*ROWS)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("act", "left"),
    [
        ("remove costs 1", "acd"), ("up costs 2", "acbd"), ("down costs 0", "bacd"), ("up costs 0", "abcd"),
        ("down costs 3", "abcd"), ("remove costs 9", "abcd"), ("remove costs -1", "abcd"), ("add costs", "abcd"),
        ("remove costs x", "abcd"), ("fly costs 1", "abcd"), ("remove the_text 0", "abcd"), ("", "abcd"),
    ],
)  # fmt: skip
def test_a_button_moves_or_takes_away_one_row(act, left):
    assert "".join(items(typed(*ROWS, ("rows-do", act)))) == left


def test_a_button_is_known_with_its_target():
    assert typed(("rows-do", "remove costs 2")).act == RowAct("remove", "costs", "2")
    assert typed(("rows-do", "remove costs 2")).act.row == 2
    assert typed(("rows-do", "remove nothing 2")).act is None


def test_what_was_shown_and_sends_nothing_is_empty_and_what_was_not_shown_is_left_alone():
    assert typed(("v-costs", "3"), ("v-the_choices", "1")).typed == {"costs": [], "the_choices": []}
    assert typed().typed == {}


def test_parts_and_boxes_are_gathered():
    found = typed(("the_address.street", "Via Roma"), ("the_choices", "home"), ("the_choices", "work"))
    assert found.typed["the_address"] == {"street": "Via Roma", "number": "", "postcode": "", "municipality": ""}
    assert found.typed["the_choices"] == ["home", "work"]


def test_files_and_results_are_never_read_from_a_form():
    found = typed(("the_files", "x"), ("the_files.0.id", "x"), ("share", "1"), ("v-share", "1"), ("unknown", "y"))
    assert found.typed == {}
    assert found.base == {}


NO_CELLS = ["costs.-1.item", "costs.x.item", "costs.0", "costs..item", "costs.99999.item", "costs.٣.item"]


@pytest.mark.parametrize("name", NO_CELLS)
def test_names_that_are_no_cells_are_ignored(name):
    assert "costs" not in typed((name, "x")).typed


def test_versions_that_are_no_numbers_count_as_none():
    found = typed(("the_text", "x"), ("v-the_text", "-1"), ("v-costs", "9" * 30), ("v-the_choices", "٣"))
    assert found.typed["the_text"] == "x"
    assert set(found.base.values()) == {0}
