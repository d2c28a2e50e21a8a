"""The explanation of a result, line by line, in both languages; and the bytes that are stored."""

import hashlib
import json
import re
from decimal import Decimal

from portal.evaluation.ranking import (
    Criterion,
    EdgeRule,
    Outcome,
    Ranking,
    ReasonCode,
    Recusal,
    Rounding,
    Scheme,
    TieBreak,
    TieRule,
    compute_ranking,
    digest,
    explain,
    input_json,
    output_json,
)
from portal.evaluation.ranking.words import ENGLISH, ITALIAN
from tests.factories.ranking import BY_REQUEST, a_candidate, an_input

SCHEME = Scheme(
    criteria=(
        Criterion("quality", Decimal(60), threshold=Decimal("30.5")),
        Criterion("quantity", Decimal(50)),
    ),
    minimum_total=Decimal(60),
    cap=Decimal(100),
    tie_breaks=(TieBreak(TieRule.CRITERION, "quality"), BY_REQUEST),
    edge_rule=EdgeRule.PARTIAL,
    minimum_partial_bp=4000,
)
NAMES = {
    "quality": "Qualità",
    "quantity": "Quantità",
    "main": "Dotazione",
    "e1": "A. Riva",
    "e2": "U. Sala",
}


def a_ranking() -> Ranking:
    return compute_ranking(
        an_input(
            SCHEME,
            {
                a_candidate("a", asks=1_500_000, order=4): [[60, 50], [59, "49.5"], [10, 10]],
                a_candidate("b", asks=1_000_000, order=2): [[50, 50], [50, "50"], [50, 50]],
                a_candidate("c", asks=900_000, order=1): [[20, 20], [40, 30], [31, 30]],
            },
            budget=1_900_000,
            recusals=[Recusal("a", "e3")],
        )
    )


def test_an_explanation_in_italian_holds_every_number() -> None:
    assert explain(a_ranking(), "b", "it", NAMES) == [
        "Domanda B, linea Dotazione.",
        "Contributo richiesto: EUR 10.000,00. Cofinanziamento: 15,00 %. Ordine di protocollo: 2.",
        "Commissari che contano: 3 (A. Riva, U. Sala, e3).",
        "Qualità (da 0 a 60): 50 (A. Riva) + 50 (U. Sala) + 50 (e3); somma 150 / 3 = 50, pubblicato 50,00.",
        "  Minimo 30,5: raggiunto con 50,00.",
        "Quantità (da 0 a 50): 50 (A. Riva) + 50 (U. Sala) + 50 (e3); somma 150 / 3 = 50, pubblicato 50,00.",
        "Somma esatta delle medie: 100.",
        "Punteggio totale, arrotondato una sola volta a 2 decimali (la metà per eccesso): 100,00.",
        "  Minimo 60: raggiunto con 100,00.",
        "Posizione in graduatoria: 2.",
        "Subito sopra c'è A: decide il punteggio del criterio Qualità, 50,00 contro 59,50.",
        "Linea Dotazione: EUR 19.000,00; assegnati prima EUR 15.000,00, disponibili EUR 4.000,00.",
        "Assegnati EUR 4.000,00 su EUR 10.000,00 richiesti; totale progressivo EUR 19.000,00.",
        "Esito: ammessa e finanziata in parte.",
        ITALIAN["remainder_granted"].format(left_cents="4.000,00", requested_cents="10.000,00", least_cents="4.000,00"),
    ]


def test_an_explanation_in_english_names_the_recused_the_cap_and_the_neighbour_below() -> None:
    assert explain(a_ranking(), "a", "en") == [
        "Application A, line main.",
        "Grant requested: EUR 15,000.00. Co-financing: 15.00 %. Protocol order: 4.",
        "Scores not counted, because of recusal: e3.",
        "Evaluators who count: 2 (e1, e2).",
        "quality (0 to 60): 60 (e1) + 59 (e2); sum 119 / 2 = 119/2, published 59.50.",
        "  Minimum 30.5: reached with 59.50.",
        "quantity (0 to 50): 50 (e1) + 49.5 (e2); sum 99.5 / 2 = 199/4, published 49.75.",
        "Exact sum of the means: 437/4.",
        "The sum exceeds the cap of 100: it counts as 100.",
        "Total score, rounded once to 2 decimals (halves up): 100.00.",
        "  Minimum 60: reached with 100.00.",
        "Place in the ranking: 1.",
        "Just below is B: decided by the score of the criterion quality, 59.50 against 50.00.",
        "Line main: EUR 19,000.00; EUR 0.00 awarded before, EUR 19,000.00 left.",
        "EUR 15,000.00 awarded of EUR 15,000.00 requested; running total EUR 15,000.00.",
        "Outcome: suitable and funded.",
    ]


def test_an_explanation_of_a_failure_says_which_minimum_was_missed() -> None:
    lines = explain(a_ranking(), "c")
    assert "  Minimo 30,5: non raggiunto con 30,33." in lines
    assert "  Minimo 60: non raggiunto con 57,00." in lines
    assert lines[-4:] == [
        "Nessuna posizione in graduatoria.",
        "Esito: non idonea.",
        "Motivo: nel criterio quality ha 30,33 punti, il minimo è 30,5.",
        "Motivo: ha 57,00 punti in totale, il minimo è 60.",
    ]


def test_both_languages_have_the_same_sentences_with_the_same_places() -> None:
    assert ITALIAN.keys() == ENGLISH.keys()
    for key, italian in ITALIAN.items():
        assert sorted(re.findall(r"{\w+}", italian)) == sorted(re.findall(r"{\w+}", ENGLISH[key])), key


def test_every_outcome_reason_and_rule_has_its_words() -> None:
    needed = {each.value for kind in (Outcome, ReasonCode, Rounding) for each in kind}
    needed |= {f"by_{rule.value}" for rule in TieRule}
    assert needed <= ITALIAN.keys()


def test_the_stored_bytes_are_canonical_and_their_digest_is_sha256() -> None:
    ranking = a_ranking()
    for content in (input_json(ranking.given), output_json(ranking)):
        assert json.dumps(json.loads(content), sort_keys=True, separators=(",", ":")).encode() == content
        assert digest(content) == hashlib.sha256(content).hexdigest()
    assert input_json(ranking.given, ranking.sheets) == input_json(ranking.given)
    assert json.loads(input_json(ranking.given))["sheets"]["a"]["e2"] == ["59", "49.5"]


def test_points_typed_differently_give_the_same_bytes() -> None:
    typed = [an_input(SCHEME, {a_candidate("a"): [[points, 50]]}) for points in ("40", "40.0", "40.00", "4E+1")]
    assert len({input_json(each) for each in typed}) == 1


def test_the_digest_of_a_known_run_never_changes() -> None:
    ranking = a_ranking()
    assert digest(input_json(ranking.given)) == "6c4c8e82d3528691d32405bfafd7b7db4c5b0e23b3909eed74f85cb916046281"
    assert digest(output_json(ranking)) == "ca73fd635e5637d4b16d1c6a2f0e3041f40fdbd284864d89f65867dca6141b27"
