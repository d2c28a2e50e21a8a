"""Questions moved between sections, forms mended by one press, areas with an outline: the pure part."""

import json

import pytest

from portal.calls.areas import grounds_of, shapes_on_the_map
from portal.calls.callfile import design_from_json
from portal.calls.designer import editing
from portal.calls.designer.editing import LooksForward
from portal.calls.designer.forms import PlaceForm, form_at
from portal.calls.designer.mending import question_to_add
from portal.calls.designer.outlines import NoOutline, read_outline, written_outline
from portal.calls.designer.page import page_at
from portal.calls.designer.places import NoSuchPlace
from portal.calls.designer.words import checklist
from portal.calls.rules.validity import is_frozen, publication_faults
from portal.questionnaires.rules import where_is
from tests.calls.test_designer_editing import TODAY, empty, shipped

SECTIONS = ("questionnaire", "sections")


@pytest.fixture
def form():
    """Two sections of two questions each: the last one is asked only where the first one says so."""
    document = empty()
    for number in range(2):
        document = editing.add(document, SECTIONS, today=TODAY).document
        for index in range(2):
            given = {"key": f"q{number}{index}", "type": "yes_no"}
            place = (*SECTIONS, number, "questions")
            document = editing.add(document, place, today=TODAY, given=given).document
    last = (*SECTIONS, 1, "questions", 1)
    return editing.save(document, last, {"when": {"question": "q00", "equals": True}}).document


def order(document):
    """The keys of the questions, section by section."""
    return [[each["key"] for each in section["questions"]] for section in document["questionnaire"]["sections"]]


def form_of(document, place) -> PlaceForm:
    """The form of a part."""
    form = form_at(document, place)
    assert form is not None
    return form


def question(section, index):
    return (*SECTIONS, section, "questions", index)


def test_a_question_goes_up_and_down_through_the_sections(form):
    up = editing.move(form, question(1, 0), -1)
    assert (order(up.document), up.goes_to) == ([["q00", "q01", "q10"], ["q11"]], question(0, 2))
    down = editing.move(form, question(0, 1), 1)
    assert (order(down.document), down.goes_to) == ([["q00"], ["q01", "q10", "q11"]], question(1, 0))
    assert editing.put_back(down.document, down.place, down.before) == form
    assert order(editing.move(form, question(0, 0), -1).document) == order(form)
    assert order(editing.move(form, question(1, 1), 1).document) == order(form)


def test_a_question_is_sent_to_a_section_as_its_last_one(form):
    assert order(editing.send(form, question(0, 1), 1).document) == [["q00"], ["q10", "q11", "q01"]]
    for place, to in ((question(0, 1), 0), (question(0, 1), 7), (("criteria", 0), 1), ((*SECTIONS, 0), 1)):
        with pytest.raises(NoSuchPlace):
            editing.send(form, place, to)


def test_no_move_lets_a_condition_look_forward(form):
    moves = (
        lambda: editing.send(form, question(0, 0), 1),
        lambda: editing.send(form, question(1, 1), 0),
        lambda: editing.move(form, (*SECTIONS, 0), 1),
    )
    for move in (moves[0], moves[2]):
        with pytest.raises(LooksForward) as refused:
            move()
        assert [(user.place, user.name) for user in refused.value.users] == [(question(1, 1), "q00")]
    assert order(moves[1]().document) == [["q00", "q01", "q11"], ["q10"]]


def test_a_condition_that_looked_forward_before_hinders_nobody(form):
    ahead = editing.save(form, question(0, 1), {"when": {"question": "q10", "equals": True}}).document
    assert order(editing.move(ahead, question(1, 0), 1).document)[1] == ["q11", "q10"]


def test_columns_stay_in_their_table(form):
    table = editing.save(form, question(0, 0), {"type": "yes_no"}).document
    table = editing.add(table, (*SECTIONS, 0, "questions"), today=TODAY, given={"type": "table"}).document
    for _ in range(2):
        table = editing.add(table, (*question(0, 2), "questions"), today=TODAY).document
    column = (*question(0, 2), "questions", 1)
    assert editing.move(table, column, 1).document == table
    assert editing.move(table, column, -1).document != table


