"""Names, addresses, texts in both languages, keys: what every part of a call needs."""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity.fault import Fault, Faults, twice, views
from portal.core.i18n import lazy_

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FORMATS: dict[str, tuple[re.Pattern[str], object]] = {
    "authority.code": (
        re.compile(r"[a-z][a-z0-9-]{0,31}"),
        lazy_("Write small letters, digits and hyphens, at most 32."),
    ),
    "authority.istat": (re.compile(r"\d{6}"), lazy_("Write six digits, in quotes.")),
    "authority.fiscal_code": (re.compile(r"\d{11}"), lazy_("Write eleven digits, in quotes.")),
    "email": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), lazy_("Write an e-mail address, such as office@example.org.")),
    "cup": (re.compile(r"[A-Z]\d{2}[A-Z]\d{11}"), lazy_("Write fifteen characters, such as F79D19000030007.")),
}
FROM_THE_AUTHORITY = {"office"}
"""Texts that may be empty in both languages: then those of the authority's settings are shown."""
UNTOLD = {
    "it": (lazy_("The Italian text is missing."), lazy_("Write it in Italian.")),
    "en": (lazy_("The English text is missing."), lazy_("Write it in English.")),
}
LISTS = (
    "areas", "budget_lines", "funds", "eligibility", "phases", "milestones", "tranches", "indicators",
    "costs.categories", "costs.options", "award.checks", "award.incorporation_steps",
)  # fmt: skip
IN_A_PHASE = ("documents_requested", "criteria", "rankings")


def names(design: CallDesign) -> Faults:
    """The address of the call, the codes of the authority, the contact."""
    if not SLUG.fullmatch(design.slug) or len(design.slug) > 80:
        yield Fault("slug", lazy_("“%(value)s” cannot be the address of a page.", value=design.slug),
                    lazy_("Write small words joined by hyphens, at most 80 characters."))  # fmt: skip
    given = {f"authority.{name}": getattr(design.authority, name) for name in ("code", "istat", "fiscal_code")}
    for place, value in (given | {"email": design.email, "cup": design.cup}).items():
        yield from _format(place, place, value)
    for index, fund in enumerate(design.funds):
        yield from _format(f"funds.{index}.cup", "cup", fund.cup)
    if not design.authority.name.strip():
        yield Fault("authority.name", lazy_("The authority has no name."), lazy_("Write its name."))


def _format(place: str, kind: str, value: str | None) -> Faults:
    pattern, mend = FORMATS[kind]
    if value is not None and not pattern.fullmatch(value):
        yield Fault(place, lazy_("“%(value)s” is not well written.", value=value), mend)


def texts(design: CallDesign) -> Faults:
    """Every text stands in Italian and English."""
    yield from _untold(design, "")


def _untold(value: Any, place: str) -> Faults:
    """Texts below `value` that lack a language."""
    if is_dataclass(value):
        for each in fields(value):
            yield from _untold(getattr(value, each.name), f"{place}.{each.name}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _untold(item, f"{place}.{index}")
    elif isinstance(value, dict) and place == "texts":
        for key, text in value.items():
            yield from _untold(text, f"{place}.{key}")
    elif isinstance(value, dict):
        yield from _languages(value, place)


def _languages(text: dict[str, str], place: str) -> Faults:
    if place in FROM_THE_AUTHORITY and not any(each.strip() for each in text.values()):
        return
    missing = [language for language in UNTOLD if not text.get(language, "").strip()]
    if len(missing) == len(UNTOLD):
        yield Fault(place, lazy_("The text is missing, in Italian and in English."), lazy_("Write it in both."))
    elif missing:
        words, mend = UNTOLD[missing[0]]
        yield Fault(f"{place}.{missing[0]}", words, mend)
    for language in sorted(text.keys() - {"it", "en"}):
        yield Fault(f"{place}.{language}", lazy_("“%(language)s” is not a language of the portal.", language=language),
                    lazy_("Write texts under it and en only."))  # fmt: skip


def keys(design: CallDesign) -> Faults:
    """Keys are well written and different within their list."""
    for place in LISTS:
        yield from keys_of(place, _list(design, place))
    for seen in views(design):
        for name in IN_A_PHASE:
            yield from keys_of(seen.at(name), getattr(seen.design, name))
        for index, criterion in enumerate(seen.design.criteria):
            yield from keys_of(f"{seen.at('criteria')}.{index}.levels", criterion.levels)
    for index, phase in enumerate(design.phases):
        yield from keys_of(f"phases.{index}.batches", phase.batches)
    for index, milestone in enumerate(design.milestones):
        yield from keys_of(f"milestones.{index}.indicators", milestone.indicators)
    yield from _twice("acts", "number", [act.number for act in design.acts])


def _list(design: CallDesign, place: str) -> Iterable[Any]:
    found: Any = design
    for name in place.split("."):
        found = getattr(found, name)
    listed: Iterable[Any] = found
    return listed


def keys_of(place: str, items: Iterable[Any]) -> Faults:
    """Keys of one list: well written, and different."""
    written = [item.key for item in items]
    yield from _twice(place, "key", written)
    for index, key in enumerate(written):
        if not KEY.fullmatch(key):
            yield Fault(f"{place}.{index}.key", lazy_("“%(key)s” cannot be a key.", key=key),
                        lazy_("Write small letters, digits and underscores, at most 64, a letter first."))  # fmt: skip


def _twice(place: str, name: str, values: list[str]) -> Faults:
    for value in twice(values):
        last = len(values) - 1 - values[::-1].index(value)
        yield Fault(f"{place}.{last}.{name}", lazy_("“%(value)s” stands twice.", value=value),
                    lazy_("Give each its own."))  # fmt: skip


def needed(design: CallDesign) -> Faults:
    """The parts without which there is no call."""
    for name in ("budget_lines", "applicants", "phases", "criteria", "milestones", "tranches"):
        if not getattr(design, name):
            yield Fault(name, lazy_("The list is empty."), lazy_("Write one at least."))
    if design.areas_required and not design.areas:
        yield Fault("areas_required", lazy_("There is no area to choose."),
                    lazy_("Declare the target areas, or do not require one."))  # fmt: skip
