"""A call's file: every fault at once, each with its line, place and mend; what is read is what is written."""

import json
import time

import pytest
import yaml

from portal.calls.callfile import (
    CallFileRefused,
    design_from_json,
    design_hash,
    design_to_json,
    json_schema,
    normalised,
    read_call_file,
    write_call_file,
)
from portal.core.i18n import speaking
from tests.factories.base import CALLS
from tests.factories.calls import shipped_text
from tests.house.sources import ROOT

AREAS = "areas_required: true"
FILES = sorted(path.stem for path in CALLS.glob("*.yaml"))


def faults(text):
    """What the file is refused for."""
    with pytest.raises(CallFileRefused) as refused:
        read_call_file(text)
    return refused.value.faults


@pytest.mark.parametrize("slug", FILES)
def test_a_shipped_call_is_read_and_written_without_loss(slug):
    design = read_call_file(shipped_text(slug))
    written = write_call_file(design)
    assert read_call_file(written) == design
    assert shipped_text(slug) == normalised(written) == written, "write it as `portal call export` does"
    assert design_hash(read_call_file(written)) == design_hash(design)
    assert design_from_json(json.loads(json.dumps(design_to_json(design)))) == design


def test_the_published_schema_is_the_one_of_the_code(app):
    published = json.loads((ROOT / "docs" / "call.schema.json").read_text(encoding="utf-8"))
    with app.app_context(), speaking("it"):
        assert published == json_schema(), "write it anew: portal call schema > docs/call.schema.json"


def test_every_key_of_the_schema_says_what_it_is_for():
    schema = json_schema()
    parts = [schema, *(part for part in schema["$defs"].values() if "properties" in part)]
    for part in parts:
        for key, shown in part["properties"].items():
            assert shown["description"].endswith((".", "…")), (part["title"], key)


def test_every_fault_is_told_at_once_with_its_line_its_place_and_its_mend():
    text = (
        shipped_text("bari-urbis")
        .replace("share: '40.00'", "share: '10.00'")
        .replace(AREAS, f"{AREAS}\ndecimals: 9\npayment_days: 0")
    )
    found = faults(text)
    assert [fault.place for fault in found] == ["tranches", "decimals", "payment_days"]
    lines = text.splitlines()
    for fault in found:
        assert lines[fault.line - 1].startswith(fault.place), "the line is that of the key"
        assert str(fault.mend)
        assert str(fault).startswith(f"line {fault.line}, {fault.place}: ")


def test_a_fault_inside_a_list_has_the_line_of_its_item():
    text = shipped_text("bari-urbis").replace("kind: informal_group", "kind: informal")
    place = {fault.place: fault for fault in faults(text)}["applicants.1.kind"]
    assert "kind: informal" in text.splitlines()[place.line - 1]


@pytest.mark.parametrize(
    ("written", "wrong", "mend"),
    [
        (AREAS, f"{AREAS}\npaiment_days: 80", "“payment_days”"),
        (AREAS, f"{AREAS}\ndecimal: 2", "“decimals”"),
        (AREAS, "area_required: true", "“areas_required”"),
        ("  maximum: '25'", "  maximun: '25'", "“maximum”"),
        ("      max_chars: 1500", "      max_char: 1500", "“max_chars”"),
        ("edge_rule: partial", "edge_rule: partia", "'partial'"),
        (AREAS, f"{AREAS}\ndecimals: two", "whole number"),
        ("lat: 41.1221", "lat: north", "45.0703"),
        (AREAS, "areas_required: perhaps", "true or false"),
        ("- number: 2018/210/01847\n  date: '2018-10-12'", "- number: a\n  date: October", "2026-12-31"),
    ],
)  # fmt: skip
def test_what_is_not_understood_comes_with_what_to_write(written, wrong, mend):
    text = shipped_text("bari-urbis")
    assert written in text
    assert mend in " ".join(str(fault.mend) for fault in faults(text.replace(written, wrong)))


def test_an_unknown_key_that_resembles_nothing_lists_the_known_ones():
    (fault,) = faults(shipped_text("bari-urbis") + "colour: red\n")
    assert (fault.place, "slug" in str(fault.mend)) == ("colour", True)


def test_a_text_with_what_nobody_sees_is_refused_with_its_place():
    (fault,) = faults(shipped_text("bari-urbis").replace("officer: ", 'officer: "\\x0b"  # ', 1))
    assert (fault.place, "control character" in str(fault)) == ("officer", True)


def test_a_deadline_without_its_hour_is_refused():
    text = shipped_text("bari-urbis").replace("closes: '2018-12-10T12:00:00'", "closes: 2018-12-10")
    (fault,) = faults(text)
    assert (fault.place, "2018-12-10T12:00" in str(fault.mend)) == ("phases.0.deadlines.0.closes", True)


def test_a_deadline_with_an_offset_is_refused():
    text = shipped_text("bari-urbis").replace("closes: '2018-12-10T12:00:00'", 'closes: "2018-12-10T12:00+01:00"')
    assert [fault for fault in faults(text) if "offset" in str(fault)]


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        (BOMB, "Aliases", 2),
        ("slug: a\nslug: b\n", "This key stands twice", 2),
        ("[" * 3000, "nested too deep", 1),
        ("a: [", "This is not YAML", 2),
        ("a: 1\nb: : 2\n", "This is not YAML", 2),
        ("\x00", "This is not YAML", None),
        ("x" * 5_000_000, "larger than", None),
        ("é" * 600_000, "larger than", None),
        ("", "the file: ", 1),
        ("- 1", "the file: ", 1),
        ("opens: 2018-99-99T00:00:00", "This is not YAML", None),
    ],
    ids=["bomb", "twice", "deep", "open", "colon", "nul", "5 MB", "1.2 MB", "empty", "list", "date"],
)
def test_what_is_no_call_is_refused_in_one_line(text, why, line):
    started = time.perf_counter()
    (found,) = faults(text)[:1]
    assert why in str(found)
    assert found.line == line
    assert "\n" not in str(found)
    assert time.perf_counter() - started < 1


def long_call(questions: int) -> str:
    """A call whose form has so many questions, with help, conditions and computed answers."""
    data = yaml.safe_load(shipped_text("bari-urbis"))
    many = [
        {
            "key": f"q{number}", "type": "money" if number % 3 == 0 else "long_text", "required": True,
            "label": {"it": f"Domanda {number}", "en": f"Question {number}"},
            "help": {"it": "Un aiuto lungo quanto basta.", "en": "A help as long as needed."},
            "when": {"all": [{"question": "other_funding", "equals": True}, {"fact": "applicant.members", "above": 2}]},
        }
        for number in range(questions)
    ]  # fmt: skip
    title = {"it": "Molte", "en": "Many"}
    for start in range(0, questions, 15):
        section = {"key": f"s{start}", "title": title, "questions": many[start : start + 15]}
        data["questionnaire"]["sections"].append(section)
    return json.dumps(data, default=str)


@pytest.mark.parametrize("text", [max(map(shipped_text, FILES), key=len), long_call(150)], ids=["shipped", "150"])
def test_validating_a_call_takes_less_than_a_second(text):
    read_call_file(text)
    started = time.perf_counter()
    read_call_file(text)
    assert time.perf_counter() - started < 1
