"""The pages of a request to complete an application: the office asks, the team answers, the clock is shown."""

from tests.factories.applications import World, make_draft, send
from tests.factories.base import as_actor, make_organisation, make_person, sign_in

DETAIL, CHECK = 12, 16


def test_the_office_asks_and_the_team_answers_what_was_asked(visitors, people, begun, clock, statements):
    address = begun(sent=True)
    clock.advance(days=11)
    office, team = sign_in(visitors(), people.officer), sign_in(visitors(), people.owner)
    with statements() as seen:
        office.get(f"{address}/admissibility")
    assert len(seen) <= CHECK, seen
    office.get(f"{address}/integration/ask")
    office.submit("#integration-ask", 422, **{"ask-statute": "y", "reason": "Manca la firma."})
    office.submit("#integration-ask", **{"ask-statute": "y", "what-statute": "La firma.", "reason": "Manca la firma."})
    assert not office.tree.xpath("//form[@id='answer-statute']")
    assert office.tree.xpath("//form[@id='more-days']")
    with statements() as seen:
        team.get(address)
    assert len(seen) <= DETAIL, seen
    team.get(f"{address}/integration")
    assert team.tree.xpath("//form[@id='answer-statute']")
    team.submit(f"{address}/integration/send", 422)
    assert team.tree.xpath("//div[@id='error-summary']//a[@href='#item-statute']"), "the mend is one click away"
    team.post(f"{address}/integration/items/statute", 422)
    assert team.tree.xpath("//div[@id='error-summary']//a[@href='#item-statute']")
    assert team.tree.xpath("//form[@id='answer-statute']")
    assert team.tree.xpath("//section[@aria-labelledby='attempts']")
    team.get(f"{address}/admissibility", 403)


def test_after_the_term_nothing_is_answered_and_the_office_decides(visitors, people, begun, clock):
    address = begun(sent=True)
    clock.advance(days=11)
    office = sign_in(visitors(), people.officer).get(f"{address}/integration/ask")
    office.submit("#integration-ask", **{"ask-statute": "y", "what-statute": "La firma.", "reason": "Manca la firma."})
    clock.advance(days=40)
    team = sign_in(visitors(), people.owner).get(f"{address}/integration")
    assert not team.tree.xpath("//form[@id='answer-statute']")
    team.post(f"{address}/integration/items/statute", 423, value="Scritto un attimo dopo")
    assert team.shows("Scritto un attimo dopo"), "what came late is refused, and can be copied"
    office = sign_in(visitors(), people.officer).get(f"{address}/admissibility")
    office.submit("#admissibility", decision="no", documents="no", reason="Statuto senza firma.")
    assert team.get(address).shows("Statuto senza firma.")
    assert team.shows("TAR")


def test_how_others_were_treated_for_the_same_stands_beside_what_is_asked(visitors, people, begun, clock, store, now):
    first = begun(sent=True)
    with store() as session:
        world = World.again(session, now, people.organisation_id, people.call_id)
        owner = make_person(session, now=now)
        organisation = make_organisation(session, now=now, owner=owner, name="Ente secondo")
        actor = as_actor(session, owner, now=now)
        application = make_draft(session, world.call, organisation, by=actor, now=now)
        send(session, application, by=actor, at=now)
        second, reference = f"/applications/{application.id}", application.reference
    clock.advance(days=11)
    office = sign_in(visitors(), people.officer)
    asked = {"ask-statute": "y", "what-statute": "La firma.", "reason": "Manca la firma."}
    office.get(f"{second}/integration/ask").submit("#integration-ask", **asked)
    office.get(f"{first}/integration/ask").submit("#integration-ask", 422, **asked | {"what-statute": "", "days": "3"})
    assert office.shows("Ente secondo")
    assert office.shows("La stessa mancanza sarebbe trattata in modo diverso")
    assert office.tree.xpath(f"//section[@aria-labelledby='parity']//a[.='{reference}']")
