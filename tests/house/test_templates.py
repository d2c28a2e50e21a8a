"""Templates know neither a status nor a role, and hold nothing that the policy of the page would stop."""

import re

import pytest

from tests.house.sources import ROOT, templates

TEMPLATES = {str(path.relative_to(ROOT)): path.read_text() for path in templates() if path.suffix == ".html"}
KNOWING = re.compile(r"\{[{%][^}]*\b(status|role|roles)\s*(==|!=|\bin\b|\bnot in\b)", re.IGNORECASE)
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a bare hx- attribute": re.compile(r"<[^>]*\shx-", re.IGNORECASE),
    "an address outside": re.compile(r"(src|href)\s*=\s*[\"'](https?:)?//(?!www\.w3\.org)[^\"']*\.(js|css|woff2?)"),
    "an unsafe filter": re.compile(r"\|\s*safe\b"),
    "a form without its macro": re.compile(r"<form[^>]*method\s*=\s*[\"']?post", re.IGNORECASE),
}
MACROS = "templates/components/"


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_knows_no_status_and_no_role(name):
    assert KNOWING.findall(TEMPLATES[name]) == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    holding = [name for name, text in TEMPLATES.items() if FORBIDDEN[what].search(text)]
    assert [name for name in holding if not name.startswith(MACROS)] == []


def test_htmx_is_written_by_its_macro_only():
    by_hand = [name for name, text in TEMPLATES.items() if re.search(r"data-hx-[a-z]+=", text)]
    assert [name for name in by_hand if not name.startswith(MACROS)] == []
