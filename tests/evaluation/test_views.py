"""The pages of evaluators, of the office, of applicants and of everybody."""

from contextlib import ExitStack

import pytest

from portal.access.models import Organisation
from portal.access.policy import Role
from portal.applications.rules import ApplicationStatus
from portal.evaluation import operations
from portal.evaluation.models import Assignment
from tests.factories.base import as_actor, make_staff, sign_in
from tests.factories.evaluation import (
    add_application,
    assign,
    compute,
    declare_free,
    make_evaluation,
    publish,
    score,
    score_everything,
)


@pytest.fixture
def world(store, now):
    """Two applications, given out, nothing declared."""
    with store() as session:
        made = make_evaluation(session, now=now, applications=2)
        made.assignments = assign(session, made, now=now)
    return made


@pytest.fixture
def mine(world, page):
    """The page of the first evaluator, and their first assignment."""
    first = world.assignments[0]
    person = next(each for each in world.people if each.id == first.person_id)
    return sign_in(page, person.email), first


def free(store, now, assignment):
    with store() as session:
        declare_free(session, session.get_one(Assignment, assignment.id), now=now)


def test_a_sheet_is_saved_checked_and_closed(mine, store, now):
    page, first = mine
    free(store, now, first)
    page.get(f"/scoring/{first.id}")
    page.submit("Salva la bozza", **{"points-impact": "20,5", "reason-impact": "Bisogno provato"})
    assert page.field("points-impact").get("value") == "20,5"
    assert page.field("version-impact").get("value") == "1"
    keys = ["innovation", "sustainability", "budget", "network", "cofinancing"]
    marks = {f"mark-{key}": value for key, value in zip(keys, (1800, 1400, 1200, 1000, 500), strict=True)}
    page.submit("Salva la bozza", **marks, **{f"reason-{key}": f"Motivo {key}" for key in keys})
    assert page.field("points-budget").get("value") == "12"
    page.submit("Salva e controlla")
    assert page.url.endswith("/check")
    assert page.shows("79,5")
    page.submit(f"/scoring/{first.id}/final")
    page.get(f"/scoring/{first.id}")
    assert not page.tree.xpath("//form[@id='sheet']")
    page.post(f"/scoring/{first.id}/scores", 409, **{"points-impact": "1", "reason-impact": "x", "version-impact": "1"})


def test_a_wrong_number_keeps_what_was_typed_and_saves_the_rest(mine, store, now):
    page, first = mine
    free(store, now, first)
    page.get(f"/scoring/{first.id}")
    page.submit(
        "Salva la bozza", expect=422, **{"points-impact": "25,01", "reason-impact": "Alto", "points-budget": "3"}
    )
    assert page.field("points-impact").get("value") == "25,01"
    assert page.field("reason-impact").text.strip() == "Alto"
    page.get(f"/scoring/{first.id}")
    assert page.field("points-budget").get("value") == "3"
    assert page.field("points-impact").get("value") == ""


@pytest.mark.parametrize("wrong", ["-1", "٣", "1e3", "NaN", "1,234", "12.5.1", "26", "𝟙"])
def test_what_is_not_points_is_refused(mine, store, now, wrong):
    page, first = mine
    free(store, now, first)
    page.get(f"/scoring/{first.id}")
    page.submit("Salva la bozza", expect=422, **{"points-impact": wrong})
    assert page.field("points-impact").get("value") == wrong


def test_another_window_is_not_overwritten(mine, store, now):
    page, first = mine
    free(store, now, first)
    older = page.get(f"/scoring/{first.id}").html
    page.get(f"/scoring/{first.id}").submit(
        "Salva la bozza", **{"points-impact": "20", "reason-impact": "Prima finestra"}
    )
    page.html = older
    page.submit("Salva la bozza", expect=409, **{"points-impact": "10", "reason-impact": "Seconda finestra"})
    assert page.shows("Prima finestra")
    assert page.field("reason-impact").text.strip() == "Seconda finestra"
    page.submit("Salva la bozza")
    page.get(f"/scoring/{first.id}")
    assert page.field("reason-impact").text.strip() == "Seconda finestra"


def test_the_swapped_parts_equal_the_page_reloaded(mine, store, now):
    page, first = mine
    free(store, now, first)
    page.get(f"/scoring/{first.id}")
    page.submit("Salva la bozza", htmx=True, **{"mark-impact": "2250", "reason-impact": "Forte", "idempotency_key": ""})
    swapped = {key: element_text(page, key) for key in ("tally", "says-impact")}
    values = {key: page.tree.get_element_by_id(key).get("value") for key in ("version-impact", "points-impact")}
    page.get(f"/scoring/{first.id}")
    assert {key: element_text(page, key) for key in swapped} == swapped
    assert {key: page.tree.get_element_by_id(key).get("value") for key in values} == values
    assert values == {"version-impact": "1", "points-impact": "22,5"}


def element_text(page, key):
    return " ".join(page.tree.get_element_by_id(key).text_content().split())


def test_others_scores_stay_hidden(mine, world, store, now):
    page, first = mine
    other = next(each for each in world.assignments
                 if each.application_id == first.application_id and each.id != first.id)  # fmt: skip
    free(store, now, first)
    with store() as session:
        declare_free(session, session.get_one(Assignment, other.id), now=now)
        score(session, session.get_one(Assignment, other.id), now=now)
    page.get(f"/scoring/{first.id}")
    assert "Motivo di" not in page.html
    page.get(f"/scoring/{other.id}", 404)
    page.get(f"/scoring/{other.id}/check", 404)


