"""The pages of a request to complete an application: the office asks, the team answers, the clock is shown."""

from tests.factories.base import sign_in

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
    office = sign_in(visitors(), people.officer).get(f"{address}/admissibility")
    office.submit("#admissibility", decision="no", documents="no", reason="Statuto senza firma.")
    assert team.get(address).shows("Statuto senza firma.")
    assert team.shows("TAR")
