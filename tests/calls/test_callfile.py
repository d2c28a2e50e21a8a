"""A call's file: every fault at once, each with its place; what is read is what is written."""

import json
import re

import pytest
import yaml

from portal.calls.callfile import (
    CallFileRefused,
    design_from_json,
    design_hash,
    design_to_json,
    json_schema,
    read_call_file,
    write_call_file,
)
from tests.factories.calls import SHIPPED, shipped_design, shipped_text
from tests.house.sources import ROOT


def faults(text: str) -> list[str]:
    """What the file is refused for."""
    with pytest.raises(CallFileRefused) as refused:
        read_call_file(text)
    return refused.value.faults


def changed(*path, to, slug="bari-urbis") -> str:
    """A shipped file with one value changed."""
    data = yaml.safe_load(shipped_text(slug))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return yaml.safe_dump(data, allow_unicode=True)


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_call_is_read_and_written_without_loss(slug):
    design = shipped_design(slug)
    again = read_call_file(write_call_file(design))
    assert again == design
    assert design_hash(again) == design_hash(design)
    assert design_from_json(json.loads(json.dumps(design_to_json(design)))) == design


def test_the_published_schema_is_the_one_of_the_code():
    published = json.loads((ROOT / "docs" / "call.schema.json").read_text(encoding="utf-8"))
    assert published == json_schema()


WRONG = [
    ("slug", "Bari URBIS", "slug: "),
    (("authority", "code"), "BARI!", "authority.code: "),
    (("authority", "iban"), "IT64Y0542811101000000123456", "authority.iban: "),
    (("authority", "fiscal_code"), "123", "authority.fiscal_code: "),
    ("email", "nowhere", "email: "),
    ("cup", "F79D1900003000", "cup: "),
    (("title", "en"), " ", "title.en: the text is missing"),
    (("texts", "who"), {"it": "Chi"}, "texts.who.en: the text is missing"),
    (("title", "fr"), "Titre", "title.fr: texts are in it and en only"),
    ("decimals", 3, "decimals: 0, 1 or 2"),
    ("minimum_total", "101", "minimum_total: 101 is not between 0 and the sum of the maxima, 100"),
    (("criteria", 0, "threshold"), "26", "criteria.0.threshold: 26 is not between 0 and the maximum, 25"),
    (("criteria", 0, "maximum"), "25.005", "criteria.0.maximum: 25.005 has more than two decimals"),
    (("criteria", 1, "key"), "impact", "criteria: key 'impact' stands twice"),
    (("criteria", 1, "key"), "Impatto sociale", "criteria: key 'Impatto sociale': lower-case"),
    (("tie_breaks", 0, "criterion"), "beauty", "tie_breaks.0.criterion: 'beauty' is no criterion"),
    (("tie_breaks", 1, "criterion"), "impact", "tie_breaks.1.criterion: only `by: criterion`"),
    (("tie_breaks", 2, "by"), "lower_request", "tie_breaks: 'lower_request' stands twice"),
    (("budget_lines", 0, "amount"), "2564000.001", "budget_lines.0.amount: 2564000.001 has more than two decimals"),
    (("budget_lines", 0, "amount"), "0", "budget_lines.0.amount: 0 is not an amount"),
    (("budget_lines", 0, "amount"), "20000", "applicants.0.maximum: 40000.00 is more than the whole budget"),
    (("applicants", 0, "minimum"), "50000", "applicants.0.minimum: 50000 is more than the maximum"),
    (("applicants", 0, "cofinancing"), "100", "applicants.0.cofinancing: "),
    (("applicants", 0, "kind"), "person", "applicants.0.kind: 'person' is not one of"),
    (("applicants", 0, "forms"), ["informal_group"], "applicants.0.forms: 'informal_group' is not a legal form"),
    (("applicants", 0, "must_incorporate_days"), 90, "applicants.0.must_incorporate_days: "),
    (("phases", 0, "opens"), "2018-12-11T09:00", "phases.0.deadlines.0.closes: must come after phases.0.opens"),
    (("phases", 0, "deadlines", 1, "closes"), "2018-12-09T12:00", "phases.0.deadlines.1.closes: must come after"),
    (("phases", 0, "deadlines", 1, "act"), None, "phases.0.deadlines.1: an extension needs its act"),
    (("phases", 0, "deadlines", 1, "closes"), "2019-03-31T02:30", "31/03/2019 02:30 does not exist in Europe/Rome"),
    (("phases", 0, "zone"), "Roma", "phases.0.opens: 'Roma' is not a zone"),
    (("phases", 0, "grace_seconds"), -1, "phases.0.grace_seconds: from 0 to 3600"),
    (("phases", 0, "deadlines"), [], "phases.0.deadlines: one is needed"),
    (("documents_requested", 0, "required_for"), ["person"], "documents_requested.0.required_for: 'person'"),
    (("documents_requested", 0, "accept"), ["exe"], "documents_requested.0.accept: exe: choose among"),
    (("documents_requested", 0, "max_mb"), 200, "documents_requested.0.max_mb: from 1 to 20"),
    (("milestones", 0, "weight"), 31, "milestones: the weights sum to 101"),
    (("milestones", 0, "month"), 0, "milestones.0.month: one at least"),
    (("tranches", 0, "share"), "39.00", "tranches: the shares sum to 99.00"),
    (("tranches", 1, "milestone"), "party", "tranches.1.milestone: 'party' is no milestone"),
    (("tranches", 1, "milestone"), None, "tranches.1.milestone: the gate milestones_accepted needs one"),
    (("coaching", "minimum_confirmed_minutes"), 1801, "coaching.minimum_confirmed_minutes: "),
    ("payment_days", 0, "payment_days: one at least"),
    ("criteria", [], "criteria: at least one is needed"),
    ("areas", [], "areas_required: there is no area to choose"),
    (("areas", 0, "lat"), 120, "areas.0: latitude or longitude"),
    (("acts", 1, "number"), "2018/210/01847", "acts: number '2018/210/01847' stands twice"),
    (("questionnaire", "sections", 1, "questions", 0, "tag"), None, "has the tag application.title"),
    (("questionnaire", "sections", 1, "questions", 2, "options"), [], ".options: a choice needs two at least"),
    (("questionnaire", "sections", 1, "questions", 0, "key"), "team", "(all questions): key 'team' stands twice"),
    (("edge_rule",), "maybe", "edge_rule: Input should be"),
    (("colour",), "red", "colour: nobody knows this key"),
    (("criteria", 0, "weight"), 3, "criteria.0.weight: nobody knows this key"),
    (("questionnaire", "sections", 0, "questions", 0, "hint"), "x", "questions.0.hint: nobody knows this key"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "to", "fault"), WRONG)
