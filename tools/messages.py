"""The catalogues: extract from sources and templates, update, compile.

`python -m tools.messages update` rewrites the .po files; `compile` writes the .mo files the portal reads.
"""

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("it", "en")
KEYWORDS = parse_keywords(("_", "lazy_", "gettext", "lazy_gettext", "ngettext:1,2"))


def extracted() -> Catalog:
    """Every message of the sources and templates, as a catalogue without translations."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    catalogue = Catalog(charset="utf-8")
    for folder in ("portal", "templates"):
        found = extract_from_dir(ROOT / folder, methods, options, KEYWORDS)
        for _file, _line, message, comments, context in found:
            catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def path_of(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return ROOT / "portal" / "translations" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands in the repository."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Add new messages, drop those no longer used; English is its own translation."""
    sources = extracted()
    for language in LANGUAGES:
        catalogue = read(language) if path_of(language).exists() else Catalog(locale=language)
        catalogue.update(sources, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        for message in catalogue:
            if language == "en" and message.id:
                message.string = message.id
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        with path_of(language).open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True, no_location=True, ignore_obsolete=True)


def compile_all() -> None:
    """Write the .mo file beside every .po file."""
    for language in (each for each in LANGUAGES if path_of(each).exists()):
        with path_of(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, read(language))


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
