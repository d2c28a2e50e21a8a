"""Amounts, completeness, frozen content: what can be judged without a database."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.assessment import Draft, assess
from portal.applications.content import canonical, content_hash
from portal.applications.labels import LABELS, POINTS, TONES
from portal.applications.rules import (
    DOCUMENTS,
    REOPEN,
    RESTORE,
    SUBMIT,
    WITHDRAW,
    AdmissibilityPoint,
    Amounts,
    ApplicationStatus,
    amount_faults,
    has_own_share,
    is_within_limits,
    own_share_needed,
)
from portal.calls.rules import ApplicantRule
from portal.core.errors import IllegalMove
from portal.questionnaires.rules import Form, Option, Question, QuestionType
from portal.questionnaires.written import written_out
from tests.factories.base import bari_design

RULE = ApplicantRule(
    kind="legal_entity", forms=["association"], minimum=Decimal(15000), maximum=Decimal(40000), cofinancing=Decimal(15)
)
TEXT = {"it": "Testo", "en": "Text"}


def test_every_status_and_point_has_words():
    assert set(LABELS) == set(TONES) == set(ApplicationStatus)
    assert set(POINTS) == set(AdmissibilityPoint)


def test_a_sent_application_is_reopened_and_restored_but_not_sent_twice():
    assert RESTORE.apply(REOPEN.apply(SUBMIT.apply(ApplicationStatus.DRAFT))) is ApplicationStatus.SUBMITTED
    with pytest.raises(IllegalMove):
        SUBMIT.apply(ApplicationStatus.SUBMITTED)
    with pytest.raises(IllegalMove):
        WITHDRAW.apply(ApplicationStatus.ADMISSIBLE)


@pytest.mark.parametrize(
    ("requested", "total", "is_right"),
    [
        (1_500_000, 1_764_706, True), (1_499_999, 3_000_000, False), (4_000_000, 4_705_883, True),
        (4_000_001, 9_000_000, False), (1_700_000, 2_000_000, True), (1_700_001, 2_000_000, False),
        (2_000_000, 2_000_000, False), (2_000_000, 1_000_000, False), (2_000_000, 0, False),
    ],
)  # fmt: skip
def test_a_cent_too_much_is_refused_and_a_cent_less_is_not(requested, total, is_right):
    assert (amount_faults(RULE, Amounts(requested, total)) == []) is is_right


@given(total=st.integers(1, 10**11), share=st.decimals(0, 99, places=2))
def test_the_least_own_share_is_exact(total, share):
    rule = replace(RULE, cofinancing=share)
    needed = own_share_needed(rule, total)
    assert has_own_share(rule, Amounts(total - needed, total))
    assert needed * 100 >= total * share
    assert needed == 0 or (needed - 1) * 100 < total * share


def test_the_limits_themselves_are_allowed():
    assert is_within_limits(RULE, Amounts(1_500_000, 0))
    assert is_within_limits(RULE, Amounts(4_000_000, 0))


def empty_draft(**changes) -> Draft:
    design = bari_design()
    given_draft = Draft(
        form=Form(design.questionnaire.sections), values={}, documents=frozenset(), design=design,
        rule=design.rule_for("legal_entity", "association"), kind="legal_entity",
    )  # fmt: skip
    return replace(given_draft, **changes)


def test_an_empty_draft_lists_every_required_answer_and_document():
    found = assess(empty_draft())
    required = [question.key for question in empty_draft().form.questions if question.required]
    assert [fault.key for fault in found.faults if fault.section != DOCUMENTS] == required
    assert {fault.key for fault in found.of(DOCUMENTS)} == {"statute", "budget_plan"}


def test_a_group_is_asked_for_its_own_documents():
    group = empty_draft(kind="informal_group")
    assert [request.key for request in group.requests] == ["commitment", "budget_plan", "partner_letters"]
    assert not group.needs(group.requests[-1])


def test_an_applicant_whom_no_rule_takes_is_told():
    assert assess(empty_draft(rule=None)).of("")


def test_the_total_is_the_sum_of_the_costs():
    values = {"cost_staff": {"value": 100}, "cost_services": {"value": 23}, "requested": {"value": 50}}
    assert empty_draft(values=values).amounts == Amounts(50, 123)


def test_an_area_that_is_not_a_target_area_is_a_fault():
    faults = assess(empty_draft(values={"area": {"value": "atlantide"}})).faults
    assert any(fault.key == "area" for fault in faults)


@pytest.mark.parametrize(
    ("kind", "value", "italian"),
    [
        (QuestionType.MONEY, 123450, "€ 1.234,50"), (QuestionType.YES_NO, False, "No"),
        (QuestionType.YES_NO, True, "Sì"),
        (QuestionType.DECLARATION, True, "Dichiarato"), (QuestionType.DATE, "2026-03-02", "02/03/2026"),
        (QuestionType.AREA, "liberta", "Libertà"), (QuestionType.CHOICE, "a", "Prima"), (QuestionType.NUMBER, 0, "0"),
        (QuestionType.TEXT, None, "–"), (QuestionType.LONG_TEXT, "a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_a_frozen_answer_is_written_out(kind, value, italian):
    question = Question("k", kind, TEXT, options=[Option("a", {"it": "Prima", "en": "First"})])
    assert written_out(question, {"value": value}, {"liberta": "Libertà"})["it"] == italian


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.text())))
def test_the_hash_does_not_depend_on_the_order_of_keys(content):
    turned = dict(reversed(content.items()))
    assert canonical(content) == canonical(turned)
    assert content_hash(content) == content_hash(turned)