def test_a_fault_is_named_with_its_place(path, to, fault):
    steps = (path,) if isinstance(path, str) else path
    found = faults(changed(*steps, to=to))
    assert [line for line in found if fault in line], found


def test_every_fault_is_told_at_once():
    text = (
        shipped_text("bari-urbis")
        .replace("payment_days: 80", "payment_days: 0")
        .replace('share: "40.00"', 'share: "10.00"')
    )
    assert len(faults(text.replace("decimals: 2", "decimals: 9"))) == 3


def test_a_deadline_without_its_hour_is_refused():
    text = shipped_text("bari-urbis").replace("closes: 2018-12-10T12:00", "closes: 2018-12-10")
    assert faults(text) == ["phases.0.deadlines.0.closes: write the hour too, for example 2018-12-10T12:00"]


def test_a_deadline_with_an_offset_is_refused():
    text = shipped_text("bari-urbis").replace("closes: 2018-12-10T12:00", 'closes: "2018-12-10T12:00+01:00"')
    assert [line for line in faults(text) if "without an offset" in line]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x [1]\nb: *x\n", "aliases are not taken"),
        ("slug: a\nslug: b\n", "key 'slug' stands twice"),
        ("[" * 3000, "not YAML"),
        ("a: [", "not YAML"),
        ("\x00", "not YAML"),
        ("x" * 1_000_001, "larger than"),
        ("", "the file: "),
        ("- 1", "the file: "),
        ("opens: 2018-99-99T00:00:00", "not YAML"),
    ],
)
def test_what_is_no_call_is_refused_in_one_line(text, why):
    found = faults(text)
    assert why in found[0]
    assert not re.search(r"\n", found[0])
