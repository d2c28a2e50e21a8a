"""What makes a call impossible, subject by subject: each fault at its place."""

from dataclasses import replace
from decimal import Decimal

import pytest
import yaml

from portal.calls.callfile import ADAPTER, CallFileRefused, read_call_file
from portal.calls.rules import CostForm, CostOption, FlatRate, Flow
from portal.calls.rules.validity import faults_of, frozen_after_opening, not_yet, publication_faults
from tests.factories.calls import shipped_design, shipped_text

BARI, NAPOLI, SDQ, TORINO = "bari-urbis", "napoli-iq", "milano-scuola-quartieri-3", "torino-innovazione-sociale-2017"


def changed(*path, to, slug=BARI):
    """A shipped file with one value changed."""
    data = yaml.safe_load(shipped_text(slug))
    place = data
    for step in path[:-1]:
        place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
    place[path[-1]] = to
    return yaml.safe_dump(data, allow_unicode=True)


def places(text):
    """Where the file is refused."""
    with pytest.raises(CallFileRefused) as refused:
        read_call_file(text)
    return {fault.place: str(fault) for fault in refused.value.faults}


EXTRA = {"it": "Uno", "en": "One"}
WRONG = [
    (BARI, "slug", "Bari URBIS", "slug", "address"),
    (BARI, ("authority", "code"), "BARI!", "authority.code", "small letters"),
    (BARI, ("authority", "iban"), "IT64Y0542811101000000123456", "authority.iban", "IBAN"),
    (BARI, ("authority", "fiscal_code"), "123", "authority.fiscal_code", "eleven digits"),
    (BARI, "email", "nowhere", "email", "e-mail"),
    (BARI, "cup", "F79D1900003000", "cup", "fifteen"),
    (BARI, ("title", "en"), " ", "title.en", "English"),
    (BARI, ("texts", "who"), {"it": "Chi"}, "texts.who.en", "English"),
    (BARI, ("title", "fr"), "Titre", "title.fr", "it and en only"),
    (BARI, "decimals", 3, "decimals", "0, 1 or 2"),
    (BARI, "minimum_total", "101", "minimum_total", "100"),
    (BARI, "weights_sum", "90", "weights_sum", "add up to 100"),
    (BARI, "cap", "50", "minimum_total", "most that can be reached, 50"),
    (BARI, ("criteria", 0, "threshold"), "26", "criteria.0.threshold", "maximum, 25"),
    (BARI, ("criteria", 0, "maximum"), "25.005", "criteria.0.maximum", "two decimals"),
    (BARI, ("criteria", 1, "key"), "impact", "criteria.1.key", "twice"),
    (BARI, ("criteria", 1, "key"), "Impatto sociale", "criteria.1.key", "small letters"),
    (BARI, ("criteria", 1, "formula"), "1 + 1", "criteria.1.formula", "no use"),
    (BARI, ("criteria", 1, "source"), "formula", "criteria.1.formula", "cannot do without"),
    (BARI, ("criteria", 1, "source"), "interpolation", "criteria.1.tag", "cannot do without"),
    (BARI, ("criteria", 1, "levels"), [{"key": "a", "name": EXTRA, "points": "30"}], "criteria.1.levels.0.points",
     "maximum, 20"),
    (BARI, ("criteria", 0, "questions"), ["bisogno"], "criteria.0.questions.0", "a question of the form of this phase"),
    (BARI, ("criteria", 0, "questions"), ["need", "need"], "criteria.0.questions", "twice"),
    (TORINO, ("criteria", 5, "questions"), ["need"], "criteria.5.questions", "no use"),
    (BARI, ("tie_breaks", 0, "criterion"), "beauty", "tie_breaks.0.criterion", "a criterion of this call"),
    (BARI, ("tie_breaks", 1, "criterion"), "impact", "tie_breaks.1.criterion", "does not use"),
    (BARI, ("tie_breaks", 2, "by"), "lower_request", "tie_breaks", "twice"),
    (BARI, ("tie_breaks", 0), {"by": "draw"}, "tie_breaks.0", "Put it last"),
    (BARI, ("allocation", "by"), "places", "allocation.places", "Declare places"),
    (BARI, ("allocation", "minimum_partial"), "120", "allocation.minimum_partial", "percentage"),
    (BARI, ("budget_lines", 0, "amount"), "2564000.001", "budget_lines.0.amount", "two decimals"),
    (BARI, ("budget_lines", 0, "amount"), "0", "budget_lines.0.amount", "above zero"),
    (BARI, ("budget_lines", 0, "amount"), "20000", "applicants.0.maximum", "whole budget"),
    (BARI, ("budget_lines", 0, "area"), "moon", "budget_lines.0.area", "an area"),
    (BARI, ("budget_lines", 0, "fund"), "gold", "budget_lines.0.fund", "a fund"),
    (SDQ, ("funds", 0, "amount"), "100", "funds.0.amount", "more than the fund"),
    (BARI, ("applicants", 0, "minimum"), "50000", "applicants.0.minimum", "more than the maximum"),
    (BARI, ("applicants", 0, "cofinancing"), "100", "applicants.0.cofinancing", "less than 100"),
    (BARI, ("applicants", 0, "kind"), "person", "applicants.0.kind", "informal_group"),
    (BARI, ("applicants", 0, "forms"), ["informal_group"], "applicants.0.forms.0", "legal form"),
    (BARI, ("applicants", 0, "must_incorporate_days"), 90, "applicants.0.must_incorporate_days", "informal groups"),
    (BARI, ("applicants", 0, "minimum_age"), 18, "applicants.0.ages_of", "whose"),
    (BARI, ("applicants", 1, "must_incorporate_before"), "next_phase", "applicants.1.must_incorporate_before", "phase"),
    (BARI, ("participation", "two_consortia"), "refused", "participation.two_consortia", "consortium"),
    (BARI, ("own_share", "made_of"), ["crowdfunding"], "own_share.crowdfunding", "terms"),
    (BARI, ("phases", 0, "opens"), "2018-12-11T09:00", "phases.0.deadlines.0.closes", "later"),
    (BARI, ("phases", 0, "deadlines", 1, "closes"), "2018-12-09T12:00", "phases.0.deadlines.1.closes", "later"),
    (BARI, ("phases", 0, "deadlines", 1, "act"), None, "phases.0.deadlines.1", "act"),
    (BARI, ("phases", 0, "deadlines", 1, "closes"), "2019-03-31T02:30", "phases.0.deadlines.1.closes", "not exist"),
    (BARI, ("phases", 0, "deadlines", 1, "closes"), "2019-10-27T02:30", "phases.0.deadlines.1.closes", "twice"),
    (BARI, ("phases", 0, "zone"), "Roma", "phases.0.zone", "Europe/Rome"),
    (BARI, ("phases", 0, "grace_seconds"), -1, "phases.0.grace_seconds", "0 to 3600"),
    (BARI, ("phases", 0, "deadlines"), [], "phases.0.deadlines", "one at least"),
    (BARI, ("phases", 0, "entry"), ["attended"], "phases.0.entry", "follows nothing"),
    (BARI, "flow", "two_stage", "flow", "single"),
    (BARI, "flow", "sportello", "phases.0.batches", "one batch"),
    (SDQ, ("phases", 1, "opens"), "2020-12-01T09:00", "phases.1.opens", "before the earlier"),
    (SDQ, ("phases", 0, "accompaniment"), None, "phases.1.entry", "attended"),
    (SDQ, ("phases", 0, "accompaniment", "ends"), "2021-06-30", "phases.1.deadlines", "accompaniment"),
    (SDQ, ("phases", 0, "accompaniment", "starts"), "2020-12-01", "phases.0.accompaniment.starts", "closed"),
    (SDQ, ("phases", 0, "selection", "weights_sum"), "99", "phases.0.selection.weights_sum", "add up to 100"),
    (SDQ, ("phases", 0, "selection", "tie_breaks", 0, "criterion"), "impact",
     "phases.0.selection.tie_breaks.0.criterion", "a criterion"),
    (NAPOLI, ("phases", 0, "selection", "allocation", "places", 0, "count"), 0,
     "phases.0.selection.allocation.places.0.count", "one at least"),
    (NAPOLI, "allocation", {"by": "both", "places": [{"count": 40, "kind": "legal_entity"}, {"count": 60}]},
     "allocation.places", "promise 3800000.00"),
    (NAPOLI, ("rankings", 1, "kinds"), ["legal_entity"], "rankings", "same applicants"),
    (NAPOLI, ("criteria", 5, "formula"), "share(budget.gold, budget.cost)", "criteria.5.formula", "budget.gold"),
    (NAPOLI, ("criteria", 6, "when"), {"question": "nobody", "above": 50}, "criteria.6.when.question", "nobody"),
    (TORINO, ("eligibility", 0, "when"), {"fact": "applicant.colour", "equals": "red"}, "eligibility.0.when.fact",
     "applicant.kind"),
    (TORINO, ("questionnaire", "sections", 0, "questions", 0, "key"), "unit", "eligibility.0.when.question",
     "operating_unit"),
    (BARI, ("documents_requested", 0, "required_for"), ["person"], "documents_requested.0.required_for.0", "kind"),
    (BARI, ("documents_requested", 0, "accept"), ["exe"], "documents_requested.0.accept", "pdf"),
    (BARI, ("documents_requested", 0, "max_mb"), 200, "documents_requested.0.max_mb", "1 to 20"),
    (BARI, ("milestones", 0, "weight"), 31, "milestones", "101"),
    (BARI, ("milestones", 0, "month"), 0, "milestones.0.month", "one at least"),
    (BARI, ("tranches", 0, "share"), "39.00", "tranches", "99.00"),
    (BARI, ("tranches", 1, "milestone"), "party", "tranches.1.milestone", "a milestone"),
    (BARI, ("tranches", 1, "milestone"), None, "tranches.1.milestone", "milestones_accepted"),
    (BARI, ("tranches", 1, "gates"), ["spending_justified"], "tranches.1.minimum_spent", "spending_justified"),
    (BARI, ("tranches", 0, "guarantee_months"), 6, "tranches.0.guarantee_months", "guarantee_active"),
    (BARI, ("coaching", "minimum_confirmed_minutes"), 1801, "coaching.minimum_confirmed_minutes", "allowance"),
    (BARI, "payment_days", 0, "payment_days", "one at least"),
    (BARI, "retention_years", 0, "retention_years", "one at least"),
    (BARI, "criteria", [], "criteria", "one at least"),
    (BARI, "areas", [], "areas_required", "no area"),
    (BARI, ("areas", 0, "lat"), 120, "areas.0", "Earth"),
    (BARI, ("acts", 1, "number"), "2018/210/01847", "acts.1.number", "twice"),
    (BARI, ("questionnaire", "sections", 1, "questions", 0, "tag"), None, "questionnaire", "application.title"),
    (BARI, ("questionnaire", "sections", 1, "questions", 2, "options"), [],
     "questionnaire.sections.1.questions.2.options", "from 2"),
    (BARI, ("questionnaire", "sections", 1, "questions", 0, "key"), "team", "questionnaire", "twice"),
    (BARI, ("questionnaire", "sections", 1, "questions", 1, "when"), {"question": "area", "answered": True},
     "questionnaire.sections.1.questions.1.when", "wait for each other"),
    (BARI, ("costs", "categories", 5, "eligible"), True, "costs.categories.5.eligible", "FEAD"),
    (BARI, ("costs", "categories", 6, "eligible"), True, "costs.categories.6.eligible", "Axis 4"),
    (BARI, ("costs", "categories", 0, "kind"), "low_threshold", "costs.categories.0.eligible", "PON METRO"),
    (BARI, ("costs", "categories", 0, "kind"), "system_actions", "costs.categories.0.eligible", "PON Inclusione"),
    (BARI, ("costs", "categories", 0, "kind"), "interest_fines", "costs.categories.0.eligible", "not eligible"),
    (BARI, "action", "3.2.1", "marginality", "R8"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "path", "to", "place", "words"), WRONG, ids=[f"{r[3]}-{r[4]}" for r in WRONG])
