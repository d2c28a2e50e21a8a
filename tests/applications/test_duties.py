"""Who may apply and with what: ages on the day of the term, the same people, what is in kind, kinds of cost."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.applications import operations
from portal.applications.content import refilled, tagged, team
from portal.applications.duties import Member, age_on, composition_fault, day_of_term, people_faults
from portal.applications.given import Given
from portal.applications.operations import AlreadyApplied, NotReady
from portal.applications.queries.elsewhere import points_of
from portal.applications.rules import AdmissibilityPoint, Amounts
from portal.applications.spending import cost_breaches, in_kind_breaches, largest_part, spent_by_category
from portal.calls.rules import AgesOf, Cofinancing, OwnShare, Participation
from portal.calls.rules.validity import faults_of, not_yet
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import QuestionType
from tests.factories.applications import send
from tests.factories.base import sign_in
from tests.factories.duties import ANNA, BICE, Dutiful, dutiful_design

DAY = date(2026, 3, 12)
DAYS = st.dates(date(1900, 1, 1), date(2026, 12, 31))
GROUP = dutiful_design().applicants[0]


def limits(least=None, most=None, whose=AgesOf.EVERYONE, **more):
    return replace(GROUP, minimum_age=least, maximum_age=most, ages_of=whose, **more)


def born(*days):
    return [Member(f"Persona {number}", day) for number, day in enumerate(days)]


def birthday(day: date, year: int) -> date:
    """The day on which a year of age is complete; the last of February where there is no 29th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


@given(DAYS, st.integers(1, 110))
def test_a_year_is_complete_on_the_birthday_itself(day, years):
    assume(day.year + years < 2100)
    on = birthday(day, day.year + years)
    assert age_on(day, on) == years
    assert age_on(day, on - timedelta(days=1)) == years - 1


@given(DAYS, DAYS)
def test_age_never_falls_and_is_below_zero_only_before_birth(day, other):
    assert age_on(day, other) <= age_on(day, other + timedelta(days=1))
    assert (age_on(day, other) >= 0) == (other >= day)


def test_who_was_born_on_a_leap_day_is_of_age_on_the_last_of_february():
    leap, rule = born(date(2008, 2, 29)), limits(18)
    assert people_faults(rule, leap, date(2026, 2, 27))
    assert not people_faults(rule, leap, date(2026, 2, 28))


def test_the_day_of_the_term_is_that_of_its_zone():
    assert day_of_term(datetime.fromisoformat("2026-03-11T23:30:00+00:00"), "Europe/Rome") == DAY


@given(st.lists(st.integers(10, 60), min_size=1, max_size=9))
def test_more_than_half_is_more_than_half(ages):
    people = born(*(birthday(DAY, DAY.year - age) for age in ages))
    within = sum(18 <= age <= 35 for age in ages)
    assert bool(people_faults(limits(18, 35, AgesOf.MAJORITY), people, DAY)) == (2 * within <= len(ages))
    assert bool(people_faults(limits(18, 35), people, DAY)) == (within < len(ages))


def test_a_maximum_age_holds_until_the_day_before_the_next_birthday():
    rule = limits(18, 35)
    assert not people_faults(rule, born(date(1990, 3, 13)), DAY)
    assert people_faults(rule, born(date(1990, 3, 12)), DAY)


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([Member("A", date(2000, 1, 1))], "Say of one person"),
        ([Member("A", date(2000, 1, 1), True), Member("B", date(2000, 1, 1), True)], "of one only"),
        ([Member("A", None, True)], "date of birth"),
        ([Member("A", date(2010, 1, 1), True), Member("B", date(2000, 1, 1))], None),
    ],
)
def test_the_age_of_who_represents_the_applicant(people, words):
    (fault,) = people_faults(limits(18, None, AgesOf.REPRESENTATIVE), people, DAY)
    assert words is None or words in str(fault)
    grown = [Member("A", date(1990, 1, 1), True), Member("B", date(2015, 1, 1))]
    assert not people_faults(limits(18, None, AgesOf.REPRESENTATIVE), grown, DAY)


