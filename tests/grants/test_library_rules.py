"""What a text of the library may say, and that a value never becomes more than text."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.core.text import clean_line
from portal.core.web.markdown import to_html
from portal.grants.library.fields import FIELDS, TextKind, example_tables, examples
from portal.grants.library.rules import UNKNOWN_VALUE, faults_of, fields_in, filled, must_be_sound

CLAUSE, STATUTE = TextKind.CLAUSE, TextKind.STATUTE


@pytest.mark.parametrize(
    ("body", "kind", "places"),
    [
        ("{{ recipient }} riceve {{amount}}.", CLAUSE, []),
        ("Una riga.\nDue {{ recipent }}.", CLAUSE, [(2, 5)]),
        ("{{ recipient.name }}", CLAUSE, [(1, 1)]),
        ("{{ }} e {{ cup", CLAUSE, [(1, 1), (1, 9)]),
        ("chiude }} male", STATUTE, [(1, 8)]),
        ("{{ cup }}", STATUTE, [(1, 1)]),
        ("Ecco: {{ milestones }}", CLAUSE, [(1, 7)]),
        ("Ecco:\n\n{{ milestones }}\n", CLAUSE, []),
        ("# Oggetto\n\nTesto", CLAUSE, [(1, 1)]),
        ("Oggetto\n=======\n", CLAUSE, [(2, 1)]),
        ("## Art. 1\n\nTesto\n\n---\n", STATUTE, []),
        ("{% for x in y %}", CLAUSE, []),
    ],
)
def test_a_fault_is_told_with_its_place(body, kind, places):
    assert [(each.line, each.column) for each in faults_of(body, kind)] == places


def test_an_unknown_field_is_refused_with_the_known_ones():
    with pytest.raises(Invalid) as refused:
        must_be_sound("Spett. {{ recipent }}", CLAUSE)
    said = str(refused.value.message)
    assert refused.value.field == "body"
    assert "recipent" in said
    assert all(name in said for name in FIELDS[CLAUSE])


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_a_value_is_read_as_it_was_written_and_as_nothing_else(value):
    html = str(to_html(filled("Tra {{ recipient }} e noi", {"recipient": value})))
    said = clean_line(value) or UNKNOWN_VALUE
    assert re.findall(r"<[^>]*>", html) == ["<p>", "</p>"]
    assert " ".join(unescape(html[3:-4]).split()) == " ".join(f"Tra {said} e noi".split())


@pytest.mark.parametrize("kind", TextKind)
def test_every_field_has_an_example_and_a_table_is_one(kind):
    body = "\n\n".join(f"{{{{ {name} }}}}" for name in FIELDS[kind])
    assert faults_of(body, kind) == []
    assert fields_in(body) == tuple(FIELDS[kind])
    html = str(to_html(filled(body, examples(kind), example_tables(kind))))
    assert UNKNOWN_VALUE not in html
    assert html.count("<table>") == len(example_tables(kind))
