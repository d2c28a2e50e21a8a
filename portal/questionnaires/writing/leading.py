"""Where the buttons under a section lead: the same place, the page before, the next page, the next section."""

from dataclasses import dataclass
from typing import Protocol

from flask import request

from portal.questionnaires.fields import shown_pages
from portal.questionnaires.rules import FilledForm
from portal.questionnaires.writing.said import focus_of
from portal.questionnaires.writing.shown import OpenSheet, SectionShown

BACK = "back"
"""What the button says that saves and goes back a page."""


class Address(Protocol):
    """The address of a page of a section."""

    def __call__(self, key: str, number: int, *, anchor: str | None = None, longer: str | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class Ways:
    """The addresses around the sections of a sheet: of each page, before the first, after the last."""

    address: Address
    before: str
    after: str


def page_asked() -> int:
    """The page of a section that the address names; the first one otherwise."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def must_be_mended(shown: SectionShown, filled: FilledForm) -> bool:
    """Whether the page comes back with messages; who goes back a page is only kept when text would be lost."""
    return shown.code(filled) is not None and (shown.is_lost or request.form.get("stay") != BACK)


def leads_to(sheet: OpenSheet, key: str, shown: SectionShown, ways: Ways) -> str:
    """Where the button that was pressed leads."""
    if shown.act is not None:
        return _place_of_rows(sheet, key, shown, ways)
    stay = request.form.get("stay")
    if stay is not None and stay != BACK:
        return ways.address(key, shown.number)
    filled = sheet.filled
    places = [(each.key, page.number) for each in filled.sections for page in shown_pages(each, filled)]
    at = places.index((key, shown.number)) if (key, shown.number) in places else 0
    if stay == BACK:
        return ways.address(*places[at - 1]) if at else ways.before
    following = places[at + 1 :]
    return ways.address(*following[0]) if following else ways.after


def _place_of_rows(sheet: OpenSheet, key: str, shown: SectionShown, ways: Ways) -> str:
    act, focus = shown.act, focus_of(sheet, shown)
    if act is None or focus is None:
        return ways.address(key, shown.number, anchor=f"f-{act.key}" if act else None)
    question = sheet.filled.form.question(act.key)
    first = next((each.key for each in question.columns if not each.is_computed), "") if question else ""
    anchor = f"q-{act.key}-{focus[1]}-{first}"
    return ways.address(key, shown.number, anchor=anchor, longer=act.key if act.verb == "add" else None)
