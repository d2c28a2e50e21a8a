"""The designer's pages: questions moved, types changed, forms mended by one press, what the opening fixed."""

import pytest
from sqlalchemy import select

from portal.access.models import Authority
from portal.access.policy import Role
from portal.calls.designer import editing
from portal.calls.models import Call
from tests.calls.test_designer_editing import TODAY
from tests.calls.test_designer_pages import DESIGN, office, people
from tests.factories.base import make_staff, sign_in
from tests.factories.calls import dated_design, publish_design

__all__ = ["office", "people"]
"""Fixtures of the pages, which are used here too."""


@pytest.fixture
def arranged(office, store):
    """The draft with a form of two sections, two questions each."""
    with store() as session:
        call = session.scalars(select(Call)).one()
        document = call.definition
        for number in range(2):
            title = {"it": f"Sezione {number}", "en": f"Section {number}"}
            asked = [
                {"key": f"q{number}{n}", "type": "yes_no", "label": {"it": f"D{number}{n}", "en": f"Q{number}{n}"}}
                for n in range(2)
            ]
            given = {"title": title, "questions": asked}
            document = editing.add(document, ("questionnaire", "sections"), today=TODAY, given=given).document
        call.definition = document
    return office


def questions_in(office, section):
    """The questions that a section's page lists."""
    office.get(f"{DESIGN}questionnaire/sections/{section}")
    return [a.text for a in office.tree.xpath("//main//ul[@class='v-lines']//a")]


def test_a_question_moves_to_another_section_by_choice_and_by_steps(arranged):
    office = arranged
    office.get(DESIGN + "questionnaire/sections/0/questions/0").submit("Move", to="1")
    assert office.shows("Moved to the other section.")
    assert office.url.endswith("sections/1/questions/2")
    assert (questions_in(office, 0), questions_in(office, 1)) == (["Q01"], ["Q10", "Q11", "Q00"])
    office.submit("Up: Q10")
    assert (questions_in(office, 0), questions_in(office, 1)) == (["Q01", "Q10"], ["Q11", "Q00"])
    office.get(DESIGN + "questionnaire/sections/0/questions/0").submit("Move", expect=422)
    assert office.shows("Choose a section first.")


def test_a_move_that_lets_a_condition_look_forward_is_refused_with_its_condition(arranged):
    office = arranged
    office.get(DESIGN + "questionnaire/sections/1/questions/1").submit(
        "Save", **{"when-how": "all", "when-0-subject": "question:q00", "when-0-value": "yes"}
    )
    office.get(DESIGN + "questionnaire/sections/0/questions/0").submit("Move", expect=409, to="1")
    assert office.shows("asked only later")
    assert office.tree.xpath("//main//div[contains(@class, 'v-notice')]//a[contains(@href, 'sections/1/questions/1')]")


def test_another_type_shows_its_fields_at_once_and_keeps_what_fits(arranged):
    office = arranged
    place = "questionnaire/sections/0/questions/0"
    page_now = office.get(DESIGN + place)
    assert not page_now.tree.xpath("//*[@name='max_files']")
    typed = {"type": "files", "drawn_as": "yes_no", "label-it": "Allegati", "label-en": "Attachments"}
    swapped = office.post(f"/manage/calls/nuovo/preview/{place}", htmx=True, **typed)
    (again,) = swapped.tree.xpath("//*[@id='design-fields']")
    assert again.xpath(".//*[@name='max_files']")
    assert again.xpath(".//*[@name='drawn_as']/@value") == ["files"]
    assert again.xpath(".//*[@name='label-en']")[0].get("value") == "Attachments"
    same = office.post(f"/manage/calls/nuovo/preview/{place}", htmx=True, **{**typed, "drawn_as": "files"})
    assert not same.tree.xpath("//*[@id='design-fields']")
    office.get(DESIGN + place).submit("Save", type="table")
    assert office.tree.xpath("//main//h2[starts-with(@id, 'part-')]")


def test_the_checklist_mends_by_one_press_what_the_form_does_not_ask(office):
    office.get("/manage/calls/nuovo/checklist")
    assert office.shows("The form does not ask for the title of the project.")
    office.submit("Add this question: The form does not ask for the title of the project.")
    assert office.url == "/manage/calls/nuovo/checklist"
    assert not office.shows("The form does not ask for the title of the project.")
    office.get(DESIGN + "questionnaire").submit("Add this question: The form does not ask what the project costs.")
    assert office.field("label-en").value.strip() == "Total cost of the project"
    office.post("/manage/calls/nuovo/arrange/questionnaire", expect=404, do="mend", lacks="nothing")


def test_what_the_opening_fixed_is_said_at_each_field_and_read_only(page, people, clock, store, now):
    with store() as session:
        publish_design(session, dated_design(now), now=now)
        bari = session.scalars(select(Authority).where(Authority.code == "bari")).one()
        officer = make_staff(session, bari, Role.OFFICER, now=now).email
    design = "/manage/calls/bari-urbis/design/"
    fixed = "Fixed when the call opened"
    sign_in(page, officer).get(design + "criteria/0?lang=en")
    assert page.html.count(fixed) > 3
    assert not page.tree.xpath("//*[@name='maximum']")
    assert page.tree.xpath("//*[@id='d-maximum']//p[contains(., '25')]")
    assert page.tree.xpath("//fieldset[@disabled]//*[@name='name-it']")
    assert page.get(design + "call/choosing").html.count(fixed) >= 4
    assert fixed not in page.get(design + "call/about").html
    assert fixed not in page.get(design + "milestones/0").html
    assert page.get(design + "applicants/0").tree.xpath("//*[@name='name-it']")
