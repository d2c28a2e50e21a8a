"""How a computed criterion came to its points, in words: "own share of total cost: 22,5 % → 6,25 points of 10"."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from portal.evaluation.ranking.computed import answer_of, ends_of
from portal.evaluation.ranking.exact import must_be_units, units_text
from portal.evaluation.ranking.given import Candidate
from portal.evaluation.ranking.results import RankedResult, Ranking
from portal.evaluation.ranking.scheme import Criterion, Source
from portal.evaluation.ranking.words import WORDS
from portal.questionnaires.rules.formulas import compute, parse_formula

_SHARE = re.compile(r"share\(\s*([a-z0-9_.]+)\s*,\s*([a-z0-9_.]+)\s*\)")
_CENT = Decimal("0.01")


def worked_out(
    ranking: Ranking, result: RankedResult, criterion: Criterion, locale: str, names: Mapping[str, str]
) -> str:
    """From the answers to the published points of one computed criterion.

    `names` maps tags and `when:KEY` (the condition of a bonus) to what readers call them.
    """
    candidate = next(each for each in ranking.given.candidates if each.id == result.candidate)
    mean = next(each for each in result.means if each.criterion == criterion.key)
    writing = _Writing(WORDS[locale], locale, names)
    is_spread = criterion.source is Source.INTERPOLATION
    found = writing.interpolation(criterion, candidate, ranking) if is_spread else writing.answers(criterion, candidate)
    return writing.say(
        "worth",
        found=found,
        published=writing.number(mean.published),
        maximum=writing.number(Decimal(units_text(must_be_units(criterion.maximum)))),
    )


def answers_in_words(criterion: Criterion, candidate: Candidate, locale: str, names: Mapping[str, str]) -> str:
    """What a computed criterion counts with, as far as one application alone tells."""
    return _Writing(WORDS[locale], locale, names).answers(criterion, candidate)


class _Writing:
    """The words of one language."""

    def __init__(self, words: Mapping[str, str], locale: str, names: Mapping[str, str]) -> None:
        self.words, self.locale, self.names = words, locale, names

    def say(self, key: str, **values: str) -> str:
        return self.words[key].format(**values)

    def number(self, value: Decimal | None) -> str:
        """A number as people write it; a published one keeps its zeros."""
        return self.say("unanswered") if value is None else written(value, self.locale)

    def answers(self, criterion: Criterion, candidate: Candidate) -> str:
        """The answers of one application."""
        match criterion.source:
            case Source.FORMULA:
                return self.formula(criterion, candidate)
            case Source.BONUS:
                return self.bonus(criterion, candidate)
            case _:
                return self._answer(criterion.tag or "", answer_of(criterion, candidate))

    def formula(self, criterion: Criterion, candidate: Candidate) -> str:
        """Shares as per cent, then every other number the formula names."""
        numbers = dict(candidate.facts.numbers)
        lookup = _lookup(numbers)
        shares = _SHARE.findall(criterion.formula or "")
        told = [
            self._share(part, whole, _rounded(compute(parse_formula(f"share({part}, {whole})"), lookup)))
            for part, whole in dict.fromkeys(shares)
        ]
        seen = {name for share in shares for name in share}
        told += [self._answer(name, numbers.get(name)) for name in criterion.names if name not in seen]
        return ", ".join(told)

    def interpolation(self, criterion: Criterion, candidate: Candidate, ranking: Ranking) -> str:
        """The answer between the worst and the best of its ranking."""
        cohort = [each for each in ranking.given.candidates if each.admissible and each.ranking == candidate.ranking]
        ends, value = ends_of(criterion, cohort), answer_of(criterion, candidate)
        named = {"name": self._named(criterion.tag or ""), "value": self.number(value)}
        if value is None or ends is None:
            return self._answer(criterion.tag or "", value)
        if ends[0] == ends[1]:
            return self.say("alone", **named)
        return self.say("between", **named, worst=self.number(ends[0]), best=self.number(ends[1]))

    def bonus(self, criterion: Criterion, candidate: Candidate) -> str:
        """Whether its condition holds."""
        words = self.names.get(f"when:{criterion.key}")
        condition = self.say("condition", words=words) if words else ""
        if criterion.key not in candidate.facts.bonuses:
            return self.say("bonus_not_given", condition=condition)
        if criterion.per_cent is None:
            return self.say("bonus_given", condition=condition)
        return self.say("bonus_per_cent", condition=condition, per_cent=self.number(criterion.per_cent))

    def _share(self, part: str, whole: str, per_cent: Decimal | None) -> str:
        key = "share_unknown" if per_cent is None else "share_of"
        return self.say(key, part=self._named(part), whole=self._named(whole), value=self.number(per_cent))

    def _answer(self, name: str, value: Decimal | None) -> str:
        return self.say("answer", name=self._named(name), value=self.number(value))

    def _named(self, name: str) -> str:
        return self.names.get(name, name)


def written(value: Decimal, locale: str) -> str:
    """A number as people write it: 22500.5 is 22.500,5 (it) or 22,500.5 (en)."""
    english = f"{value:,f}"
    return english if locale == "en" else english.translate(str.maketrans(",.", ".,"))


def _rounded(value: Decimal | None) -> Decimal | None:
    """A share as it is shown, two decimals at most: 22.50 is 22.5."""
    if value is None:
        return None
    shown = value.quantize(_CENT, rounding=ROUND_HALF_UP).normalize()
    return Decimal(f"{shown:f}")


def _lookup(numbers: Mapping[str, Decimal]) -> Callable[[str], list[Decimal]]:
    return lambda name: [numbers[name]] if name in numbers else []
