"""Nothing of maturity and follow-up reaches evaluators, chairs or finance, whatever address they ask for."""

import pytest

from portal.access.policy import Role
from portal.calls.rules.design import EarlyWarnings
from portal.coaching.followup.operations import Given, answer_follow_up
from portal.coaching.followup.rules import IncomeSource
from portal.coaching.maturity.operations import see_warning
from portal.core.actor import ANONYMOUS
from tests.evaluation.test_conflict_canary import said_in
from tests.factories.base import make_staff, sign_in
from tests.factories.growing import ask, assessment, end_at, follow_up, make_growing, rate, warnings_of

CANARIES = ("canarino-squadra", "canarino-coach", "canarino-nota", "canarino-aiuto", "7.654,32", "765432", "7654.32")
READERS = (Role.EVALUATOR, Role.CHAIR, Role.FINANCE_MAKER, Role.FINANCE_APPROVER)


@pytest.fixture
def made(store, now):
    """A team whose ratings, warning and answer are full of canaries; staff of every kind that must see none."""
    with store() as session:
        world, grant = make_growing(session, now=now, warnings=EarlyWarnings(gap=2))
        end_at(session, grant, now, days=200)
        rate(world, grant, by=world.coach, level=1, now=now, words="canarino-coach")
        rate(world, grant, by=world.owner, level=3, now=now, words="canarino-squadra")
        warning = warnings_of(session, grant)[0]
        officer = world.actor(world.officer)
        see_warning(session, warning_id=warning.id, note="canarino-nota", actor=officer, now=now)
        asked = follow_up(session, grant)
        told = Given(True, income={IncomeSource.SALES: 765_432}, jobs=9, disadvantaged=7, helped="canarino-aiuto")
        answer_follow_up(session, token=ask(world, asked, now=now), given=told, actor=ANONYMOUS, now=now)
        world.ranking.output_document = {"lines": [], "results": []}
        world.known = {  # type: ignore[attr-defined]
            "grant_id": grant.id, "application_id": grant.application_id, "organisation_id": grant.organisation_id,
            "slug": world.call.slug, "reference": grant.reference, "assessment_id": assessment(session, grant).id,
            "warning_id": warning.id, "follow_up_id": asked.id, "subject_type": "grant_award", "subject_id": grant.id,
            "ranking_id": world.ranking.id, "phase_id": world.call.phases[0].id, "kind": "csv",
            "call_id": world.call.id,
        }  # fmt: skip
        world.readers = {  # type: ignore[attr-defined]
            role: make_staff(session, world.authority, role, now=now) for role in READERS
        }
    return world


def addresses(app, known):
    """Every GET address about the team, its grant and its call."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.arguments <= known.keys() and rule.endpoint != "static":
            yield rule.endpoint, adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})


def test_no_address_tells_evaluators_or_finance_a_byte_of_it(app, page, made):
    for role, person in made.readers.items():
        sign_in(page, person.email)
        for endpoint, path in addresses(app, made.known):
            answer = page.client.get(path)
            assert not [each for each in CANARIES if each in said_in(answer)], f"{endpoint} as {role.value}"
            assert answer.status_code < 500, f"{endpoint} as {role.value}"
        page.client.delete_cookie("session")


def test_the_office_and_the_team_do_read_it(app, page, made):
    """The scan would find them: the same addresses tell the office every canary but none of it to strangers."""
    sign_in(page, made.officer.email)
    said = "".join(said_in(page.client.get(path)) for _endpoint, path in addresses(app, made.known))
    assert all(each in said for each in CANARIES[:4])
    page.client.delete_cookie("session")
    said = "".join(said_in(page.client.get(path)) for _endpoint, path in addresses(app, made.known))
    assert not any(each in said for each in CANARIES)
