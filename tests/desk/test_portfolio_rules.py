"""The rows of a portfolio: who is chosen, in which order, and what they add up to."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portal.coaching.rules import Coached
from portal.desk.portfolio.asked import told, wanted_in
from portal.desk.portfolio.rules import Order, Step, Team, Wanted, chosen, sums_of

DAY = date(2026, 3, 1)
words = st.sampled_from(("Orti in rete", "Ciclofficina", "Banda di quartiere", "L'orto"))
steps = st.builds(
    lambda days, done: Step("Laboratorio", DAY + timedelta(days), done, not done and days < 0),
    st.integers(-90, 90),
    st.booleans(),
)
coaching = st.builds(
    lambda used, allowance: Coached("Una coach", used, allowance), st.integers(0, 900), st.integers(0, 900)
)


@st.composite
def portfolios(draw: st.DrawFn) -> list[Team]:
    """Teams of one call."""
    return [
        Team(
            grant_id=UUID(int=number),
            reference=f"VIV-2026-{number:06}",
            title=draw(words),
            name=draw(words),
            area=draw(st.sampled_from((None, "Libertà", "San Paolo"))),
            status="active",
            stage=draw(st.none() | st.integers(1, 4)),
            lacks=(),
            trend=(),
            coached=draw(coaching),
            steps=tuple(draw(st.lists(steps, max_size=3))),
            awarded_cents=draw(st.integers(0, 10**7)),
            paid_cents=draw(st.integers(0, 10**7)),
            warnings=tuple(draw(st.lists(st.just("Un segnale"), max_size=2))),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


wishes = st.builds(
    Wanted,
    st.sampled_from(Order),
    st.sampled_from(("", "ORTI", "viv-2026-000003")),
    st.none() | st.integers(1, 4),
    st.booleans(),
)


@given(portfolios(), wishes)
def test_only_those_asked_for_are_shown_each_once_whatever_order_they_came_in(teams, wanted):
    found = chosen(teams, wanted)
    assert found == chosen(list(reversed(teams)), wanted)
    assert len({each.grant_id for each in found}) == len(found)
    for team in teams:
        fits = (
            (team.needs_help or not wanted.only_help)
            and (wanted.stage in (None, team.stage))
            and wanted.words.lower() in f"{team.reference} {team.name} {team.title}".lower()
        )
        assert (team in found) is fits


@given(portfolios())
def test_whoever_may_need_help_stands_above_who_does_not(teams):
    helped = [each.needs_help for each in chosen(teams, Wanted())]
    assert helped == sorted(helped, reverse=True)


@given(portfolios())
def test_the_next_milestone_is_the_first_that_is_not_done_and_teams_without_one_come_last(teams):
    days = [each.next_step.due_on if each.next_step else date.max for each in chosen(teams, Wanted(Order.NEXT))]
    assert days == sorted(days)


@given(portfolios())
def test_the_sums_are_those_of_the_rows(teams):
    sums = sums_of(teams, 4)
    assert sum(minutes for _area, minutes in sums.by_area) == sums.used == sum(each.coached.used for each in teams)
    assert sum(sums.by_stage) == sum(each.stage is not None for each in teams)
    assert sums.teams == len(teams)


@given(wishes)
def test_an_address_says_what_is_asked_for_and_is_read_back(wanted):
    assert wanted_in(told(wanted), 4) == wanted


@given(st.dictionaries(st.sampled_from(("q", "stage", "order", "help", "page")), st.text(max_size=12)))
def test_an_address_in_nonsense_asks_for_something_that_exists(given_):
    wanted = wanted_in(given_, 4)
    assert wanted.stage in (None, 1, 2, 3, 4)
    assert wanted_in(told(wanted), 4) == wanted
