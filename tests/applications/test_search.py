"""Italian words made one: what is written and what is looked for meet, whatever the ending and the accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.search import MOST_TERMS, MOST_WORDS, terms_of, words_of


def finds(question: str, *texts: str) -> bool:
    kept = set(words_of(texts))
    return all(term & kept for term in terms_of(question))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("bicicletta", "Un'officina di biciclette"),
        ("attivita", "Attività per la città"),
        ("ATTIVITÀ", "le attivita del quartiere"),
        ("l'orto degli anziani", "Orti per ogni anziano"),
        ("VIV-2026-000123", "VIV-2026-000123"),
        ("bambini", "per ogni bambino"),
        ("123", "VIV-2026-000123"),
        ("perché", "perche no"),
    ],
)
def test_what_is_looked_for_is_found(question, text):
    assert finds(question, text)


@pytest.mark.parametrize(("question", "text"), [("cassa", "La casa"), ("124", "VIV-2026-000123"), ("orto", "porto")])
def test_what_is_another_word_is_not(question, text):
    assert not finds(question, text)


def test_every_word_of_a_question_counts_but_the_little_ones():
    assert not finds("orto scolastico", "Un orto")
    assert finds("un orto della città", "Orti di città")
    assert terms_of("la di un"), "little words alone are looked for"
    assert terms_of(" … ") == []


@given(st.text(max_size=300))
def test_any_text_finds_itself_and_holds_nothing_that_an_engine_would_read(text):
    words, terms = words_of([text]), terms_of(text)
    assert len(words) <= MOST_WORDS
    assert len(terms) <= MOST_TERMS
    assert all(word.isalnum() for word in words)
    assert all(part.isalnum() for term in terms for part in term)
    assert finds(text, text)
