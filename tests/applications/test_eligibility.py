"""May I take part? The page asks only what the rules need, and says why; sending never refuses silently."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.access.queries import person_by_email
from portal.applications.admission import suggested_points
from portal.applications.eligibility import Verdict, judge
from portal.applications.facts import months_between
from portal.applications.models import Application
from portal.applications.queries import application_of, open_draft
from portal.applications.rules import AdmissibilityPoint
from portal.calls.rules import AgesOf, EligibilityRule, Questionnaire
from portal.calls.rules.validity import faults_of
from portal.questionnaires.models import Answer, FormRevision
from portal.questionnaires.rules import Condition, Question, QuestionType
from tests.factories.applications import World, send
from tests.factories.base import as_actor, sign_in
from tests.factories.forms import fill_rich, rich_design
from tests.factories.questionnaires import text

OLD = EligibilityRule("old", text("Fondata da almeno un anno"), Condition(fact="applicant.age_months", at_least=12))
SIZE = EligibilityRule("size", text("Superficie di almeno 10 metri"), Condition(question="size", at_least=10))
URL = "/calls/tutto/eligibility"


@pytest.fixture
def world(store, now):
    with store() as session:
        world = World(session, now, slug="tutto", design=rich_design(eligibility=[OLD, SIZE]))
        application = world.draft(whole=False)
        fill_rich(session, application, by=world.actor, now=now)
        return f"/applications/{application.id}", world.owner.email


def test_anybody_is_asked_only_what_the_rules_need(page, world):
    page.get("/calls/tutto").click("2 minuti: posso partecipare?")
    assert page.url == URL
    names = {field.get("name") for field in page.tree.xpath("//main//form//*[@name]")}
    assert names == {"fact_form", "fact_founded", "size"}


@pytest.mark.parametrize(
    ("founded", "size", "tag"),
    [("2020-01-01", "20", "success"), ("2020-01-01", "5", "danger"), ("", "20", "neutral"), ("mai", "20", "neutral")],
)
def test_each_rule_is_shown_with_its_verdict(page, world, founded, size, tag):
    page.get(URL).submit("", fact_form="association", fact_founded=founded, size=size)
    assert page.tree.xpath("//section[@id='result']//li")
    assert page.tree.xpath(f"//section[@id='result']//li//*[contains(@class, 'v-tag-{tag}')]")
    assert page.field("fact_founded").get("value") == founded


def test_a_form_that_the_call_does_not_take_is_told(page, world):
    page.get(f"{URL}?fact_form=temporary_association&fact_founded=2020-01-01&size=20")
    assert page.tree.xpath("//section[@id='result']//*[contains(@class, 'v-notice-warning')]")


@pytest.mark.parametrize("query", ["fact_form=zzz", "size=%00", "fact_founded=99999-99-99", "size=1e999", "x=y"])
def test_nonsense_is_answered_without_an_error(page, world, query):
    page.get(f"{URL}?{query}")


def test_a_rule_that_is_not_met_is_said_and_the_application_can_be_sent(page, world):
    address, owner = world
    sign_in(page, owner).get(f"{address}/send")
    assert page.shows("Superficie di almeno 10 metri")
    page.submit(f"{address}/send")
    assert page.url == f"{address}/receipt"


def test_the_office_sees_at_admissibility_which_rule_is_not_met(world, store, now):
    address, owner = world
    with store() as session:
        application = application_of(session, UUID(address.rpartition("/")[2]))
        writer = person_by_email(session, owner)
        assert writer
        send(session, application, by=as_actor(session, writer, now=now), at=now)
        (point,) = [each for each in suggested_points(application) if each.key is AdmissibilityPoint.ELIGIBILITY]
        assert not point.is_met
        assert "Superficie di almeno 10 metri" in str(point.detail)


def test_months_are_whole():
    assert months_between(date(2025, 1, 31), date(2025, 2, 28)) == 0
    assert months_between(date(2025, 1, 15), date(2026, 1, 15)) == 12
    assert months_between(date(2026, 1, 1), date(2025, 1, 1)) == 0


LIVES = EligibilityRule(
    "lives", text("Sede nel quartiere"), Condition(question="lives_here", equals=True),
    Question("lives_here", QuestionType.YES_NO, text("Avete sede nel quartiere?"), required=True),
)  # fmt: skip


def asking(**given):
    """A call with a rule that has a question of its own."""
    return rich_design(eligibility=[LIVES], **given)


def test_the_question_of_a_rule_is_asked_in_front_of_the_form_and_answered_once(page, store, now):
    with store() as session:
        world = World(session, now, slug="tutto", design=asking())
        form = session.get_one(FormRevision, world.phase.form_revision_id)
        assert [each["key"] for each in form.definition["sections"]][:2] == ["requirements", "idea"]
        email, call_id = world.owner.email, world.call.id
    sign_in(page, email).get(URL).submit("", fact_form="association", lives_here="yes")
    page.click("Inizia una domanda").submit("/calls/tutto/apply?lives_here=yes")
    with store() as session:
        (application,) = session.scalars(select(Application).where(Application.call_id == call_id))
        assert {answer.key: answer.value for answer in session.scalars(select(Answer))} == {
            "lives_here": {"value": True}
        }
        (judged,) = judge([LIVES], open_draft(session, application_of(session, application.id)).draft.filled)
        assert judged.verdict is Verdict.MET


def test_a_question_of_a_rule_has_a_key_and_a_place_of_its_own():
    idea, *others = asking().questionnaire.sections
    twice = replace(idea.questions[0], key="lives_here", tag=None)
    same_key = Questionnaire([replace(idea, questions=[*idea.questions, twice]), *others])
    same_place = Questionnaire([replace(idea, key="requirements"), *others])
    assert "eligibility.0.question.key" in places_of(asking(questionnaire=same_key))
    assert "questionnaire.sections.0.key" in places_of(asking(questionnaire=same_place))
    assert LIVES.question is not None
    wrong = replace(LIVES, question=replace(LIVES.question, type=QuestionType.CHOICE))
    assert "eligibility.0.question.options" in places_of(rich_design(eligibility=[wrong]))
    assert not [place for place in places_of(asking()) if "requirements" in place or "eligibility" in place]


def places_of(design):
    return {fault.place for fault in faults_of(design)}


def test_how_many_they_are_is_asked_of_those_whose_rule_counts_them(page, store, now):
    with store() as session:
        rules = [replace(each, minimum_members=3, minimum_age=18, ages_of=AgesOf.EVERYONE)
                 if each.kind == "informal_group" else each for each in rich_design().applicants]  # fmt: skip
        World(session, now, slug="tutto", design=rich_design(applicants=rules))
    page.get(f"{URL}?fact_form=association")
    assert not page.tree.xpath("//*[@name='fact_of_members']")
    page.get(f"{URL}?fact_form=informal_group").submit("", fact_of_members="2")
    assert page.tree.xpath("//section[@id='result']//*[contains(@class, 'v-notice-warning')]")
    page.submit("", fact_of_members="3")
    assert page.tree.xpath("//section[@id='result']//*[contains(@class, 'v-notice-success')]")
    assert len(page.tree.xpath("//section[@id='result']//li")) == 3
