"""Every number of one application's result, in words that hold before a court (`portal ranking explain`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from portal.core.money import format_cents
from portal.evaluation.ranking.allocation import counts
from portal.evaluation.ranking.exact import must_be_units, rounded_steps, units_text
from portal.evaluation.ranking.given import Candidate
from portal.evaluation.ranking.results import (
    JOINT,
    MISSING,
    CriterionMean,
    LineResult,
    Outcome,
    RankedResult,
    Ranking,
    Separation,
)
from portal.evaluation.ranking.scheme import Criterion, TieRule
from portal.evaluation.ranking.scores import panels_of
from portal.evaluation.ranking.words import WORDS
from portal.evaluation.ranking.worked_out import worked_out


def explain(
    ranking: Ranking, candidate_id: str, locale: str = "it", names: Mapping[str, str] | None = None
) -> list[str]:
    """The lines that rebuild one result from its scores, in Italian ("it") or English ("en").

    `names` maps evaluators' ids, criteria keys, lines, rankings, areas, kinds, tags and `when:KEY` (the condition of a
    bonus) to what readers call them. Raises NotFound.
    """
    result = ranking.result_of(candidate_id)
    return list(_Explanation(ranking, result, "en" if locale == "en" else "it", names or {}).lines())


def reasons_in_words(
    ranking: Ranking, candidate_id: str, locale: str = "it", names: Mapping[str, str] | None = None
) -> list[str]:
    """Why the outcome is what it is: its thresholds, its place, its money; without the sums behind."""
    found = _Explanation(ranking, ranking.result_of(candidate_id), "en" if locale == "en" else "it", names or {})
    return list(found.reasons())


class _Explanation:
    """One explanation while it is written."""

    def __init__(self, ranking: Ranking, result: RankedResult, locale: str, names: Mapping[str, str]) -> None:
        self.ranking = ranking
        self.scheme = ranking.given.scheme
        self.result = result
        self.locale = locale
        self.names = names
        self.panel = panels_of(ranking.given)[result.candidate]

    def lines(self) -> Iterator[str]:
        yield from self._application()
        if self.result.total is not None:
            yield from self._marks()
            yield from self._place()
        if self.result.position is not None:
            yield from self._money()
        yield self._say("outcome", outcome=self._say(self._outcome()))
        if self.result.reserved:
            yield self._say("reserved")
        for reason in self.result.reasons:
            facts = {key: self._fact(key, value) for key, value in reason.facts}
            yield self._say(reason.code.value, **facts)

    def reasons(self) -> Iterator[str]:
        """The reasons, and what put it behind the one above."""
        for reason in self.result.reasons:
            yield self._say(reason.code.value, **{key: self._fact(key, value) for key, value in reason.facts})
        if self.result.separation is not None:
            above = self.ranking.result_of(self.result.separation.neighbour)
            yield self._say("below", neighbour=above.reference, decided=self._decided(self.result.separation))

    def _outcome(self) -> str:
        nothing = self.scheme.selects and self.result.outcome is Outcome.SUITABLE_NOT_FUNDED
        return "suitable_not_selected" if nothing else self.result.outcome.value

    def _application(self) -> Iterator[str]:
        candidate = self._candidate()
        yield self._say("application", reference=candidate.reference, line=self._name(candidate.line))
        if candidate.ranking != candidate.line:
            yield self._say("ranking", ranking=self._name(candidate.ranking))
        if candidate.area is not None:
            yield self._say("area", area=self._name(candidate.area))
        yield self._say(
            "request",
            requested=self._euros(candidate.requested_cents),
            cofinancing=self._euros(candidate.cofinancing_bp),  # basis points have two decimals, as cents do
            order=str(candidate.received_order),
        )

    def _marks(self) -> Iterator[str]:
        yield from self._who_counts()
        for column, criterion in enumerate(self.scheme.criteria):
            yield from self._criterion(column, criterion)
        yield self._say("sum", exact=str(self.result.exact_sum))
        if self.result.capped and self.scheme.cap is not None:
            yield self._say("capped", cap=self._points(must_be_units(self.scheme.cap)))
        yield self._say(
            "total",
            decimals=str(self.scheme.decimals),
            rounding=self._say(self.scheme.rounding.value),
            total=self._number(str(self.result.total)),
        )
        yield from self._threshold(self.result.total, self.scheme.minimum_total)

    def _who_counts(self) -> Iterator[str]:
        mine = self.result.candidate
        recused = sorted({tie.evaluator for tie in self.ranking.given.recusals if tie.candidate == mine})
        if recused:
            yield self._say("not_counted", evaluators=self._listed(recused))
        if self.scheme.scored:
            yield self._say("panel", count=str(len(self.panel)), evaluators=self._listed(self.panel))

    def _threshold(self, published: Decimal | None, minimum: Decimal | None) -> Iterator[str]:
        if published is None or minimum is None:
            return
        yield self._say(
            "threshold_met" if published >= minimum else "threshold_missed",
            minimum=self._points(must_be_units(minimum)),
            published=self._number(str(published)),
        )

    def _criterion(self, column: int, criterion: Criterion) -> Iterator[str]:
        mean = self.result.means[column]
        if criterion.is_scored:
            yield self._scored(criterion, mean)
        else:
            words = worked_out(self.ranking, self.result, criterion, self.locale, self.names)
            yield self._say("computed", criterion=self._name(criterion.key), words=words)
            key = "exactly" if criterion.formula is None else "formula"
            yield self._say(key, formula=criterion.formula or "", exact=mean.exact)
        yield from self._threshold(mean.published, criterion.threshold)

    def _scored(self, criterion: Criterion, mean: CriterionMean) -> str:
        rows = self.ranking.sheets[self.result.candidate]
        column = self.scheme.scored.index(criterion)
        agreed = self._agreed_on(criterion)
        if agreed is not None:
            return self._agreed(criterion, agreed, mean, [rows[each][column] for each in self.panel if each in rows])
        given = [(self._name(evaluator), rows[evaluator][column] or 0) for evaluator in self.panel]
        return self._say(
            "mean" if criterion.scale is None else "mean_scaled",
            criterion=self._name(criterion.key),
            scale=self._points(must_be_units(criterion.highest_mark)),
            maximum=self._points(must_be_units(criterion.maximum)),
            points=" + ".join(f"{self._points(units)} ({name})" for name, units in given),
            sum=self._points(sum(units for _name, units in given)),
            count=str(len(self.panel)),
            exact=mean.exact,
            published=self._number(str(mean.published)),
        )

    def _agreed_on(self, criterion: Criterion) -> Decimal | None:
        """The mark that stands in place of the mean."""
        marks = {(each.candidate, each.criterion): each.points for each in self.ranking.given.agreed}
        return marks.get((self.result.candidate, criterion.key))

    def _agreed(self, criterion: Criterion, agreed: Decimal, mean: CriterionMean, rows: Iterable[int | None]) -> str:
        own = [self._points(units) for units in rows if units is not None]
        return self._say(
            "agreed",
            criterion=self._name(criterion.key),
            agreed=self._points(must_be_units(agreed)),
            scale=self._points(must_be_units(criterion.highest_mark)),
            own=self._say("agreed_own", given=" · ".join(own)) if own else "",
            exact=mean.exact,
            published=self._number(str(mean.published)),
        )

    def _place(self) -> Iterator[str]:
        if self.result.position is None:
            yield self._say("no_position")
            return
        yield self._say("position", position=str(self.result.position))
        if self.result.separation is not None:
            above = self.ranking.result_of(self.result.separation.neighbour)
            yield self._say("below", neighbour=above.reference, decided=self._decided(self.result.separation))
        for below in self.ranking.results:
            if below.separation is not None and below.separation.neighbour == self.result.candidate:
                seen = replace(below.separation, own=below.separation.theirs, theirs=below.separation.own)
                yield self._say("above", neighbour=below.reference, decided=self._decided(seen))

    def _decided(self, separation: Separation) -> str:
        rule, _colon, criterion = separation.by.partition(":")
        own, theirs = (self._compared(rule, value) for value in (separation.own, separation.theirs))
        if separation.by == JOINT:
            return self._say("joint", own=own)
        by = self._say(f"by_{rule}", criterion=self._name(criterion))
        return self._say("decided", by=by, own=own, theirs=theirs)

    def _compared(self, rule: str, value: str) -> str:
        if value == MISSING:
            return self._say("unanswered")
        match rule:
            case TieRule.LOWER_REQUEST:
                return f"EUR {self._euros(int(value))}"
            case TieRule.HIGHER_COFINANCING:
                return f"{self._euros(int(value))} %"
            case TieRule.YOUNGER:
                return self._say("years", value=self._hundredths(Fraction(value) * 4 / 1461))
            case TieRule.GENDER_MAJORITY:
                return f"{self._hundredths(Fraction(value) * 100)} %"
            case TieRule.DRAW:
                return f"{value[:12]}…"
            case _:
                return self._number(value)

    def _money(self) -> Iterator[str]:
        for each in self.ranking.quotas:
            if counts(each.quota, self._candidate()):
                keys = [key for key in (each.quota.kind, each.quota.line, each.quota.area) if key is not None]
                whom = self._say("condition", words=self._listed(keys)) if keys else ""
                yield self._say("places", whom=whom, taken=str(each.taken), count=str(each.quota.count))
        if not self.scheme.has_money:
            return
        line = next(each for each in self.ranking.lines if each.line == self.result.line)
        yield self._budget(line)
        yield self._say(
            "awarded",
            awarded=self._euros(self.result.awarded_cents),
            requested=self._euros(self.result.requested_cents),
            cumulative=self._euros(self.result.cumulative_cents),
        )

    def _budget(self, line: LineResult) -> str:
        """The money of its line; who stands has its own before anybody in order, however far down."""
        named = {"line": self._name(line.line), "budget": self._euros(line.budget_cents)}
        standing = sum(each.cents for each in self.ranking.given.standing if each.line == line.line)
        if self.ranking.given.standing or self.ranking.given.gone:
            return self._say("budget_again", **named, kept=self._euros(standing),
                             left=self._euros(line.budget_cents - standing))  # fmt: skip
        before = self.result.cumulative_cents - self.result.awarded_cents
        return self._say("budget", **named, before=self._euros(before), left=self._euros(line.budget_cents - before))

    def _candidate(self) -> Candidate:
        return next(each for each in self.ranking.given.candidates if each.id == self.result.candidate)

    def _fact(self, key: str, value: str | int) -> str:
        if key.endswith("_cents"):
            return self._euros(int(value))
        return self._name(str(value)) if key == "criterion" else self._number(str(value))

    def _say(self, key: str, **values: str) -> str:
        return WORDS[self.locale][key].format(**values)

    def _name(self, key: str) -> str:
        return self.names.get(key, key)

    def _listed(self, keys: Iterable[str]) -> str:
        return ", ".join(self._name(key) for key in keys)

    def _euros(self, cents: int) -> str:
        return format_cents(cents, self.locale)

    def _hundredths(self, value: Fraction) -> str:
        return self._euros(rounded_steps(value.numerator, value.denominator, 2, half_even=False))

    def _points(self, units: int) -> str:
        return self._number(units_text(units))

    def _number(self, text: str) -> str:
        return text if self.locale == "en" else text.replace(".", ",")