def test_the_checklist_says_in_plain_words_what_the_form_does_not_ask_and_each_press_mends_one(app):
    document = empty()
    with app.test_request_context(headers={"Accept-Language": "it"}):
        lines = [line for section in checklist(document, faults(document)) for line in section.lines]
        lacking = [line for line in lines if line.mend]
        assert next(line.words for line in lacking) == "La domanda non chiede il titolo del progetto."
        assert all(tag not in line.words for line in lacking for tag in ("application.", "budget."))
        assert len({(line.place, line.label, line.words) for line in lines}) == len(lines)
    while mends := [mend for line in faults(document) for mend in page_mends(document, line)]:
        place, given = question_to_add(document, ("questionnaire",), mends[0].lacks)
        document = editing.add(document, place, today=TODAY, given=given).document
    assert order(document) == [["title", "requested", "cost"]]
    assert not [each for each in faults(document) if each.place.startswith("questionnaire")]


def faults(document):
    return publication_faults(design_from_json(document))


def page_mends(document, fault):
    return page_at(document, ("questionnaire",), [fault]).mends


def test_only_a_question_that_must_be_asked_is_added_by_one_press():
    for form, lacks in ((("questionnaire",), "budget.total"), (("criteria",), "budget.cost")):
        with pytest.raises(NoSuchPlace):
            question_to_add(empty(), form, lacks)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"required": False}, "required", "required"),
        ({"type": "long_text"}, "type", "a line of text"),
    ],
)
def test_a_question_that_is_asked_badly_is_named_at_its_own_place(change, place, words):
    document = shipped()
    at = next((s, q) for s, section in enumerate(document["questionnaire"]["sections"])
              for q, each in enumerate(section["questions"]) if each.get("tag") == "application.title")  # fmt: skip
    changed = editing.save(document, question(*at), change).document
    (fault,) = faults(changed)
    assert fault.place.endswith(f"questions.{at[1]}.{place}")
    assert words in str(fault.mend)


