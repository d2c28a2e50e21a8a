"""A plausible answer to every question: whatever the form, what is invented can be sent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.applications.assessment import Draft, duty_faults
from portal.applications.duties import Member, people_faults
from portal.calls.areas import grounds_of
from portal.calls.rules import AgesOf, ApplicantRule
from portal.calls.rules.pricing import pricing_of
from portal.questionnaires.rules import (
    Condition,
    Form,
    Option,
    Question,
    QuestionType,
    Section,
    form_faults,
)
from portal.rehearsal.answers import Writer, answer_form, unanswerable, wishes_of
from portal.rehearsal.cast import parts_of, unwanted_of, wanted_of
from portal.rehearsal.people import people_of
from portal.rehearsal.rules import Breach, Fate
from tests.factories.base import CALLS
from tests.factories.rehearsal import shipped

TERMS = date(2024, 5, 6), date(2025, 2, 3)
LABEL = {"it": "Domanda", "en": "Question"}
ROWS = (QuestionType.TABLE, QuestionType.GROUP, QuestionType.PEOPLE)
PLAIN = tuple(each for each in QuestionType if each not in (*ROWS, QuestionType.AREA))
IN_A_ROW = (QuestionType.TEXT, QuestionType.NUMBER, QuestionType.MONEY, QuestionType.DATE, QuestionType.YES_NO)
limits = st.tuples(st.integers(0, 500), st.integers(1, 5000)).map(lambda pair: (pair[0], sum(pair)))


def limited(draw: Any, kind: QuestionType) -> dict[str, Any]:
    """Limits that a question of this type may have."""
    if kind in (QuestionType.TEXT, QuestionType.LONG_TEXT):
        return {"max_chars": draw(st.integers(1, 400))}
    if kind is QuestionType.PERCENTAGE:
        low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
        return {"minimum": Decimal(low), "maximum": Decimal(high)}
    if kind in (QuestionType.NUMBER, QuestionType.MONEY):
        low, high = draw(limits)
        decimals = draw(st.integers(0, 3)) if kind is QuestionType.NUMBER else None
        return {"minimum": Decimal(low), "maximum": Decimal(high), "decimals": decimals}
    if kind in (QuestionType.CHOICE, QuestionType.CHOICES):
        options = [Option(f"o{place}", LABEL) for place in range(draw(st.integers(2, 5)))]
        least = draw(st.integers(1, len(options))) if kind is QuestionType.CHOICES else None
        return {"options": options, "min_choices": least}
    return {}


@st.composite
def questions(draw: Any, key: str, earlier: list[Question]) -> Question:
    """One question of any type, that may wait for an earlier yes or no."""
    kind = draw(st.sampled_from((*PLAIN, *ROWS)))
    more: dict[str, Any] = limited(draw, kind)
    if kind in ROWS:
        most = draw(st.integers(1, 4))
        more = {"min_rows": draw(st.integers(0, most)), "max_rows": most}
        more["questions"] = [
            Question(f"c{place}", each, LABEL, required=draw(st.booleans()), **limited(draw, each))
            for place, each in enumerate(draw(st.lists(st.sampled_from(IN_A_ROW), min_size=1, max_size=3)))
        ]
    asked = [each.key for each in earlier if each.type is QuestionType.YES_NO]
    when = Condition(question=draw(st.sampled_from(asked)), equals=draw(st.booleans())) if asked else None
    return Question(key, kind, LABEL, required=draw(st.booleans()), when=when, **more)


@st.composite
def forms(draw: Any) -> Form:
    """A valid form of up to ten questions."""
    made: list[Question] = []
    for place in range(draw(st.integers(1, 10))):
        made.append(draw(questions(f"q{place}", made)))
    return Form([Section("s", LABEL, made)])


@given(form=forms(), key=st.text(max_size=8))
def test_whatever_the_form_the_invented_answers_can_be_sent(form: Form, key: str) -> None:
    assert not list(form_faults(form.sections))
    writer = Writer(key)
    assert unanswerable(form, answer_form(form, writer), writer) == {}


@given(form=forms())
def test_the_same_key_gives_the_same_answers(form: Form) -> None:
    assert answer_form(form, Writer("a")) == answer_form(form, Writer("a"))


@pytest.mark.parametrize("slug", sorted(path.stem for path in CALLS.glob("*.yaml")))
def test_every_applicant_of_a_shipped_call_keeps_what_it_asks_for_but_the_one_duty_it_breaks(slug: str) -> None:
    design = shipped(slug)
    for phase in design.phases:
        asked = design.at_phase(phase.key)
        form = Form(asked.questionnaire.sections)
        for part in parts_of(design):
            if part.fate_in(phase.key) is not part.fate and part.fate is not Fate.SOUND:
                continue
            writer = Writer(
                part.key, areas=[area.key for area in design.areas], grounds=grounds_of(design.areas),
                facts={"applicant.kind": part.rule.kind}, wanted=wanted_of(design, part),
                wishes=wishes_of([rule.when for rule in design.eligibility]),
                people=people_of(part.rule, part.breach, part.members, part.key, TERMS),
                unwanted=unwanted_of(asked.costs), pricing=pricing_of(asked.costs, form),
            )  # fmt: skip
            values = answer_form(form, writer)
            draft = Draft(
                form, values, frozenset(each.key for each in asked.documents_requested), asked, part.rule,
                part.rule.kind, facts=writer.facts, day=TERMS[0], organisations=max(part.partners, 2),
            )  # fmt: skip
            assert bool(unanswerable(form, values, writer) or duty_faults(draft)) == (
                part.breach not in (None, Breach.ORGANISATIONS)
            ), (part, duty_faults(draft))
            assert draft.filled.sum_of("budget.requested") in (part.requested, 0)
            spent = draft.filled.sum_of("budget.cost")
            assert not spent or part.cost <= spent <= part.cost + Decimal("0.05"), "what follows from it counts too"


@given(
    least=st.none() | st.integers(14, 40), most=st.none() | st.integers(40, 70), whose=st.sampled_from(AgesOf),
    count=st.integers(1, 9), years=st.integers(0, 3), key=st.text(max_size=4),
)  # fmt: skip
def test_people_keep_the_ages_of_the_call_from_its_first_term_to_its_last_and_unfit_ones_do_not(
    least: int | None, most: int | None, whose: AgesOf, count: int, years: int, key: str
) -> None:
    assume(least is not None or most is not None)
    assume(most is None or most - years > (least or 0))
    rule = ApplicantRule("informal_group", ["informal_group"], Decimal(1), Decimal(2), Decimal(0), minimum_age=least,
                         maximum_age=most, ages_of=whose)  # fmt: skip
    terms = date(2025, 2, 28), date(2025 + years, 2, 27)
    for breach in (None, Breach.AGES):
        found = people_of(rule, breach, count, key, terms)
        members = [Member("x", born, represents=place == 0) for place, born in enumerate(found.born)]
        for day in terms if breach is None else terms[:1]:
            assert bool(people_faults(rule, members, day)) == (breach is not None)
        assert (len(found.born), found.women <= count, found.under35 <= count) == (count, True, True)


def test_a_rule_of_eligibility_is_met_by_the_answers_it_needs() -> None:
    both = Condition(all=[Condition(question="a", at_least=3), Condition(any=[Condition(question="b", equals=True)])])
    assert wishes_of([both]) == {"a": 3, "b": True}
