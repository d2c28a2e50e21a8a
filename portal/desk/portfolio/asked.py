"""What the address of a portfolio asks for; what makes no sense there asks for nothing."""

from collections.abc import Mapping

from portal.core.text import clean_line
from portal.desk.portfolio.rules import Order, Wanted

PAGE = 50
"""Rows of one page."""
LONGEST_WORDS = 80
MOST_PAGES = 1_000


def wanted_in(given: Mapping[str, str], stages: int) -> Wanted:
    """The filter and the order of the rows."""
    stage = _number(given.get("stage", ""), stages)
    order = given.get("order", "")
    return Wanted(
        order=Order(order) if order in set(Order) else Order.HELP,
        words=clean_line(given.get("q", ""))[:LONGEST_WORDS],
        stage=stage or None,
        only_help=given.get("help") == "1",
    )


def page_asked(given: Mapping[str, str]) -> int:
    """The page, counted from 1."""
    return _number(given.get("page", ""), MOST_PAGES) or 1


def told(wanted: Wanted) -> dict[str, str]:
    """The same as an address says it; defaults are left out."""
    said = {
        "q": wanted.words,
        "stage": str(wanted.stage or ""),
        "help": "1" if wanted.only_help else "",
        "order": "" if wanted.order is Order.HELP else wanted.order.value,
    }
    return {key: value for key, value in said.items() if value}


def _number(text: str, most: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
    return number if 1 <= number <= most else 0
