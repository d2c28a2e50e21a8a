"""What may be mended, by when, with which clock, and how alike; as pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from portal.applications.admissibility import (
    ItemKind,
    Parity,
    Pause,
    Treated,
    Treatment,
    days_left,
    easter,
    end_of_term,
    is_holiday,
    mendable_in,
    procedure_clock,
)
from portal.calls.rules import AdmissionRules
from portal.calls.rules.validity import faults_of
from portal.questionnaires.rules import Form, QuestionType
from tests.factories.calls import shipped_design

ROME = "Europe/Rome"
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
instants = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2032, 1, 1), timezones=st.just(UTC))


def test_by_default_papers_and_declarations_may_be_mended_and_nothing_of_the_project():
    design = shipped_design("bari-urbis")
    form = Form(design.sections)
    found = mendable_in(design, form)
    assert {each.key for each in found if each.kind is ItemKind.DOCUMENT} == {
        each.key for each in design.documents_requested
    }
    asked = [form.by_key[each.key] for each in found if each.kind is ItemKind.QUESTION]
    assert asked
    assert all(each.type is QuestionType.DECLARATION and not each.tag for each in asked)


def test_a_call_that_names_them_lets_only_those_be_mended():
    design = shipped_design("bari-urbis")
    first = design.documents_requested[0].key
    design = replace(design, admission=AdmissionRules(mendable=[first]))
    assert [each.key for each in mendable_in(design, Form(design.sections))] == [first]


def test_a_call_cannot_name_the_project_nor_terms_beyond_the_law():
    design = shipped_design("bari-urbis")
    title = next(
        each.key for section in design.sections for each in section.questions if each.tag == "application.title"
    )
    rules = AdmissionRules(integration_days=31, mendable=[title, "nothing"], objection_days=5)
    places = {each.place for each in faults_of(replace(design, admission=rules))}
    assert {
        "admission.integration_days", "admission.objection_days", "admission.mendable.0", "admission.mendable.1",
    } <= places  # fmt: skip
    assert not [each for each in faults_of(design) if each.place.startswith("admission")]


def test_the_first_day_is_not_counted_and_a_holiday_moves_the_term_on():
    assert end_of_term(MARCH, 10, ROME) == datetime(2026, 3, 12, 22, 59, 59, 999999, tzinfo=UTC)
    assert end_of_term(MARCH, 6, ROME).date() == date(2026, 3, 9), "the 8th is a Sunday"
    assert end_of_term(datetime(2026, 12, 15, 9, tzinfo=UTC), 10, ROME).date() == date(2026, 12, 28)


def test_holidays_of_italy():
    assert [easter(year) for year in (2024, 2025, 2026, 2027)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28),
    ]  # fmt: skip
    assert is_holiday(date(2026, 4, 6))
    assert not is_holiday(date(2024, 10, 4))
    assert is_holiday(date(2027, 10, 4))


@given(instants, st.integers(1, 30))
def test_a_term_is_never_shorter_than_its_days_and_ends_on_a_working_day(begun, days):
    due = end_of_term(begun, days, ROME)
    assert due - begun >= timedelta(days=days - 1, hours=23)
    assert not is_holiday((due + timedelta(hours=1)).date())


@given(instants, st.integers(0, 60), st.integers(0, 60), st.integers(0, 90))
def test_days_that_count_and_days_that_do_not_make_the_whole(begun, since, length, now):
    pause = Pause(begun + timedelta(days=since), begun + timedelta(days=since + length))
    clock = procedure_clock(begun, begun + timedelta(days=now), [pause])
    assert clock.counted + clock.suspended == now
    assert clock.stands_still == (since <= now < since + length)
    assert procedure_clock(begun, begun + timedelta(days=now), []).counted == now


def test_an_extension_stays_within_thirty_days():
    assert days_left(10, 20)
    assert not days_left(10, 21)
    assert not days_left(10, 0)


def treated(how, days=None):
    return Treated(uuid4(), "VIV-2026-000001", "A", "statute", how, days)


def test_the_same_fault_is_to_be_treated_alike():
    asked, refused = treated(Treatment.ASKED, 10), treated(Treatment.REFUSED)
    assert not Parity([], None).is_unequal
    assert not Parity([asked], 10).is_unequal
    assert Parity([asked], 7).other_terms == [10]
    assert Parity([asked], 7).is_unequal
    assert Parity([refused], 10).is_unequal, "somebody was refused for what this one may mend"
    assert Parity([asked], None).is_unequal, "refusing what another may mend"
    assert not Parity([refused], None).is_unequal