def test_a_fault_is_named_at_its_place_with_its_mend(slug, path, to, place, words):
    found = places(changed(*((path,) if isinstance(path, str) else path), to=to, slug=slug))
    assert place in found, found
    assert words in found[place]


def test_a_question_that_a_formula_or_a_condition_stands_on_cannot_be_deleted():
    data = yaml.safe_load(shipped_text(NAPOLI))
    (who,) = [each for each in data["questionnaire"]["sections"] if each["key"] == "who"]
    who["questions"] = [each for each in who["questions"] if each["key"] not in ("under35", "young_share")]
    found = places(yaml.safe_dump(data, allow_unicode=True))
    assert "young_share" in found["criteria.6.when.question"]


def test_low_threshold_is_not_paid_by_pon_inclusione():
    data = yaml.safe_load(shipped_text(SDQ))
    data["action"], data["funds"][0]["programme"] = "3.2.2", "pon_inclusione"
    assert "PON METRO" in places(yaml.safe_dump(data, allow_unicode=True))["funds.0.programme"]


REAL = CostOption("invoices", EXTRA, CostForm.REAL)
FLAT = CostOption("rest", EXTRA, CostForm.FLAT_RATE, flat_rate=FlatRate.OTHER_OF_STAFF, rate=Decimal(40))


