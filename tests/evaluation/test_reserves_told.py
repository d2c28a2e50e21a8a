"""A winner with an open reserve: said wherever it is said to be funded, until the reserve is decided."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access.rules.facts import local_day
from portal.applications.models import AdmissibilityDecision, AdmissibilityReserve
from portal.applications.operations import decide_reserve
from portal.core.errors import Conflict
from portal.core.mail import OutgoingMail
from portal.evaluation import operations
from portal.evaluation.afterwards import DepartureCause
from portal.grants.operations import award_grant
from tests.evaluation.test_scroll_causes import act, office, scored_world, scrolled
from tests.factories.base import sign_in
from tests.factories.evaluation import compute, publish

DAY = timedelta(days=1)


def reserved_world(session, now):
    """Two winners, the first of them with a reserve that is open; the final ranking is published."""
    world = scored_world(session, now)
    first = world.applications[0]
    decision = AdmissibilityDecision(application_id=first.id, is_admissible=True, at=now, reason="Con riserva.",
                                     checklist={}, decided_by=world.officer.id)  # fmt: skip
    session.add(decision)
    session.flush()
    session.add(AdmissibilityReserve(application_id=first.id, decision_id=decision.id, at=now, condition="Il DURC.",
                                     due_on=local_day(now + 30 * DAY), due_at=now + 30 * DAY))  # fmt: skip
    session.flush()
    ranking = publish(session, world, compute(session, world, now=now), now=now)
    world.known["ranking"] = publish(session, world, ranking, now=now, final=True)
    return world


def decided(session, world, now, *, is_lifted):
    return decide_reserve(session, application_id=world.applications[0].id, is_lifted=is_lifted, reason="Prodotto.",
                          **office(session, world, now))  # fmt: skip


def test_every_place_that_says_funded_says_the_reserve(store, page, now):
    with store() as session:
        world = reserved_world(session, now)
        ranking, mine = world.ranking.id, world.applications[0]
        told = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == world.owners[0].email)).all()
        assert [each for each in told if "riserva" in each.body]
    found = json.loads(page.client.get(f"/rankings/{ranking}/file?format=json").data)
    assert {each["reference"]: each["list"] for each in found["results"]}[mine.reference] == "with_reserve"
    page.get(f"/rankings/{ranking}")
    assert [row for row in page.tree.xpath("//tr") if mine.reference in row.text_content()
            and "con riserva" in row.text_content()]  # fmt: skip
    sign_in(page, world.owners[0].email).get(f"/applications/{mine.id}/outcome")
    assert page.shows("la condizione dell’ammissione è ancora da sciogliere")
    with store() as session:
        decided(session, world, now, is_lifted=True)
    page.get(f"/applications/{mine.id}/outcome")
    assert page.shows("da allora la riserva è stata decisa")


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_nothing_is_awarded_on_a_reserve_and_a_lifted_one_is_gone_from_the_next_version(session, now):
    world = reserved_world(session, now)
    asked = {"application_id": world.applications[0].id, "ranking_id": world.ranking.id}
    with pytest.raises(Conflict):
        award_grant(session, **asked, **act(now), **office(session, world, now))
    with pytest.raises(Conflict, match="decadenza"):
        decided(session, world, now, is_lifted=False)
    decided(session, world, now, is_lifted=True)
    operations.record_departure(session, application_id=world.applications[1].id, cause=DepartureCause.RENUNCIATION,
                                reason="Atto.", **act(now), **office(session, world, now))  # fmt: skip
    ranking = scrolled(session, world, now)
    assert not [row for row in ranking.rows if row.with_reserve]
    given = award_grant(session, **(asked | {"ranking_id": ranking.id}), **act(now), **office(session, world, now))
    assert given.awarded_cents > 0
