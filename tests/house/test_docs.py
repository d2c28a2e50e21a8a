"""The documents name only what is there: files, links, settings, one row a decision."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT

DOCUMENTS = {
    str(path.relative_to(ROOT)): path
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
}
NAMED = re.compile(r"`((?:portal|tests|templates|tools|migrations|docs|calls)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
SETTING = re.compile(r"environ(?:\.get\(|, )\"([A-Z][A-Z0-9_]+)\"")


def text(name: str) -> str:
    return DOCUMENTS[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(name):
    assert [path for path in NAMED.findall(text(name)) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_of_a_document_leads_somewhere(name):
    folder = DOCUMENTS[name].parent
    links = [link for link in LINK.findall(text(name)) if Path(link).suffix != ".png"]
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_setting_is_explained():
    settings = set(SETTING.findall((ROOT / "portal" / "core" / "config.py").read_text(encoding="utf-8")))
    assert "DATABASE_URL" in settings
    assert {name for name in settings if f"`{name}`" not in text("docs/operations.md")} == set()


def test_the_index_lists_every_decision():
    records = {path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    assert set(LINK.findall(text("docs/adr/README.md"))) == records


def test_the_glossary_is_in_order():
    terms = re.findall(r"^\| ([^|]+) \| \*", text("docs/glossary.md"), re.MULTILINE)
    assert len(terms) >= 60
    assert terms == sorted(terms, key=str.casefold)
