"""Simplified cost options computed in the applicant's table: to the cent, the same everywhere, no cost twice."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.carrying import carried_answers
from portal.applications.content import refilled
from portal.applications.given import Given, given_in, given_of
from portal.applications.queries.elsewhere import points_of
from portal.applications.rules import AdmissibilityPoint, Amounts
from portal.applications.spending import cost_breaches, source_breaches, spent_by_category
from portal.calls.rules import CostForm, CostOption, CostRules, FlatRate
from portal.calls.rules.options import COVERS
from portal.calls.rules.pricing import pricing_of
from portal.calls.rules.validity import frozen_after_opening, publication_faults
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import FilledForm, Form, QuestionType, check_filled, stored_answer, typed_of
from portal.questionnaires.rules.priced import is_derived, typed_rows
from tests.factories.applications import send
from tests.factories.base import sign_in
from tests.factories.duties import (
    FAIR,
    HOURS,
    OVERHEAD,
    PRICED,
    SEVEN,
    STAFF,
    TOOLS,
    Dutiful,
    cost_row,
    priced_design,
    priced_table,
)

RATES = {
    FlatRate.INDIRECT_OF_DIRECT: Decimal(7), FlatRate.INDIRECT_OF_STAFF: Decimal(15),
    FlatRate.INDIRECT_BY_METHOD: Decimal(25), FlatRate.STAFF_OF_OTHER: Decimal(20),
    FlatRate.OTHER_OF_STAFF: Decimal(40),
}  # fmt: skip
TABLE = priced_table()
FORM = Form(priced_design().questionnaire.sections)


def filled(rows, costs=PRICED):
    """The form with this table, as it was typed."""
    form = FORM if costs is PRICED else Form(priced_design(costs).questionnaire.sections)
    return FilledForm(form, {"costs": stored_answer(priced_table(costs), rows, areas=())}, {}, pricing_of(costs, form))


def amounts(said):
    """What each row amounts to, by kind, in cents."""
    return [(row.get("kind"), row.get("cost")) for row in said.rows(said.form.question("costs"))]


def by_rate(rate, **more):
    """Staff, tools and whatever this rate stands for."""
    option = replace(SEVEN, flat_rate=rate, rate=RATES[rate])
    covered = replace(OVERHEAD, kind=COVERS[rate])
    staff = [] if rate is FlatRate.STAFF_OF_OTHER else [STAFF]
    tools = [] if rate is FlatRate.OTHER_OF_STAFF else [replace(TOOLS, most=None)]
    return CostRules(categories=[*staff, *tools, covered], options=[option], **more)


EUROS = st.integers(0, 99_999_999).map(lambda cents: f"{cents // 100},{cents % 100:02d}")
ROWS = st.lists(
    st.builds(cost_row, st.sampled_from(["staff", "tools", "hours", "fair", "food"]),
              st.integers(0, 9_999).map(lambda n: f"{n // 100},{n % 100:02d}"), EUROS),
    min_size=1, max_size=8,
)  # fmt: skip


@given(ROWS, st.randoms())
def test_the_rows_sum_up_to_the_total_in_any_order_and_no_cent_is_lost(rows, order):
    said = filled(rows)
    found = amounts(said)
    assert sum(cents for _kind, cents in found) == said.cents_of("budget.cost") == said.totals(TABLE)["cost"]
    assert sum(each.cents for each in spent_by_category(given_of(said)).values()) == said.cents_of("budget.cost")
    base = sum(cents for kind, cents in found if kind in ("staff", "tools", "hours"))
    exact = (Decimal(base) * 7 / 100).quantize(Decimal(1), ROUND_HALF_UP)
    assert dict(found)["overhead"] == exact, "once rounded; no lump sum and nothing that is not eligible in its base"
    order.shuffle(rows)
    assert sorted(amounts(filled(rows))) == sorted(found)


@given(st.sampled_from(list(FlatRate)), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**7))
def test_raising_a_base_never_lowers_a_flat_rate(rate, staff, tools, more):
    pricing = pricing_of(by_rate(rate), FORM)["costs"]
    low, high = (
        pricing.derived([{"kind": "staff", "cost": staff + extra}, {"kind": "tools", "cost": tools + extra}])[0]
        for extra in (0, more)
    )
    assert low["cost"] <= high["cost"]
    assert abs(low["cost"] * 100 - low["_by"]["base"] * RATES[rate]) <= 50


@pytest.mark.parametrize(
    ("rate", "cents"),
    [
        (FlatRate.INDIRECT_OF_DIRECT, 1_400_00), (FlatRate.INDIRECT_OF_STAFF, 1_500_00),
        (FlatRate.INDIRECT_BY_METHOD, 5_000_00), (FlatRate.STAFF_OF_OTHER, 2_000_00),
        (FlatRate.OTHER_OF_STAFF, 4_000_00),
    ],
)  # fmt: skip
def test_each_rate_of_the_regulation_has_its_own_base(rate, cents):
    rows = [cost_row("staff", "1", "10.000,00"), cost_row("tools", "2", "5.000,00")]
    assert dict(amounts(filled(rows, by_rate(rate))))["overhead"] == cents


def test_indirect_costs_count_the_staff_that_is_itself_a_rate():
    staff = CostOption("staff", SEVEN.name, CostForm.FLAT_RATE, flat_rate=FlatRate.STAFF_OF_OTHER, rate=Decimal(20))
    costs = CostRules(categories=[OVERHEAD, replace(STAFF, option="staff"), TOOLS], options=[SEVEN, staff])
    found = amounts(filled([cost_row("tools", "1", "1.000,00")], costs))
    assert found == [("tools", 1_000_00), ("staff", 200_00), ("overhead", 84_00)]


def test_the_amount_of_a_unit_and_of_a_result_is_that_of_the_call_whatever_was_typed():
    rows = [cost_row("hours", "10,5", "99.000,00"), cost_row("fair", "7", "")]
    said = filled(rows)
    assert amounts(said)[:2] == [("hours", 267_75), ("fair", 1_000_00)]
    how = said.rows(TABLE)[0]["_by"]["how"]
    assert how == {"it": "€ 25,50 per ora", "en": "€25.50 per hour"}
    assert "costs" not in check_filled(said), "nothing is missing where the call gives the amount"


def test_what_follows_from_others_is_no_row_that_somebody_has_to_fill_in_or_that_counts():
    said = filled([cost_row("staff", "1", "100,00")])
    stored = said.stored(TABLE)
    assert len(stored["value"]) == 2
    assert typed_of(TABLE, stored) == [cost_row("staff", "1", "100,00")]
    assert said.comparable("costs") == 1
    assert typed_rows(stored["value"]) == [row for row in stored["value"] if not is_derived(row)]
    assert said.derived(TABLE)[0]["cost"] == 700
    assert FilledForm(said.form, {}, {}, said.pricing).derived(TABLE)[0]["cost"] == 0


def test_a_flat_rate_written_as_a_row_too_is_refused_in_words():
    breaches = cost_breaches(
        priced_design(), given_of(filled([cost_row("overhead", "1", "50,00"), cost_row("tools", "1", "1,00")])), 10_000
    )
    (said,) = [str(each.message) for each in breaches]
    assert said.startswith("“Costi indiretti” is computed by itself, 7 % dei costi diretti:")
    assert "financed twice" in said


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**7), min_size=1, max_size=4))
def test_the_sources_make_up_the_own_share_to_the_cent(own, sources):
    rows = [{"amount": cents} for cents in sources]
    asked = Given("all", "sources", QuestionType.TABLE, None, rows, {"amount": "cofinancing.source"})
    found = source_breaches([asked], Amounts(5_00, own + 5_00))
    assert bool(found) == (sum(sources) != own)
    assert all(("too much" in str(each.message)) == (sum(sources) > own) for each in found)
    assert source_breaches([], Amounts(5_00, own + 5_00)) == [], "only where the form asks for them"


def faults(costs=PRICED, design=None, **given):
    """What keeps such a call from being published, by place."""
    found = publication_faults(design or priced_design(costs, **given))
    return {fault.place: str(fault) for fault in found}


def with_categories(*categories, options=PRICED.options):
    return CostRules(categories=list(categories), options=list(options))


def test_a_call_with_options_can_be_published():
    assert faults() == {}
    for rate in FlatRate:
        costs = by_rate(rate)
        method = {"it": "Media di tre anni", "en": "Mean of three years"}
        assert faults(replace(costs, options=[replace(costs.options[0], method=method)])) == {}


@pytest.mark.parametrize(
    ("costs", "place", "words"),
    [
        (with_categories(STAFF, replace(OVERHEAD, option="eight")), "costs.categories.1.option", "not a simplified"),
        (with_categories(STAFF, replace(OVERHEAD, eligible=False)), "costs.categories.1.option", "no option counts"),
        (with_categories(STAFF, replace(TOOLS, option="seven")), "costs.categories.1.option", "another kind of cost"),
        (with_categories(STAFF, OVERHEAD, replace(OVERHEAD, key="rent", option=None)), "costs.categories.2.eligible",
         "declared twice"),
        (with_categories(STAFF, OVERHEAD, replace(OVERHEAD, key="more")), "costs.categories.2.eligible",
         "declared twice"),
        (with_categories(*by_rate(FlatRate.OTHER_OF_STAFF).categories, TOOLS,
                         options=by_rate(FlatRate.OTHER_OF_STAFF).options), "costs.categories.2.eligible", "twice"),
        (with_categories(OVERHEAD), "costs.categories.0.option", "no cost from which"),
        (with_categories(STAFF, HOURS, FAIR), "costs.options.2", "No kind of cost"),
    ],
)  # fmt: skip
def test_what_would_be_counted_twice_or_not_at_all_is_refused(costs, place, words):
    assert words in faults(costs)[place]


def test_the_form_asks_for_what_the_options_need():
    design = priced_design()
    (section,) = design.questionnaire.sections

    def asking(*questions):
        kept = [each for each in section.questions if each.key != "costs"]
        form = replace(design.questionnaire, sections=[replace(section, questions=[*kept, *questions])])
        return faults(design=replace(design, questionnaire=form))

    table = priced_table()
    plain = [replace(each, tag=None) if each.tag == "budget.quantity" else each for each in table.questions]
    few = [replace(each, options=each.options[:2]) if each.options else each for each in table.questions]
    beside = replace(design.questionnaire.sections[0].questions[-1], key="more", tag="budget.cost")
    assert "no table" in asking()["questionnaire"]
    assert "several places" in asking(table, beside)["questionnaire"]
    assert "does not multiply" in asking(replace(table, questions=plain))["costs.categories.2.option"]
    assert "Nobody can choose" in asking(replace(table, questions=few))["costs.categories.3.option"]
    typed = asking(table, replace(beside, tag="cost.overhead"))
    assert "is computed" in typed["costs.categories.4.option"]


def test_a_lump_sum_waits_for_a_milestone_and_nothing_changes_once_the_call_has_opened():
    design = priced_design()
    plain = [replace(each, gates=[], milestone=None) for each in design.tranches]
    assert "no tranche waits" in faults(design=replace(design, tranches=plain))["tranches"]
    hour, *others = PRICED.options
    dearer = replace(design, costs=replace(PRICED, options=[replace(hour, amount=Decimal(30)), *others]))
    assert [fault.place for fault in frozen_after_opening(design, dearer)] == ["costs.options"]
    by_invoice = with_categories(STAFF, TOOLS, replace(HOURS, option=None), FAIR, OVERHEAD, PRICED.categories[-1])
    assert [fault.place for fault in frozen_after_opening(design, replace(design, costs=by_invoice))] == [
        "costs.categories"
    ]


BUDGET = [cost_row("staff", "1", "20.000,00"), cost_row("hours", "10", ""), cost_row("fair", "", "")]
"""20 000 of staff, 255 of hours, 1 000 for the fair: indirect costs of 1 417.85, in all 22 672.85 euro."""


def test_what_was_computed_is_frozen_with_how_and_read_again_as_it_was(store, now):
    with store() as session:
        world = Dutiful(session, now, whole=priced_design())
        application = world.begin(costs=BUDGET, requested="19.000,00")
        assert world.messages(application) == []
        send(session, application, by=world.actor, at=now)
        content = application.submissions[0].content
        assert content["amounts"]["total_cents"] == 22_672_85
        (answer,) = [each for each in content["sections"][0]["answers"] if each["key"] == "costs"]
        assert [row["cost"] for row in answer["value"]] == [20_000_00, 255_00, 1_000_00, 1_417_85]
        last = answer["table"]["rows"][-1]
        assert last[0] == {
            "it": "Costi indiretti\n7 % dei costi diretti: € 20.255,00",
            "en": "Costi indiretti\n7 % of direct costs: €20,255.00",
        }
        assert answer["table"]["totals"][-1]["it"] == "€ 22.672,85"
        form = form_of(session, application.sheet)
        assert refilled(content, form).cents_of("budget.cost") == 22_672_85
        points = {point.key: point for point in points_of(session, application)}
        assert points[AdmissibilityPoint.COSTS].is_met
        carried = carried_answers(given_in(content), form, form, [])["costs"]
        assert [row["kind"] for row in carried["value"]] == ["staff", "hours", "fair"]


def test_the_writer_and_the_office_read_the_same_computed_rows(store, now, page):
    with store() as session:
        world = Dutiful(session, now, whole=priced_design())
        application = world.begin(costs=BUDGET, requested="19.000,00")
        address, email = f"/applications/{application.id}", world.owner.email
    sign_in(page, email).get(f"{address}/sections/all")
    (row,) = page.tree.xpath("//tr[@data-derived]")
    assert "7 % dei costi diretti: € 20.255,00" in " ".join(row.text_content().split())
    assert row.xpath(".//*[@data-result='cost']")[0].text_content() == "€ 1.417,85"
    assert not row.xpath(".//button | .//input | .//select")
    (unit,) = page.tree.xpath("//input[@name='costs.1.unit_cost']")
    assert (unit.get("value"), unit.get("readonly")) == ("25,50", "readonly")
    offered = page.tree.xpath("//select[@name='costs.0.kind']/option/@value")
    assert offered == ["", "staff", "tools", "hours", "fair", "food"], "what is computed is not offered"
    form = next(form for form in page.tree.forms if form.get("id") == "section")
    fields = dict(form.form_values()) | {"costs.1.unit_cost": "1,00", "costs.0.unit_cost": "30.000,00"}
    page.post(form.get("action"), **fields)
    page.get(f"{address}/sections/all")
    (total,) = page.tree.xpath("//*[@data-total='cost']")
    assert total.text_content() == "€ 33.372,85", "computed anew by the portal, whatever the page sent"
    page.get(f"{address}/print")
    assert "7 % dei costi diretti: € 30.255,00" in " ".join(page.tree.text_content().split())