def test_the_office_appoints_assigns_computes_and_publishes(store, now, page):
    with store() as session:
        made = make_evaluation(session, now=now, applications=2)
    home = f"/manage/calls/{made.call.slug}/commission"
    sign_in(page, made.officer.email).get(home)
    given = {"act_number": "2026/210/7", "act_date": "2026-03-02", "chair": str(made.chair.id)}
    page.submit("#appoint", expect=422, **(given | {"chair": ""}))
    assert page.shows("Scegli chi presiede.")
    page.submit("#appoint", expect=422, members=[str(made.members[0].id)], **given)
    page.submit("#appoint", members=[str(each.id) for each in made.members], **given)
    with store() as session:
        officer = as_actor(session, made.officer, now=now)
        operations.assign_all(session, phase_id=made.phase.id, actor=officer, now=now)
    page.get(home)
    assert page.shows("Elio Commissario 1")
    page.submit(f"{home}/rankings", expect=409)
    with store() as session:
        score_everything(session, made, now=now)
    page.get(home).submit(f"{home}/rankings")
    page.submit("#publish", expect=422, act_number="", act_date="2026-03-02")
    page.submit("#publish", act_number="2026/9", act_date="2026-03-02")
    ranking = page.url
    page.get(home).submit("#publish", act_number="2026/10", act_date="2026-03-02")
    assert page.url == ranking
    assert page.shows("2026/10")


@pytest.fixture
def published(store, now):
    """A provisional ranking of three, one of them not suitable, and one that was not admitted."""
    with store() as session:
        made = make_evaluation(session, now=now, applications=2)
        low = add_application(session, made, now=now)
        assignments = assign(session, made, now=now)
        for each in assignments:
            declare_free(session, each, now=now)
            score(session, each, now=now, share=30 if each.application_id == low.id else 80)
        add_application(session, made, now=now, status=ApplicationStatus.INADMISSIBLE)
        made.known["ranking"] = publish(session, made, compute(session, made, now=now), now=now)
    return made


def test_everybody_reads_the_published_ranking(published, page):
    page.get(f"/rankings/{published.ranking.id}")
    first, _second, low, barred = published.applications
    assert page.shows(first.reference)
    assert page.shows(first.organisation.name)
    for each in (low, barred):
        assert page.shows(each.reference)
        assert not page.shows(each.organisation.name)
    assert not any(page.shows(each.title) for each in published.applications)
    assert page.tree.xpath("//tr[@class='v-cut']")
    assert not page.tree.xpath("//a[contains(@href, '/results/')]")


def test_a_published_ranking_keeps_the_name_an_applicant_had(published, page, store):
    first = published.applications[0]
    with store() as session:
        session.get_one(Organisation, first.organisation_id).name = "Cortile Nuovo APS"
    page.get(f"/rankings/{published.ranking.id}")
    assert page.shows(first.organisation.name)
    assert not page.shows("Cortile Nuovo APS")


def test_a_drafted_ranking_is_for_staff_alone(store, now, page, visitors):
    with store() as session:
        made = make_evaluation(session, now=now, applications=1)
        assign(session, made, now=now)
        score_everything(session, made, now=now)
        ranking = compute(session, made, now=now)
    page.get(f"/rankings/{ranking.id}", 404)
    sign_in(visitors(), made.officer.email).get(f"/rankings/{ranking.id}")


def test_the_team_reads_its_own_outcome_without_names(published, page):
    first, second = published.applications[:2]
    sign_in(page, published.owners[0].email).get(f"/applications/{first.id}/outcome")
    assert page.shows("Motivo di impact")
    assert not any(page.shows(each.name) for each in published.people)
    page.get(f"/applications/{second.id}/outcome", 404)
    page.get(f"/rankings/{published.ranking.id}")
    links = page.tree.xpath("//a[contains(@href, '/results/')]/@href")
    assert links == [f"/rankings/{published.ranking.id}/results/{first.id}"]
    page.get(links[0])
    assert not any(page.shows(each.name) for each in published.people)
    page.get(f"/rankings/{published.ranking.id}/results/{second.id}", 404)


def test_staff_read_every_number_with_names(published, page):
    sign_in(page, published.officer.email)
    page.get(f"/rankings/{published.ranking.id}/results/{published.applications[2].id}")
    assert page.shows("Elio Commissario 1")


def test_the_reason_of_a_result_is_no_business_of_other_evaluators(published, page, store, now):
    with store() as session:
        stranger = make_staff(session, published.authority, Role.EVALUATOR, now=now)
    sign_in(page, stranger.email).get(f"/rankings/{published.ranking.id}/results/{published.applications[0].id}", 404)


CEILINGS = {"mine": 8, "score": 12, "ranking": 8, "outcome": 12, "commission": 12}


@pytest.mark.parametrize("rows", [3, 12])
def test_pages_ask_the_database_as_often_whatever_the_number_of_rows(store, now, visitors, statements, rows):
    with store() as session:
        made = make_evaluation(session, now=now, applications=rows)
        assignments = assign(session, made, now=now)
        score_everything(session, made, now=now)
        ranking = publish(session, made, compute(session, made, now=now), now=now)
    chair = next(each for each in assignments if each.person_id == made.chair.id)
    asked = {
        "mine": (made.chair, "/scoring"),
        "score": (made.chair, f"/scoring/{chair.id}"),
        "ranking": (made.officer, f"/rankings/{ranking.id}"),
        "outcome": (made.owners[0], f"/applications/{made.applications[0].id}/outcome"),
        "commission": (made.officer, f"/manage/calls/{made.call.slug}/commission"),
    }
    for name, (person, path) in asked.items():
        page = sign_in(visitors(), person.email)
        page.get(path)
        with ExitStack() as stack:
            sent = stack.enter_context(statements())
            page.get(path)
        assert len(sent) <= CEILINGS[name], f"{name}: {len(sent)}\n" + "\n".join(each[:150] for each in sent)