RING = [[7.66, 45.06, 9], [7.7, 45.06, 9], [7.7, 45.08, 9], [7.66, 45.08, 9], [7.66, 45.06, 9]]
MULTI = json.dumps({"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[RING]]}})
CORNERS = [[45.06, 7.66], [45.06, 7.7], [45.08, 7.7], [45.08, 7.66]]


@pytest.mark.parametrize(
    "text",
    [
        "45.06, 7.66\n45.06, 7.7\n45.08, 7.7\n\n45.08, 7.66",
        "45,06; 7,66\n45,06 7,7\n(45.08,7.7)\n45,08, 7,66\n45.06, 7.66",
        '{"type": "Polygon", "coordinates": [[[7.66, 45.06], [7.7, 45.06], [7.7, 45.08], [7.66, 45.08]]]}',
        MULTI,
    ],
)
def test_an_outline_is_read_as_people_have_it(text):
    assert read_outline(text) == CORNERS
    assert read_outline(written_outline(CORNERS)) == CORNERS


@pytest.mark.parametrize(
    "text",
    [
        "45,06", "north, east", "45.06, 7.66, 3", '{"type": "Point", "coordinates": [7, 45]}', "{", "[]", "[[1]]",
        '{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3]]]}', '{"type": "Feature", "geometry": null}',
        '{"type": "Polygon", "coordinates": [[[7, 45]], [[7, 45]]]}', '{"type": "FeatureCollection", "features": []}',
        "45.0, 7.0\n" * 1002, '{"type": "Polygon", "coordinates": [[[1e999, 1], [2, 3]]]}',
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused_in_words(text):
    with pytest.raises(NoOutline):
        read_outline(text)


def area(**said):
    """The faults of an area of Torino that says this, by the rest of their place."""
    document = editing.add(empty(), ("areas",), today=TODAY).document
    change = {"name": "Centro", "lat": 45.07, "lon": 7.68, **said}
    document = editing.save(document, ("areas", 0), change).document
    found = {each.place: str(each.words) for each in faults(document) if each.place.startswith("areas.0")}
    return {place.removeprefix("areas.0."): words for place, words in found.items()}


def test_an_outline_is_checked_corner_by_corner():
    assert area(outline=CORNERS) == {}
    assert "2 corners" in area(outline=CORNERS[:2])["outline"]
    assert "crosses itself" in area(outline=[CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]])["outline.2"]
    assert "twice" in area(outline=[*CORNERS, CORNERS[1]])["outline.4"]
    assert "Earth" in area(outline=[*CORNERS[:3], [95.0, 7.0]])["outline.3"]
    assert "outside its outline" in area(outline=[[lon, lat] for lat, lon in CORNERS])["outline"]
    assert "200" in area(outline=[[45 + n / 1000, 7.0] for n in range(201)])["outline"]


def test_an_outline_says_what_lies_inside_and_is_what_the_map_draws():
    document = editing.add(empty(), ("areas",), today=TODAY).document
    said = {"name": "Centro", "lat": 45.07, "lon": 7.68, "radius": 50_000, "outline": CORNERS}
    areas = design_from_json(editing.save(document, ("areas", 0), said).document).areas
    assert where_is((45.061, 7.661), grounds_of(areas)).area == areas[0].key
    assert where_is((45.05, 7.68), grounds_of(areas)).is_outside
    (drawn,) = shapes_on_the_map(areas)
    assert drawn["geometry"]["type"] == "Polygon"
    assert drawn["geometry"]["coordinates"][0][0] == drawn["geometry"]["coordinates"][0][-1] == [7.66, 45.06]


def test_the_form_of_an_area_takes_its_outline():
    document = editing.add(empty(), ("areas",), today=TODAY).document
    form = form_of(document, ("areas", 0))
    typed = {**form.typed, "outline": [written_outline(CORNERS)], "lat": ["45,07"], "lon": ["7,68"]}
    assert form.read(typed).values["outline"] == CORNERS
    assert set(form.read({**typed, "outline": ["somewhere"]}).errors) == {"outline"}


def test_a_form_drawn_for_one_type_keeps_what_fits_another():
    document = shipped()
    at = next((s, q) for s, section in enumerate(document["questionnaire"]["sections"])
              for q, each in enumerate(section["questions"]) if each["type"] == "choice")  # fmt: skip
    form = form_of(document, question(*at))
    several = {**form.typed, "type": ["choices"], "drawn_as": ["choice"]}
    names = [each.name for each in form.fields(several, {})]
    assert {"min_choices", "options"} <= set(names)
    assert "max_chars" not in names
    drawn_again = {**several, "drawn_as": ["choices"], "min_choices": ["2"]}
    read = form.read(drawn_again)
    assert (read.values["type"], read.values["min_choices"]) == ("choices", 2)
    assert read.values["options"] == document["questionnaire"]["sections"][at[0]]["questions"][at[1]]["options"]
    assert "min_choices" not in form.read({**several, "min_choices": ["no number"]}).errors
    assert form.has_parts_only({**several, "type": ["table"]}, []) is False


def test_what_is_fixed_at_the_opening_is_known_by_its_place():
    assert all(map(is_frozen, [
        ("criteria",), ("criteria", 0, "maximum"), ("minimum_total",), ("applicants", 0, "maximum"), ("own_share",),
        ("phases", 0, "entry"), ("phases", 1, "selection", "criteria", 0), ("allocation",), ("rankings", 0),
    ]))  # fmt: skip
    assert not any(map(is_frozen, [
        (), ("title",), ("applicants", 0, "name"), ("phases", 0, "name"), ("phases", 0), ("questionnaire",),
        ("phases", 0, "selection", "questionnaire"), ("milestones", 0),
    ]))  # fmt: skip