def with_costs(**costs):
    """What the calls of Bari is refused for, its costs being these."""
    aid = costs.pop("aid_regime", "not_aid")
    plain = ADAPTER.dump_python(replace(shipped_design(), costs=replace(shipped_design().costs, **costs)))
    return {fault.place: str(fault) for fault in faults_of(ADAPTER.validate_python(plain | {"aid_regime": aid}))}


def test_simplified_costs_are_a_duty_only_where_the_grant_is_the_operation_and_small_and_no_aid():
    assert not with_costs(options=[REAL])
    assert "total cost" in with_costs(options=[REAL], is_operation=True)["costs.operation_total"]
    small = Decimal(200_000)
    assert "must use" in with_costs(options=[REAL], is_operation=True, operation_total=small)["costs.options"]
    assert not with_costs(options=[FLAT], is_operation=True, operation_total=small)
    assert not with_costs(options=[REAL], is_operation=True, operation_total=small + 1)
    assert not with_costs(options=[REAL], is_operation=True, operation_total=small, aid_regime="de_minimis")


def test_flat_rates_stay_within_the_regulation_and_are_not_stacked():
    assert "at most 40" in with_costs(options=[replace(FLAT, rate=Decimal(41))])["costs.options.0.rate"]
    indirect = replace(FLAT, key="indirect", flat_rate=FlatRate.INDIRECT_OF_DIRECT, rate=Decimal(7))
    assert "no other" in with_costs(options=[FLAT, indirect])["costs.options"]
    other = replace(indirect, key="other", flat_rate=FlatRate.INDIRECT_OF_STAFF, rate=Decimal(15))
    assert "two flat rates" in with_costs(options=[indirect, other])["costs.options"]
    by_method = replace(indirect, flat_rate=FlatRate.INDIRECT_BY_METHOD, rate=Decimal(25))
    assert "method" in with_costs(options=[by_method])["costs.options.0.method"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: replace(d, criteria=[replace(d.criteria[0], maximum=Decimal(24)), *d.criteria[1:]]), "criteria"),
        (lambda d: replace(d, tie_breaks=d.tie_breaks[::-1]), "tie_breaks"),
        (lambda d: replace(d, minimum_total=Decimal(50)), "minimum_total"),
        (lambda d: replace(d, edge_rule="stop"), "edge_rule"),
        (lambda d: replace(d, allocation=replace(d.allocation, minimum_partial=Decimal(50))), "allocation"),
        (lambda d: replace(d, applicants=[replace(d.applicants[0], maximum=Decimal(41000)), d.applicants[1]]),
         "applicants.0.maximum"),
        (lambda d: replace(d, applicants=d.applicants[:1]), "applicants"),
        (lambda d: replace(d, phases=[]), "phases.0"),
    ],
)  # fmt: skip
def test_ways_of_choosing_are_frozen_once_the_call_has_opened(change, place):
    old = shipped_design()
    assert [fault.place for fault in frozen_after_opening(old, change(old))] == [place]


