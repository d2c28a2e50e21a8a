"""Questions as they are shown: valid, labelled, and sent back unchanged when nobody touches them."""

from types import SimpleNamespace

import pytest
from flask import g, render_template_string

from portal.questionnaires.forms import sent_section
from portal.questionnaires.labels import summary_of
from portal.questionnaires.rules import (
    Conflicting,
    Form,
    QuestionType,
    SectionSaved,
    check_form,
    stored_answer,
)
from tests.factories.questionnaires import AREAS, COMPLETE, make_question, make_sections
from tests.markup import faults, parsed

(SECTION,) = make_sections()
FORM = Form([SECTION])
BY_KEY = {question.key: question for question in SECTION.questions}
PLACES = [SimpleNamespace(key=key, name=key.title()) for key in AREAS]
HEAD = """{% from "questionnaires/_question.html" import question_field, section_fields, saved_parts with context %}
{% from "questionnaires/_answers.html" import answer_text, section_answers with context %}
{% from "components/forms.html" import form_start, form_end with context %}"""
FIELDS = HEAD + "{{ form_start('/') }}{{ section_fields(section, answers, areas=places, **more) }}{{ form_end() }}"
READ = HEAD + "{{ section_answers(section, values, places) }}"


@pytest.fixture
def render(app):
    """Render a template as a visitor sees it, and accept no faulty markup."""

    def rendered(template, language="it", **context):
        with app.test_request_context(f"/?lang={language}"):
            html = render_template_string(template, section=SECTION, places=PLACES, **context)
            assert faults(html, f"default-src 'none'; script-src 'nonce-{g.get('csp_nonce')}'") == []
            return html

    return rendered


def answers_to(typed):
    """The answers of a sheet, third version each."""
    return {
        key: SimpleNamespace(value=stored_answer(BY_KEY[key], words, areas=AREAS), version=3)
        for key, words in typed.items()
    }


WRONG = {"the_money": "12,345", "the_date": "30/02/2026", "the_choice": "gone", "the_area": "gone", "the_number": "x"}


@pytest.mark.parametrize("typed", [{}, COMPLETE, COMPLETE | WRONG])
def test_a_form_sent_back_untouched_changes_nothing(render, typed):
    html = render(FIELDS, answers=answers_to(typed), more={})
    (form,) = parsed(html).iter("form")
    sent = sent_section(SECTION, dict(form.form_values()))
    assert sent.base == dict.fromkeys((question.key for question in SECTION.questions), 3 if typed else 0)
    again = {question.key: sent.typed.get(question.key) for question in SECTION.questions}
    for question in SECTION.questions:
        stored = answers_to(typed)[question.key].value if typed else {"value": None}
        if question.type is QuestionType.CHOICE and stored.get("fault"):
            continue  # options that are no longer offered cannot be ticked
        assert stored_answer(question, again[question.key], areas=AREAS) == stored


def test_a_fault_stands_at_its_field_and_in_the_summary(render, app):
    with app.test_request_context("/"):
        found = check_form(FORM, {"the_money": {"value": None, "typed": "12,345", "fault": True}})
        summary = summary_of(FORM, found)
    tree = parsed(render(FIELDS, answers={}, more={"faults": found}))
    assert set(summary) <= set(tree.xpath("//@id"))
    assert all(message.startswith("Domanda ") for message in summary.values())
    assert len(tree.xpath("//*[@class='v-error']")) == len(SECTION.questions)


def test_a_conflict_shows_both_texts_and_leads_on_from_the_version_seen(render, now):
    conflict = Conflicting("the_text", {"value": "Di Ugo"}, {"value": "<b>Di Rosa"}, 7, now, None)
    html = render(FIELDS, answers=answers_to(COMPLETE), more={"conflicts": {"the_text": conflict}})
    (form,) = parsed(html).iter("form")
    values = dict(form.form_values())
    assert (values["the_text"], values["v-the_text"]) == ("Di Ugo", "7")
    assert "&lt;b&gt;Di Rosa" in html
    left = sent_section(SECTION, values | {"theirs-the_text": "yes"})
    assert "the_text" not in left.typed
    assert "the_text" not in left.base


def test_refused_text_stays_in_its_field(render):
    html = render(
        FIELDS, answers=answers_to(COMPLETE), more={"typed": {"the_long_text": "Testo </textarea>\0\ud800 lungo"}}
    )
    (area,) = parsed(html).iter("textarea")
    assert area.text.strip("\n") == "Testo </textarea>\ufffd\ufffd lungo"


def test_an_autosave_answers_with_versions_and_messages(render):
    saved = SectionSaved({"the_text": 4, "the_money": 2}, [], {"the_money": "Così no"}, {"the_long_text": "Troppo"})
    html = render(HEAD + "{{ saved_parts(section, saved) }}", saved=saved)
    tree = parsed(html)
    assert tree.xpath("//input[@id='v-the_text']/@value") == ["4"]
    assert [" ".join(p.text_content().split()) for p in tree.xpath("//p[@class='v-error']")] == [
        "Errore: Troppo" if "Errore" in html else "Error: Troppo",
        "Errore: Così no" if "Errore" in html else "Error: Così no",
    ]
    assert tree.xpath("//*[@id='q-the_text-says']/*") == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", ["€ 1.234,50", "1.250", "Città", "31 dicembre 2026"]),
        ("en", ["€1,234.50", "1,250", "No", "31 December 2026"]),
    ],
)
def test_answers_are_read_in_words(render, language, words):
    values = {key: answer.value for key, answer in answers_to(COMPLETE | {"the_choice": "city"}).items()}
    html = render(READ, language, values=values)
    assert all(word in html for word in words), html
    assert "Prima riga<br>Seconda riga" in html


def test_missing_and_faulty_answers_are_read_as_such(render):
    html = render(READ, values={"the_money": {"value": None, "typed": "<12,345>", "fault": True}})
    assert "&lt;12,345&gt;" in html
    assert html.count("–") == len(SECTION.questions) - 2  # neither the fault nor the declaration


def test_many_options_become_a_list(render):
    options = [SimpleNamespace(key=f"k{n}", label={"it": f"Voce {n}"}) for n in range(8)]
    question = make_question(QuestionType.CHOICE, options=options)
    html = render(HEAD + "{{ question_field(question, None) }}", question=question)
    assert len(parsed(html).xpath("//select/option")) == 9


def test_versions_that_are_no_numbers_count_as_none():
    form = {"the_text": "x", "v-the_text": "-1", "v-the_money": "9" * 30, "v-the_date": "٣", "extra": "y"}
    sent = sent_section(SECTION, form)
    assert sent.typed == {"the_text": "x"}
    assert set(sent.base.values()) == {0}
