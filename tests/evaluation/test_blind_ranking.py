"""While names are hidden, whoever votes reads codes on the drafted ranking too; a conflict takes its row away."""

import pytest

from portal.access.policy import Tie
from portal.access.ties import tie
from portal.evaluation.masking import code_of
from tests.evaluation.test_scoring_rounds import BLIND, begin
from tests.factories.base import sign_in
from tests.factories.evaluation import assign, compute, make_evaluation, publish, score_everything

FORMATS = ("json", "csv", "xlsx")


@pytest.fixture
def world(store, now):
    """Three applications scored in a blind round, and their ranking drafted."""
    with store() as session:
        made = make_evaluation(session, now=now, applications=3, design=BLIND)
        for number, each in enumerate(made.applications):
            each.organisation.name = f"Canarino {number}"
        assign(session, made, now=now)
        score_everything(session, made, now=now)
        made.known["ranking"] = compute(session, made, now=now)
    return made


def said(page, world):
    """What the pages of the drafted ranking say to whoever is signed in."""
    first, ranking = world.applications[0], world.ranking.id
    paths = [f"/rankings/{ranking}", *(f"/rankings/{ranking}/results/{each.id}" for each in world.applications),
             f"/manage/calls/{world.call.slug}/commission", f"/manage/calls/{world.call.slug}/progress",
             f"/discussions/{first.id}", *(f"/rankings/{ranking}/file?format={each}" for each in FORMATS)]  # fmt: skip
    answers = [page.client.get(path) for path in paths]
    assert all(each.status_code == 200 for each in answers), [each.status_code for each in answers]
    return " ".join(each.get_data(as_text=False).decode("utf-8", "replace") for each in answers)


def test_a_chair_who_votes_reads_codes_until_the_round_of_names(page, store, world, now):
    codes = [code_of(each.id, world.phase.id) for each in world.applications]
    sign_in(page, world.chair.email)
    text = said(page, world)
    assert "Canarino" not in text
    assert not any(each.reference in text for each in world.applications)
    assert all(each in text for each in codes)
    sign_in(page, world.officer.email)
    page.get(f"/rankings/{world.ranking.id}")
    assert page.shows("Canarino 0")
    with store() as session:
        begin(session, world, now=now)
    sign_in(page, world.chair.email)
    assert "Canarino 0" in said(page, world)


def test_what_everybody_reads_the_chair_reads_too(page, store, world, now):
    with store() as session:
        publish(session, world, session.merge(world.ranking), now=now)
    sign_in(page, world.chair.email)
    page.get(f"/rankings/{world.ranking.id}")
    assert page.shows("Canarino 0")


def test_a_drafted_row_is_kept_from_whoever_is_in_conflict_with_it(page, store, world, now):
    target = world.applications[0]
    with store() as session:
        for person in (world.chair, world.officer):
            tie(
                session,
                person_id=person.id,
                tie=Tie.CONFLICTED,
                object_type="application",
                object_id=target.id,
                now=now,
            )
    for person in (world.chair, world.officer):
        sign_in(page, person.email)
        for path in (
            f"/rankings/{world.ranking.id}",
            *(f"/rankings/{world.ranking.id}/file?format={each}" for each in FORMATS[:2]),
        ):
            text = page.client.get(path).get_data(as_text=True)
            assert not any(
                each in text for each in (target.reference, "Canarino 0", code_of(target.id, world.phase.id))
            )