def test_better_words_and_later_deadlines_are_not_frozen():
    old = shipped_design()
    named = [replace(old.criteria[0], name={"it": "Altro nome", "en": "Another name"}), *old.criteria[1:]]
    later = replace(old.phases[0], deadlines=old.phases[0].deadlines[:1])
    new = replace(old, criteria=named, phases=[later], payment_days=60, summary=old.title)
    assert frozen_after_opening(old, new) == []


def test_the_own_criteria_of_a_phase_are_frozen_too():
    old = shipped_design(SDQ)
    assert old.phases[0].selection
    idea = replace(old.phases[0], selection=replace(old.phases[0].selection, minimum_total=Decimal(50)))
    found = frozen_after_opening(old, replace(old, phases=[idea, old.phases[1]]))
    assert [fault.place for fault in found] == ["phases.0.selection.minimum_total"]


@pytest.mark.parametrize("slug", [BARI, SDQ, "napoli-iq", "torino-innovazione-sociale-2017", "torino-prossimita-2026",
                                  "venezia-welfare-comunita"])  # fmt: skip
def test_this_version_keeps_everything_that_shipped_calls_promise(slug):
    assert publication_faults(shipped_design(slug)) == []


def test_what_this_version_cannot_keep_is_said_before_publication():
    found = {fault.place: str(fault.words) for fault in not_yet(replace(shipped_design(), flow=Flow.SPORTELLO))}
    assert "in order of arrival" in found["flow"]
    assert all(words.startswith("This version") for words in found.values())
