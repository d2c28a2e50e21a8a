"""The people that a call asks for: how many, of which age, the same ones as before. Pure.

People are named by their number in the list: what is refused is kept, and names have no place there.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.applications.given import Given, team_in
from portal.calls.rules import AgesOf, ApplicantRule
from portal.core.i18n import lazy_
from portal.core.instants import Day

REPRESENTS = "team.representative"
"""The column of the list that says who represents the applicant."""
NAME, BORN_ON = "name", "born_on"
FEBRUARY = 2


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the list."""

    name: str
    born_on: date | None = None
    represents: bool = False

    @property
    def identity(self) -> tuple[str, date | None]:
        """Who it is, whatever the accents, capitals and blanks of the name."""
        plain = unicodedata.normalize("NFKD", self.name).casefold()
        return "".join(each for each in plain if each.isalnum()), self.born_on


def people_in(given: Sequence[Given]) -> list[Member] | None:
    """The people of the applicant, in their order; None where they are not asked for."""
    found = team_in(given)
    if found is None:
        return None
    marks = [column for column, tag in found.tags.items() if tag == REPRESENTS]
    return [_member(row, marks) for row in found.rows]


def _member(row: Mapping[str, Any], marks: Sequence[str]) -> Member:
    born = row.get(BORN_ON)
    return Member(
        name=str(row.get(NAME) or ""),
        born_on=date.fromisoformat(born) if isinstance(born, str) else None,
        represents=any(row.get(mark) is True for mark in marks),
    )


def day_of_term(closes_at: datetime, zone: str) -> date:
    """The day on which a term ends, by the calendar of its zone."""
    return closes_at.astimezone(ZoneInfo(zone)).date()


def age_on(born: date, day: date) -> int:
    """Whole years on a day. Who was born on 29 February has their birthday on the 28th of common years (c.c. 2963)."""
    return day.year - born.year - ((day.month, day.day) < _birthday(born, day.year))


def _birthday(born: date, year: int) -> tuple[int, int]:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (born.month, born.day) == (FEBRUARY, 29) and not is_leap:
        return FEBRUARY, 28
    return born.month, born.day


def people_faults(
    rule: ApplicantRule, people: Sequence[Member] | None, day: date, *, counted: int | None = None
) -> list[object]:
    """What a list of people does not keep of the rule; `counted` stands for their number where no list is asked."""
    number = len(people) if people is not None else counted
    found: list[object] = []
    if rule.minimum_members is not None and number is not None and number < rule.minimum_members:
        found.append(
            lazy_(
                "%(number)s people: this call asks for at least %(least)s.", number=number, least=rule.minimum_members
            )
        )
    return found + (_ages(rule, people, day) if people and rule.ages_of is not None else [])


def _ages(rule: ApplicantRule, people: Sequence[Member], day: date) -> list[object]:
    if rule.ages_of is AgesOf.REPRESENTATIVE:
        return _age_of_one(rule, people, day)
    unknown = [number for number, each in enumerate(people, 1) if each.born_on is None]
    if unknown:
        words = lazy_("Write the date of birth: this call looks at ages (number %(numbers)s of the list).",
                      numbers=_listed(unknown))  # fmt: skip
        return [words]
    outside = [number for number, each in enumerate(people, 1) if not _is_within(rule, each, day)]
    told = {"day": Day(day), "ages": ages_in_words(rule)}
    if rule.ages_of is AgesOf.EVERYONE and outside:
        return [lazy_("On %(day)s everyone must be %(ages)s: number %(numbers)s of the list is not.",
                      numbers=_listed(outside), **told)]  # fmt: skip
    within = len(people) - len(outside)
    if rule.ages_of is AgesOf.MAJORITY and within * 2 <= len(people):
        return [lazy_("On %(day)s more than half of the people must be %(ages)s: %(within)s of %(number)s are.",
                      within=within, number=len(people), **told)]  # fmt: skip
    return []


def _age_of_one(rule: ApplicantRule, people: Sequence[Member], day: date) -> list[object]:
    chosen = [each for each in people if each.represents]
    if len(chosen) != 1:
        return [lazy_("Say of one person of the list, and of one only, that they represent the applicant.")]
    if chosen[0].born_on is None:
        return [lazy_("Write the date of birth of who represents the applicant: this call looks at their age.")]
    if _is_within(rule, chosen[0], day):
        return []
    told = {"day": Day(day), "ages": ages_in_words(rule), "age": age_on(chosen[0].born_on, day)}
    return [lazy_("On %(day)s who represents the applicant must be %(ages)s, and is %(age)s.", **told)]


def _is_within(rule: ApplicantRule, each: Member, day: date) -> bool:
    if each.born_on is None:
        return False
    age = age_on(each.born_on, day)
    return (rule.minimum_age or 0) <= age and (rule.maximum_age is None or age <= rule.maximum_age)


def ages_in_words(rule: ApplicantRule) -> object:
    """The ages of the rule, in the reader's language."""
    if rule.minimum_age is not None and rule.maximum_age is not None:
        return lazy_("from %(least)s to %(most)s years old", least=rule.minimum_age, most=rule.maximum_age)
    if rule.maximum_age is not None:
        return lazy_("at most %(most)s years old", most=rule.maximum_age)
    return lazy_("at least %(least)s years old", least=rule.minimum_age)


def members_duty(least: int) -> object:
    """How many people an applicant must be, in words."""
    return lazy_("The applicant is made of at least %(least)s people", least=least)


def organisations_duty(least: int) -> object:
    """How many organisations must apply together, in words."""
    return lazy_("At least %(least)s organisations apply together", least=least)


def age_duty(ages_of: AgesOf, rule: ApplicantRule) -> object:
    """Whose age is looked at, in words."""
    ages = ages_in_words(rule)
    words = {
        AgesOf.EVERYONE: lazy_("Everyone is %(ages)s on the day of the term", ages=ages),
        AgesOf.MAJORITY: lazy_("More than half of the people are %(ages)s on the day of the term", ages=ages),
        AgesOf.REPRESENTATIVE: lazy_("Who represents the applicant is %(ages)s on the day of the term", ages=ages),
    }
    return words[ages_of]


def composition_fault(before: Sequence[Member] | None, people: Sequence[Member] | None) -> object | None:
    """What differs from the people of the application that was sent before, where they may not change."""
    if before is None or people is None:
        return None
    left = Counter(each.identity for each in before)
    fresh: list[int] = []
    for number, each in enumerate(people, 1):
        if left[each.identity] > 0:
            left[each.identity] -= 1
        else:
            fresh.append(number)
    missing = sum(left.values())
    if not fresh and not missing:
        return None
    words: object = lazy_(
        "The people do not change once the application was sent: number %(fresh)s of the list was not among them,"
        " %(missing)s of them are missing. Write the same people, with the same dates of birth.",
        fresh=_listed(fresh), missing=missing,
    )  # fmt: skip
    return words


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "–"