def test_people_are_counted_in_their_list_or_in_the_profile_where_there_is_none():
    rule = replace(GROUP, minimum_members=3)
    assert people_faults(rule, born(DAY, DAY), DAY, counted=9)
    assert people_faults(rule, None, DAY, counted=2)
    assert not people_faults(rule, None, DAY, counted=3)
    assert not people_faults(rule, born(DAY, DAY, DAY), DAY, counted=1)


NAMES = st.lists(st.tuples(st.sampled_from(["Anna", "Bice", "Ciro"]), DAYS), min_size=1, max_size=5)


@given(NAMES, st.randoms())
def test_the_same_people_in_any_order_are_the_same(people, order):
    before = [Member(*each) for each in people]
    mixed = [Member(f"  {each.name.upper()} ", each.born_on) for each in before]
    order.shuffle(mixed)
    assert composition_fault(before, mixed) is None
    assert composition_fault(before, [*mixed, Member("Dino", DAY)])
    assert composition_fault(before, mixed[1:])
    assert composition_fault(before, [Member("Dino", DAY), *mixed[1:]])


@given(st.integers(0, 10**9), st.decimals(0, 100, places=2))
def test_a_ceiling_is_exact_to_the_cent(whole, per_cent):
    most = largest_part(whole, per_cent)
    assert most * 100 <= whole * per_cent < (most + 1) * 100


def costs(**cents):
    rows = [{"kind": kind, "amount": amount} for kind, amount in cents.items()]
    tags = {"kind": "cost.category", "amount": "budget.cost"}
    return [Given("all", "costs", QuestionType.TABLE, None, rows, tags)]


def test_a_cost_has_its_kind_by_the_row_or_by_the_tag():
    by_tag = Given("all", "tools", QuestionType.MONEY, "cost.tools", 500)
    spent = spent_by_category([*costs(staff=700, tools=200), by_tag])
    assert {kind: each.cents for kind, each in spent.items()} == {"staff": 700, "tools": 700}
    assert spent["tools"].place == ("all", "costs")


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_kind_of_cost_stays_within_its_share_to_the_cent(staff, tools):
    found = cost_breaches(dutiful_design(), costs(staff=staff, tools=tools), staff + tools)
    assert bool(found) == (tools * 100 > (staff + tools) * 30)


def test_what_belongs_to_another_programme_is_refused_and_says_where():
    (breach,) = cost_breaches(dutiful_design(), costs(food=1_00, staff=99_00), 100_00)
    assert breach.place == ("all", "costs")
    for words in ("Alimenti", "FEAD", "R3", "1.00"):
        assert words in str(breach.message).replace(",", ".")


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_what_is_in_kind_is_a_part_of_the_own_share(own, in_kind):
    answer = [Given("all", "in_kind", QuestionType.MONEY, "cofinancing.in_kind", in_kind)]
    amounts = Amounts(0, own)
    half = OwnShare([Cofinancing.MONEY, Cofinancing.IN_KIND], in_kind_most=Decimal(50))
    assert bool(in_kind_breaches(half, answer, amounts)) == (in_kind * 2 > own)
    assert bool(in_kind_breaches(replace(half, in_kind_most=None), answer, amounts)) == (in_kind > own)
    assert bool(in_kind_breaches(OwnShare(), answer, amounts)) == (in_kind > 0)


ADULTS = {"rule": {"minimum_members": 2, "minimum_age": 18, "ages_of": AgesOf.EVERYONE}}
YOUNG = {"name": "Ciro", "born_on": "2010-01-01", "represents": "no"}


def test_an_application_with_somebody_too_young_is_not_sent_and_names_nobody(store, now):
    with store() as session:
        world = Dutiful(session, now, **ADULTS)
        application = world.begin(team=[ANNA, YOUNG])
        (message,) = world.messages(application)
        assert "2" in message
        assert "Ciro" not in message
        with pytest.raises(NotReady):
            send(session, application, by=world.actor, at=now)
        world.write(application)
        send(session, application, by=world.actor, at=now)


