"""The designer's pages: beginning, saving, arranging, comparing; nothing for strangers."""

import io
from dataclasses import replace

import pytest

from portal.access.policy import Role
from portal.calls.preview import section_as_if
from portal.calls.rules import EligibilityRule
from portal.questionnaires.rules import Condition, Question, QuestionType
from tests.factories.base import bari_design, make_authority, make_staff, sign_in
from tests.factories.calls import dated_design, publish_design, shipped_text
from tests.page import SAME_ORIGIN

DESIGN = "/manage/calls/nuovo/design/"


@pytest.fixture
def people(store, now):
    """Two officers of Torino, a foreign one, an auditor."""
    with store() as session:
        torino, bari = make_authority(session, code="torino", name="Torino"), make_authority(session)
        return {
            "officer": make_staff(session, torino, Role.OFFICER, now=now).email,
            "second": make_staff(session, torino, Role.OFFICER, now=now).email,
            "auditor": make_staff(session, torino, Role.AUDITOR, now=now).email,
            "foreign": make_staff(session, bari, Role.OFFICER, now=now).email,
        }


@pytest.fixture
def office(page, people, clock):
    """An officer of Torino, signed in, with a draft that was begun a moment ago."""
    sign_in(page, people["officer"]).get("/manage/calls/new?lang=en")
    return page.submit("Begin the draft", title_it="Nuovo", title_en="New", slug="nuovo")


def test_a_call_begins_as_an_empty_page(office):
    assert office.shows("The draft is begun")
    for place in (
        "call/about",
        "texts",
        "texts/who",
        "applicants",
        "phases/0",
        "phases/0/deadlines/0",
        "questionnaire",
        "call/choosing",
        "criteria",
        "allocation",
        "milestones",
        "coaching",
        "call/office",
        "own_share",
        "authority",
        "costs",
        "costs/categories",
        "marginality",
        "call/money",
        "participation",
        "call/steps",
        "call/places",
    ):
        office.get(DESIGN + place)
    office.get("/manage/calls/nuovo/checklist")
    office.get("/manage/calls/nuovo/edits")
    office.get("/manage/calls/nuovo/compare")


def test_a_block_is_saved_with_its_version_and_shown_in_both_languages(office):
    office.get(DESIGN + "call/about").submit("Save", **{"summary-it": "Breve", "summary-en": "Short"})
    assert office.shows("Saved.")
    assert "Short" in office.html
    office.submit("Save")
    assert office.shows("Nothing was changed.")
    office.get(DESIGN + "call/about?spoken=it")
    assert office.field("summary-it").value.strip() == "Breve"


def test_a_preview_shows_what_is_typed_and_saves_nothing(office):
    office.get(DESIGN + "call/about").submit("Preview without saving", **{"summary-en": "Not yet"})
    assert office.html.count("Not yet") == 2
    assert "Not yet" not in office.get(DESIGN + "call/about").html
    fragment = office.post(
        "/manage/calls/nuovo/preview/call/about",
        htmx=True,
        **{"summary-en": "Typing", "title-it": "N", "title-en": "N"},
    )
    assert fragment.html.lstrip().startswith("<div")
    assert "Typing" in fragment.html


def test_questions_of_requirements_are_previewed_as_the_section_that_they_make():
    said = {"it": "Avete sede nel quartiere?", "en": "Is your seat here?"}
    question = Question("lives_here", QuestionType.YES_NO, said, required=True)
    rules = [EligibilityRule("lives", said, Condition(question="lives_here", equals=True), question)]
    design = replace(bari_design(), eligibility=rules)
    for place in (("eligibility",), ("eligibility", 0), ("eligibility", 0, "question")):
        seen = section_as_if(design, place)
        assert seen is not None
        assert (seen[0].key, [field.key for field in seen[1]]) == ("requirements", ["lives_here"])
    assert section_as_if(replace(design, eligibility=[replace(rules[0], question=None)]), ("eligibility", 0)) is None


def test_what_cannot_be_read_comes_back_with_what_was_typed(office):
    office.get(DESIGN + "budget_lines").submit("Add: Budget lines")
    office.submit("Save", expect=422, amount="1234.50")
    assert office.field("amount").value == "1234.50"
    office.submit("Save", amount="1.234,50", **{"name-it": "Tutto", "name-en": "All"})
    assert office.shows("Saved.")
    assert office.field("amount").value == "1.234,50"
    office.get("/manage/calls")
    assert office.shows("1,234.50")


def test_two_people_on_one_block_see_both_versions(office, visitors, people):
    office.get(DESIGN + "call/about")
    other = sign_in(visitors(), people["second"]).get(DESIGN + "call/about?lang=en")
    other.submit("Save", **{"summary-en": "Theirs"})
    office.submit("Save", expect=409, **{"summary-en": "Mine"})
    assert office.shows("Somebody else changed this")
    assert office.shows("Theirs")
    assert office.field("summary-en").value.strip() == "Mine"
    office.submit("Save")
    assert office.shows("Saved.")
    assert office.field("summary-en").value.strip() == "Mine"


def test_two_people_on_two_blocks_do_not_disturb_each_other(office, visitors, people):
    office.get(DESIGN + "call/about")
    other = sign_in(visitors(), people["second"]).get(DESIGN + "texts/who?lang=en")
    other.submit("Save", **{"text-it": "Chi", "text-en": "Who"})
    office.submit("Save", **{"summary-en": "Mine"})
    assert office.shows("Saved.")


