"""What was stored before a rule existed reads, and is computed, as it was then: to the byte."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from portal.evaluation.ranking import canonical, compute_ranking, digest, input_json, output_json, read_input

STORED = Path(__file__).parent / "stored" / "input_of_the_first_version.json"
"""Written by the engine before criteria had sources, and places and draws existed: two lines, three evaluators, one
recusal, every threshold, a cap, halves to even, partial grants."""
INPUT = "02ace73ac6c6d3069c786bda6b74a71eba573a66b993e1e94620c7f6b286e5d7"
OUTPUT = "a705237d8f83b4c7a53d66b787d9e85ee95705ad93a80783a0a60f6247f20f1c"


def test_a_ranking_of_the_first_version_keeps_its_bytes():
    content = STORED.read_bytes()
    assert digest(content) == INPUT
    run = compute_ranking(read_input(content))
    assert digest(output_json(run)) == OUTPUT
    assert input_json(run.given, run.sheets) == input_json(run.given) == content


SMALL = st.integers(min_value=-(2**63), max_value=2**63 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | SMALL | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_the_quick_writer_says_what_was_hashed_since_the_first_version(value):
    assert canonical._text(value) == json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