def test_the_office_reads_the_same_on_the_day_of_the_term_in_force(store, now):
    with store() as session:
        world = Dutiful(session, now, **ADULTS)
        application = world.begin(team=[ANNA, BICE])
        send(session, application, by=world.actor, at=now)
        points = {point.key: point for point in points_of(session, application)}
        assert points[AdmissibilityPoint.PEOPLE].is_met
        assert points[AdmissibilityPoint.COSTS].is_met
        content = application.submissions[0].content
        assert [each["name"] for each in team(content)] == ["Anna Neri", "Bice Bo"]
        assert tagged(content)["budget.cost"] == [2_000_000, 500_000]
        assert tagged(content)["cost.category"] == ["staff", "tools"]
        filled = refilled(content, form_of(session, application.sheet))
        assert (filled.sum_of("budget.cost"), filled.facts["applicant.members"]) == (Decimal(25_000), 1)


def test_people_that_may_not_change_are_the_same_when_it_is_sent_again(store, now):
    with store() as session:
        world = Dutiful(session, now, participation=Participation(frozen_composition=True))
        application = world.begin()
        send(session, application, by=world.actor, at=now)
        operations.reopen_application(session, application_id=application.id, actor=world.actor, now=now)
        world.write(application, team=[ANNA, YOUNG])
        assert any("2" in message for message in world.messages(application))
        with pytest.raises(NotReady):
            send(session, application, by=world.actor, at=now)
        world.write(application, team=[BICE, ANNA], title="Un orto più grande")
        send(session, application, by=world.actor, at=now)


def test_a_call_may_take_several_applications_of_one_applicant(session, now):
    world = Dutiful(session, now, participation=Participation(one_application_only=False))
    first, second = world.begin(), world.begin(title="Un altro orto")
    assert (first.ordinal, second.ordinal) == (1, 2)
    operations.withdraw_application(session, application_id=first.id, actor=world.actor, now=now)
    assert world.begin().ordinal == 3


def test_a_call_that_takes_one_refuses_the_second(store, now):
    with store() as session:
        world = Dutiful(session, now)
        world.begin()
        with pytest.raises(AlreadyApplied):
            world.begin()


def says(page, key):
    """What is said beside a question."""
    return " ".join(page.tree.xpath(f"//*[@id='q-{key}-says']//text()")).split()


def test_the_writer_reads_it_beside_the_table_while_writing(store, now, page):
    with store() as session:
        world = Dutiful(session, now, **ADULTS)
        application = world.begin(team=[ANNA, YOUNG], costs=[{"kind": "food", "amount": "25.000,00"}])
        address, email = f"/applications/{application.id}/sections/all", world.owner.email
    sign_in(page, email).get(address)
    assert says(page, "team")
    assert "FEAD" in says(page, "costs")
    assert not says(page, "requested")
    form = next(form for form in page.tree.forms if form.get("id") == "section")
    fields = dict(form.form_values()) | {"requested": "24.000,00"}
    page.post(form.get("action"), htmx=True, **fields)
    assert says(page, "team"), "what stands beside it is said again with every answer"
    assert says(page, "requested"), "beside the amount: the own share is too small now"


def test_a_call_that_declares_duties_asks_for_what_shows_them():
    design = dutiful_design(rule={"minimum_age": 18, "ages_of": AgesOf.REPRESENTATIVE})
    assert faults_of(design) == []
    assert not_yet(design) == []
    section = design.questionnaire.sections[0]

    def without(key, **column):
        kept = [replace(each, **column) if each.key == key and column else each
                for each in section.questions if column or each.key != key]  # fmt: skip
        return replace(design, questionnaire=replace(design.questionnaire, sections=[replace(section, questions=kept)]))

    team_question = section.questions[1]
    places = {
        "questionnaire": without("team"),
        "questionnaire.sections.0.questions.1.questions": without("team", questions=team_question.questions[:1]),
        "costs.categories.1.most": without("costs"),
    }
    for place, wrong in places.items():
        assert place in {fault.place for fault in faults_of(wrong)}
    bounded = replace(without("in_kind"), own_share=OwnShare([Cofinancing.IN_KIND], in_kind_most=Decimal(10)))
    assert any("in kind" in str(fault) for fault in faults_of(bounded))
    unknown = replace(design, costs=replace(design.costs, categories=design.costs.categories[:1]))
    assert any("is not a kind of cost" in str(fault) for fault in faults_of(unknown))
