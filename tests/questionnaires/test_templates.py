"""Questions as they are shown: valid, labelled, and sent back unchanged when nobody touches them."""

from types import SimpleNamespace

import pytest
from flask import g, render_template_string
from werkzeug.datastructures import MultiDict

from portal.questionnaires.fields import Setting, State, answers_read, fields_of
from portal.questionnaires.forms import sent_section
from portal.questionnaires.models import Answer
from portal.questionnaires.rules import (
    Conflicting,
    FilledForm,
    Form,
    Ground,
    Option,
    QuestionType,
    Section,
    SectionSaved,
    check_form,
    stored_answer,
)
from tests.factories.questionnaires import AREAS, COMPLETE, RICH, make_question, make_rich_sections, make_sections, text
from tests.markup import faults, parsed

SECTION = Section("all", text("Tutto"), [q for s in (*make_sections(), *make_rich_sections()) for q in s.questions])
FORM = Form([SECTION])
BY_KEY = FORM.by_key
TYPED = COMPLETE | RICH
PLACES = Setting({key: key.title() for key in AREAS}, [Ground("liberta", (41.1221, 16.8569), 500)])
HEAD = """{% from "questionnaires/_question.html" import question_field, section_fields, saved_parts with context %}
{% from "questionnaires/_answers.html" import section_answers with context %}
{% from "components/forms.html" import form_start, form_end with context %}"""
FIELDS = HEAD + "{{ form_start('/') }}{{ section_fields(fields, '/save') }}{{ form_end() }}"
READ = HEAD + "{{ section_answers('all', 'Tutto', answers) }}"


@pytest.fixture
def render(app):
    """Render a template as a visitor sees it, and accept no faulty markup."""

    def rendered(template, language="it", **context):
        with app.test_request_context(f"/?lang={language}"):
            given = {name: make() if callable(make) else make for name, make in context.items()}
            html = render_template_string(template, **given)
            assert faults(html, f"default-src 'none'; script-src 'nonce-{g.get('csp_nonce')}'") == []
            return html

    return rendered


def answers_to(typed, version=3):
    """The answers of a sheet, third version each."""
    return {
        key: SimpleNamespace(value=stored_answer(BY_KEY[key], words, areas=AREAS), version=version)
        for key, words in typed.items()
    }


def values_of(typed):
    return {key: answer.value for key, answer in answers_to(typed).items()}


def fields(typed=None, /, **state):
    """The fields of the whole section, worked out when they are rendered."""
    typed = typed or {}
    filled = FilledForm(FORM, values_of(typed))
    return lambda: fields_of(filled, SECTION.questions, answers_to(typed), PLACES, State(**state))


def sent(html):
    """What the browser would send, untouched."""
    (form,) = parsed(html).iter("form")
    return sent_section(SECTION.questions, MultiDict(form.form_values()))


WRONG = {"the_money": "12,345", "the_date": "30/02/2026", "the_area": "gone", "the_number": "x", "the_iban": "IT00",
         "the_address": {"street": "Via", "number": "", "postcode": "x", "municipality": "Atlantide"},
         "costs": [{"item": "a", "quantity": "molti"}]}  # fmt: skip


@pytest.mark.parametrize("typed", [{}, TYPED, TYPED | WRONG])
def test_a_form_sent_back_untouched_changes_nothing(render, typed):
    found = sent(render(FIELDS, fields=fields(typed)))
    assert found.base == dict.fromkeys((question.key for question in SECTION.questions), 3 if typed else 0)
    for question in SECTION.questions:
        stored = values_of(typed)[question.key] if typed else {"value": None}
        if question.type is not QuestionType.FILES:  # never read from a form
            assert stored_answer(question, found.typed.get(question.key), areas=AREAS) == stored, question.key


def test_a_fault_stands_at_its_field_and_its_anchor_exists(render, app):
    with app.test_request_context("/"):
        found = {key: str(message) for key, message in check_form(FORM, {}).items()}
        anchors = {each.anchor for each in fields(faults=found)()}
    tree = parsed(render(FIELDS, fields=fields(faults=found)))
    assert anchors <= set(tree.xpath("//@id"))
    assert len(tree.xpath("//*[@class='v-error']")) == len(found) >= len(COMPLETE)


