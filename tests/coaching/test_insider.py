"""An officer who belongs to a team is one of the team to it: no warning about it reaches them by any way."""

from portal.access.policy import Role, Tie
from portal.calls.rules.design import EarlyWarnings
from tests.factories.base import join, make_staff, sign_in
from tests.factories.growing import make_growing, rate, warnings_of

SAID = ("la squadra indica 3", "the team says 3", "segnali precoci su una squadra", "early warnings about a team")


def says(html: str) -> bool:
    """Whether a page or a table tells of the warning."""
    return any(each in html for each in SAID)


def test_an_officer_of_the_team_reads_no_warning_about_it_and_answers_none(store, now, page):
    with store() as session:
        world, grant = make_growing(session, now=now, warnings=EarlyWarnings(gap=2))
        rate(world, grant, by=world.coach, level=1, now=now)
        rate(world, grant, by=world.owner, level=3, now=now)
        seen = f"/warnings/{warnings_of(session, grant)[0].id}/seen"
        colleague = make_staff(session, world.authority, Role.OFFICER, now=now)
        join(session, world.officer, world.association, Tie.VIEWER, now=now)
        slug = world.call.slug
    addresses = ("/desk", f"/grants/{grant.id}/maturity", f"/manage/calls/{slug}/portfolio",
                 f"/manage/calls/{slug}/portfolio/table?format=csv")  # fmt: skip
    told = {}
    for person in (world.officer, colleague):
        page.client.delete_cookie("session")
        sign_in(page, person.email)
        told[person.id] = [says(page.client.get(each).get_data(as_text=True)) for each in addresses]
    assert told[world.officer.id] == [False] * 4
    assert told[colleague.id] == [True] * 4
    page.client.delete_cookie("session")
    sign_in(page, world.officer.email).post(seen, 409, note="Tutto bene")
