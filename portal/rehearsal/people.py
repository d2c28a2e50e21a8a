"""The people of an invented applicant: as many as it has, of the ages that the call asks for. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.applications.duties import age_on
from portal.calls.rules import AgesOf, ApplicantRule
from portal.rehearsal.rules import Breach
from portal.rehearsal.words import steady

YOUNGEST, RANGE = 20, 32
YOUNG = 35
SINCE_BIRTHDAY = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class People:
    """When each of them was born, the one who represents the applicant first; so many are women, first in the list."""

    born: tuple[date, ...]
    women: int
    under35: int


def people_of(rule: ApplicantRule, breach: Breach | None, count: int, key: str, terms: tuple[date, date]) -> People:
    """So many people, the same for the same key; their ages hold from the first term of the call to its last one."""
    first, last = terms
    ages = _ages(rule, breach, key, count, last.year - first.year)
    born = tuple(_born(first, age) for age in ages)
    young = sum(age_on(each, first) < YOUNG for each in born)
    return People(born, steady(f"{key}/women", len(born) + 1), young)


def _ages(rule: ApplicantRule, breach: Breach | None, key: str, count: int, years: int) -> list[int]:
    fitting = _fitting(rule, key, count, years)
    if breach is not Breach.AGES:
        return fitting
    wrong = max(rule.minimum_age - 1 if rule.minimum_age else (rule.maximum_age or YOUNGEST) + 1, 1)
    return [wrong] * count if rule.ages_of is AgesOf.MAJORITY else [wrong, *fitting[1:]]


def _fitting(rule: ApplicantRule, key: str, count: int, years: int) -> list[int]:
    low = YOUNGEST if rule.minimum_age is None else rule.minimum_age
    high = low + RANGE if rule.maximum_age is None else max(rule.maximum_age - years, low)
    if rule.maximum_age is not None and rule.minimum_age is None:
        low = min(low, high)
    return [low + steady(f"{key}/{place}", high - low + 1) for place in range(count)]


def _born(day: date, age: int) -> date:
    return date(day.year - age, day.month, min(day.day, 28)) - SINCE_BIRTHDAY