def test_a_conflict_shows_both_texts_and_leads_on_from_the_version_seen(render, now):
    conflict = Conflicting("the_text", {"value": "Di Ugo"}, {"value": "<b>Di Rosa"}, 7, now, None)
    html = render(FIELDS, fields=fields(TYPED, conflicts={"the_text": conflict}))
    (form,) = parsed(html).iter("form")
    values = MultiDict(form.form_values())
    assert (values["the_text"], values["v-the_text"]) == ("Di Ugo", "7")
    assert "&lt;b&gt;Di Rosa" in html
    values["theirs-the_text"] = "yes"
    left = sent_section(SECTION.questions, values)
    assert "the_text" not in left.typed
    assert "the_text" not in left.base


def test_refused_text_stays_in_its_field(render):
    html = render(FIELDS, fields=fields(TYPED, typed={"the_long_text": "Testo </textarea>\0\ud800 lungo"}))
    (area,) = parsed(html).xpath("//textarea[@name='the_long_text']")
    assert area.text.strip("\n") == "Testo </textarea>\ufffd\ufffd lungo"


def test_an_autosave_answers_with_versions_and_messages(render):
    saved = SectionSaved({"the_text": 4, "the_money": 2}, [], {"the_money": "Così no"}, {"the_long_text": "Troppo"})
    wrong = {"the_money": "Così no", "the_long_text": "Troppo"}
    seen = dict.fromkeys(BY_KEY, 3)
    html = render(HEAD + "{{ saved_parts(fields, saved, seen) }}", fields=fields(faults=wrong), saved=saved, seen=seen)
    tree = parsed(html)
    assert tree.xpath("//input[@id='v-the_text']/@value") == ["4"]
    said = [" ".join(p.text_content().split()) for p in tree.xpath("//p[@class='v-error']")]
    assert [words.split(": ")[1] for words in said] == ["Troppo", "Così no"]
    assert tree.xpath("//*[@id='q-the_text-says']/*") == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", ["€ 1.234,50", "1.250", "Città", "31 dicembre 2026", "12,5 %", "Bari (BA)", "€ 25,25"]),
        ("en", ["€1,234.50", "1,250", "No", "31 December 2026", "Bari (BA)", "€25.25", "Prefers not to say"]),
    ],
)
def test_answers_are_read_in_words_and_tables_with_their_totals(render, language, words):
    filled = FilledForm(FORM, values_of(TYPED | {"the_choice": "city"}))
    html = render(READ, language, answers=lambda: answers_read(filled, SECTION.questions, PLACES))
    assert all(word in html for word in words), html
    assert "Prima riga<br>Seconda riga" in html
    assert parsed(html).xpath("//tfoot//strong")
    assert "piano.pdf" in html


def test_missing_and_faulty_answers_are_read_as_such(render):
    filled = FilledForm(FORM, {"the_money": {"value": None, "typed": "<12,345>", "fault": True}})
    html = render(READ, answers=lambda: answers_read(filled, SECTION.questions, PLACES))
    assert "&lt;12,345&gt;" in html
    assert html.count("–") == len(SECTION.questions) - 2  # neither the fault nor the declaration


def test_many_options_become_a_list_and_one_that_is_gone_stays(render):
    options = [Option(f"k{n}", text(f"Voce {n}")) for n in range(8)]
    question = make_question(QuestionType.CHOICE, options=options)
    gone = {"value": None, "typed": "old", "fault": True}
    stored = {"the_choice": Answer(key="the_choice", value=gone, version=1)}
    filled = FilledForm(Form([Section("s", text("S"), [question])]), {})
    html = render(HEAD + "{{ question_field(fields[0]) }}", fields=lambda: fields_of(filled, [question], stored))
    assert len(parsed(html).xpath("//select/option")) == 10
    assert parsed(html).xpath("//select/option[@selected]/@value") == ["old"]
