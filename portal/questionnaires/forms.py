"""The shape of a section's form: for each question its key, and `v-<key>`, the version its sender saw."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.questionnaires.rules import VERSION_PREFIX, Section

THEIRS = "theirs-"


@dataclass(frozen=True, slots=True)
class SectionSent:
    """What a form brought: texts by question, and the version of each that its sender saw."""

    typed: dict[str, str]
    base: dict[str, int]


def sent_section(section: Section, form: Mapping[str, str]) -> SectionSent:
    """Take a section's fields out of a form; unknown fields are ignored, a version that is no number counts as none.

    A question whose box "keep the other version" is ticked (`theirs-<key>`) is left as it is.
    """
    typed, base = {}, {}
    for question in section.questions:
        if form.get(THEIRS + question.key):
            continue
        if question.key in form:
            typed[question.key] = form[question.key]
        version = form.get(VERSION_PREFIX + question.key)
        if version is not None:
            base[question.key] = _whole(version)
    return SectionSent(typed, base)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