def test_questions_are_added_duplicated_moved_removed_and_brought_back(office):
    office.get(DESIGN + "questionnaire").submit("Add: Sections")
    office.submit("Save", **{"title-it": "Idea", "title-en": "Idea"})
    office.submit("Add: Questions", type="money")
    office.submit("Save", **{"label-it": "Quanto?", "label-en": "How much?"})
    section = DESIGN + "questionnaire/sections/0"
    office.get(section).submit("Duplicate: How much?").submit("Save", **{"label-en": "Second"})
    office.get(section).submit("Up: Second")
    assert [a.text for a in office.tree.xpath("//main//ul[@class='v-lines']//a")] == ["Second", "How much?"]
    office.submit("Remove: Second")
    assert office.shows("Removed.")
    assert not office.tree.xpath("//main//ul[@class='v-lines']//a[text()='Second']")
    office.submit("Undo")
    assert office.tree.xpath("//main//ul[@class='v-lines']//a[text()='Second']")


def test_what_is_used_is_refused_with_who_uses_it(office):
    office.get(DESIGN + "milestones").submit("Add: Milestones")
    office.get(DESIGN + "tranches").submit("Add: Tranches").submit("Save", milestone="milestone_1")
    office.get(DESIGN + "milestones/0").submit("Remove this", expect=409)
    assert office.shows("Still used")
    assert office.tree.xpath("//a[contains(@href, '/design/tranches/0')]")


def test_the_checklist_leads_to_each_field_and_the_draft_cannot_be_approved_before(office, visitors, people):
    office.get("/manage/calls/nuovo/checklist")
    links = office.tree.xpath("//main//a[contains(@href, '#d-')]/@href")
    assert f"{DESIGN}call/about#d-summary-it" in links
    second = sign_in(visitors(), people["second"]).get("/manage/calls/nuovo?lang=en")
    second.post("/manage/calls/nuovo/approve", expect=422)


def test_the_history_keeps_every_change_and_goes_back_to_any(office):
    for words in ("One", "Two", "Three"):
        office.get(DESIGN + "call/about").submit("Save", **{"summary-en": words})
    office.get("/manage/calls/nuovo/edits").submit("Go back to here: 2")
    assert office.shows("as it was then")
    assert office.get(DESIGN + "call/about").field("summary-en").value.strip() == "One"
    office.submit("Undo")
    assert office.get(DESIGN + "call/about").field("summary-en").value.strip() == "Three"
    office.post("/manage/calls/nuovo/restore", expect=404, sequence="99")


def test_two_states_are_compared_in_words(office):
    office.get(DESIGN + "call/about").submit("Save", **{"summary-en": "Short"})
    office.get("/manage/calls/nuovo/compare")
    assert office.shows("Summary (english)")
    assert office.shows("Short")
    office.get("/manage/calls/nuovo/compare?from=7", expect=404)


def test_a_call_begins_as_a_copy_of_another(page, people, clock, store, now):
    with store() as session:
        publish_design(session, dated_design(now), now=now)
    sign_in(page, people["officer"]).get("/manage/calls/new?lang=en")
    page.submit("Begin the draft", title_it="Copia", title_en="Copy", source="bari-urbis")
    assert page.url == "/manage/calls/copia/design/call/about"
    assert page.shows("Torino")
    assert page.get("/manage/calls/copia/design/acts").shows("None yet.")


def test_an_address_is_taken_once(office):
    office.get("/manage/calls/new").submit("Begin the draft", expect=409, title_it="N", title_en="N", slug="nuovo")
    assert office.shows("has this address already")
    office.submit("Begin the draft", expect=422, slug="Non Valido")


def test_a_file_is_read_or_every_fault_is_told(office, shipped_file):
    office.get("/manage/calls/new").submit("Read the file", expect=422)
    office.submit("Read the file", expect=422, file=(io.BytesIO(b"slug: A\ntitle: 3\nnobody: 1\n"), "call.yaml"))
    assert office.shows("nobody")
    assert office.shows("Line")
    office.submit("Read the file", expect=422, file=(io.BytesIO(b"a: &a [1]\nb: *a\n"), "bomb.yaml"))
    office.get("/manage/calls/new")
    token = office.csrf_token.encode()
    large = b"\r\n".join(
        [b"--b", b'Content-Disposition: form-data; name="csrf_token"', b"", token, b"--b",
         b'Content-Disposition: form-data; name="file"; filename="large.yaml"', b"", b"x" * 5_000_000, b"--b--", b""]
    )  # fmt: skip
    answer = office.client.post(
        "/manage/calls/file", data=large, content_type="multipart/form-data; boundary=b", headers=SAME_ORIGIN
    )
    assert answer.status_code in (413, 422)
    assert b"larger" in answer.data
    office.submit("Read the file", file=(io.BytesIO(shipped_file), "call.yaml"))
    assert office.url == "/manage/calls/torino-prossimita-2026/checklist"


@pytest.fixture
def shipped_file():
    """The call of Torino, as its file."""
    return shipped_text("torino-prossimita-2026").replace(", istat: '001272'", "").encode()


def test_nobody_else_sees_a_draft(office, visitors, people):
    for who in ("foreign", "auditor"):
        stranger = sign_in(visitors(), people[who])
        for path in ("design", "design/call/about", "checklist", "edits", "compare"):
            stranger.get(f"/manage/calls/nuovo/{path}", expect=403 if who == "auditor" else 404)


@pytest.mark.parametrize("place", ["nowhere", "applicants/7", "slug", "phases/0/name", "call/x", "a/" * 30])
def test_a_place_that_is_not_there_is_not_found(office, place):
    office.get(DESIGN + place, expect=404)
    office.post(DESIGN + place, expect=404)


def test_a_place_costs_few_statements(office, statements):
    office.get(DESIGN + "questionnaire").submit("Add: Sections")
    for path in (DESIGN + "questionnaire/sections/0", "/manage/calls/nuovo/checklist", "/manage/calls/nuovo/edits"):
        with statements() as sent:
            office.get(path)
        assert len(sent) <= 12, sent
