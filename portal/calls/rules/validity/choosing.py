"""How a call chooses: criteria, thresholds, weights, ties, allocation, rankings; for the call and for each phase."""

from decimal import Decimal

from portal.calls.rules.design import (
    AllocateBy,
    AllocatePer,
    CallDesign,
    Criterion,
    CriterionSource,
    EdgeRule,
    Places,
    RankingDesign,
    TieBreakBy,
)
from portal.calls.rules.validity.duties import BORN_ON, TEAM
from portal.calls.rules.validity.fault import (
    ONE_AT_LEAST,
    Fault,
    Faults,
    Seen,
    amount_of,
    at_least_one,
    decimals_of,
    one_of,
    per_cent_of,
    twice,
    views,
)
from portal.calls.rules.validity.sources import source_of
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Form, QuestionType

MOST_POINTS = 9999
"""What evaluators write has four digits before the comma."""
OF_PEOPLE = {TieBreakBy.YOUNGER: BORN_ON, TieBreakBy.GENDER_MAJORITY: "gender"}
"""Steps that compare the people of applicants, each with the column it reads."""


def criteria(design: CallDesign) -> Faults:
    """Each criterion by itself, then their sums."""
    for seen in views(design):
        for index, criterion in enumerate(seen.design.criteria):
            yield from _criterion(f"{seen.at('criteria')}.{index}", criterion, seen)
        yield from _sums(seen)
    if not 0 <= design.decimals <= 2:
        yield Fault("decimals", lazy_("%(value)s is out of bounds.", value=design.decimals),
                    lazy_("Write 0, 1 or 2."))  # fmt: skip


def _criterion(place: str, criterion: Criterion, seen: Seen) -> Faults:
    yield from amount_of(f"{place}.maximum", criterion.maximum)
    for name in ("maximum", "scale"):
        if (getattr(criterion, name) or 0) > MOST_POINTS:
            yield Fault(f"{place}.{name}", lazy_("Nobody can write so many points."),
                        lazy_("Write %(most)s at most.", most=MOST_POINTS))  # fmt: skip
    if criterion.threshold is not None:
        yield from decimals_of(f"{place}.threshold", criterion.threshold)
        yield from _as_fine(f"{place}.threshold", criterion.threshold, seen.design)
        if not 0 <= criterion.threshold <= criterion.maximum:
            yield Fault(
                f"{place}.threshold",
                lazy_("%(threshold)s is not between 0 and the maximum, %(maximum)s.",
                      threshold=str(criterion.threshold), maximum=str(criterion.maximum)),
                lazy_("Lower the threshold, or raise the maximum."),
            )  # fmt: skip
    if criterion.threshold is not None and criterion.source is CriterionSource.BONUS:
        yield Fault(f"{place}.threshold", lazy_("A bonus has no threshold."), lazy_("Take this key away."))
    yield from source_of(place, criterion, seen.design)


def _as_fine(place: str, limit: Decimal, design: CallDesign) -> Faults:
    """A limit with more decimals than the score can never be met exactly."""
    if 0 <= design.decimals <= 1 and limit != round(limit, design.decimals):
        yield Fault(place, lazy_("%(limit)s has more decimals than the score, which has %(decimals)s.",
                                 limit=str(limit), decimals=design.decimals),
                    lazy_("Round it, or give the score more decimals."))  # fmt: skip


def _sums(seen: Seen) -> Faults:
    design = seen.design
    every = sum((each.maximum for each in design.criteria), Decimal(0))
    weights = sum((each.maximum for each in design.criteria if each.source is not CriterionSource.BONUS), Decimal(0))
    if design.weights_sum is not None and weights != design.weights_sum:
        yield Fault(
            seen.at("weights_sum"),
            lazy_("The maxima of the criteria, bonuses apart, add up to %(weights)s, not %(declared)s.",
                  weights=str(weights), declared=str(design.weights_sum)),
            lazy_("Correct the maxima of the criteria, or this sum."),
        )  # fmt: skip
    most = min(every, design.cap) if design.cap is not None else every
    yield from decimals_of(seen.at("minimum_total"), design.minimum_total)
    yield from _as_fine(seen.at("minimum_total"), design.minimum_total, design)
    if not 0 <= design.minimum_total <= most:
        yield Fault(
            seen.at("minimum_total"),
            lazy_("%(total)s is not between 0 and the most that can be reached, %(most)s.",
                  total=str(design.minimum_total), most=str(most)),
            lazy_("Lower the minimum total, or raise the maxima of the criteria."),
        )  # fmt: skip
    if design.cap is not None:
        yield from amount_of(seen.at("cap"), design.cap)
        yield from _as_fine(seen.at("cap"), design.cap, design)
    yield from at_least_one(seen.at("evaluators_per_application"), design.evaluators_per_application)


def tie_breaks(design: CallDesign) -> Faults:
    """Each step names what it needs and nothing else, once; a draw is the last."""
    for seen in views(design):
        known = [criterion.key for criterion in seen.design.criteria]
        chain = seen.design.tie_breaks
        for index, step in enumerate(chain):
            place = f"{seen.at('tie_breaks')}.{index}"
            if step.by is TieBreakBy.CRITERION:
                yield from one_of(f"{place}.criterion", step.criterion or "", known,
                                  lazy_("a criterion of this call"))  # fmt: skip
            elif step.criterion is not None:
                yield Fault(f"{place}.criterion", lazy_("This step names a criterion and does not use it."),
                            lazy_("Take it away, or write “by: criterion”."))  # fmt: skip
            if step.by in OF_PEOPLE:
                yield from _people_asked(place, OF_PEOPLE[step.by], seen.design)
            if step.by in (TieBreakBy.DRAW, TieBreakBy.PROTOCOL) and index < len(chain) - 1:
                yield Fault(place, lazy_("Nothing can be equal after this step."), lazy_("Put it last."))
        steps = [f"{step.by.value} {step.criterion or ''}".strip() for step in chain]
        for step_name in twice(steps):
            yield Fault(seen.at("tie_breaks"), lazy_("“%(step)s” stands twice.", step=step_name),
                        lazy_("Leave each step once."))  # fmt: skip


def _people_asked(place: str, key: str, design: CallDesign) -> Faults:
    """Ages and genders are read from the list of people of the applicant, in the form of the phase."""
    asked = [question for question, column in Form(design.sections).by_tag.get(TEAM, []) if column is None]
    team = next((each for each in asked if each.type is QuestionType.PEOPLE), None)
    if team is None:
        yield Fault(place, lazy_("The form does not ask who the people of the applicant are."),
                    lazy_("Add a question of type people with the tag %(tag)s.", tag=TEAM))  # fmt: skip
    elif team.column(key) is None:
        yield Fault(place, lazy_("The list of people does not ask for “%(key)s”.", key=key),
                    lazy_("Add a column with this key to the question “%(question)s”.", question=team.key))  # fmt: skip


def allocation(design: CallDesign) -> Faults:
    """Places and budget as declared, and the rule at the edge."""
    for seen in views(design):
        given, place = seen.design.allocation, seen.at("allocation")
        if (given.by is AllocateBy.BUDGET) == bool(given.places):
            yield Fault(f"{place}.places", lazy_("Places and the way of allocating do not fit."),
                        lazy_("Declare places where allocation is by places or by both, and only there."))  # fmt: skip
        if given.per is AllocatePer.AREA and not seen.design.areas:
            yield Fault(f"{place}.per", lazy_("The call has no areas."), lazy_("Declare them, or write line or call."))
        for index, each in enumerate(given.places):
            yield from _places(f"{place}.places.{index}", each, seen.design)
        yield from per_cent_of(f"{place}.minimum_partial", given.minimum_partial)
        if given.minimum_partial is not None and seen.design.edge_rule is not EdgeRule.PARTIAL:
            yield Fault(f"{place}.minimum_partial", lazy_("No partial grants are given."),
                        lazy_("Write “edge_rule: partial”, or take this key away."))  # fmt: skip


def _places(place: str, given: Places, design: CallDesign) -> Faults:
    yield from at_least_one(f"{place}.count", given.count)
    for name, known, words in (
        ("kind", {each.kind for each in design.applicants}, lazy_("a kind of applicant of this call")),
        ("line", {each.key for each in design.budget_lines}, lazy_("a budget line of this call")),
        ("area", {each.key for each in design.areas}, lazy_("an area of this call")),
    ):
        value = getattr(given, name)
        if value is not None:
            yield from one_of(f"{place}.{name}", value, known, words)


def rankings(design: CallDesign) -> Faults:
    """Rankings of their own: each for somebody whom no ranking above takes already."""
    kinds, lines = {each.kind for each in design.applicants}, {each.key for each in design.budget_lines}
    for seen in views(design):
        place, given = seen.at("rankings"), seen.design.rankings
        for index, ranking in enumerate(given):
            yield from _for_somebody(f"{place}.{index}", ranking, kinds, lines)
        if len({(*sorted(each.kinds), "/", *sorted(each.lines)) for each in given}) < len(given):
            yield Fault(place, lazy_("Two rankings are for the same applicants."), lazy_("Leave one of them."))
            continue
        for index, ranking in enumerate(given):
            if any(_holds_all_of(other, ranking) for other in given[:index]):
                yield Fault(f"{place}.{index}", lazy_("A ranking above takes everybody of this one."),
                            lazy_("Put this one first: the first that names an application has it."))  # fmt: skip


def _for_somebody(place: str, ranking: RankingDesign, kinds: set[str], lines: set[str]) -> Faults:
    if not ranking.kinds and not ranking.lines:
        yield Fault(place, lazy_("This ranking is for nobody."), lazy_("Write its kinds or its lines."))
    for number, kind in enumerate(ranking.kinds):
        yield from one_of(f"{place}.kinds.{number}", kind, kinds, lazy_("a kind of applicant of this call"))
    for number, line in enumerate(ranking.lines):
        yield from one_of(f"{place}.lines.{number}", line, lines, lazy_("a budget line of this call"))


def _holds_all_of(wide: RankingDesign, narrow: RankingDesign) -> bool:
    """Whether whoever the narrow one names is named by the wide one too; what is not said means everybody."""
    pairs = ((wide.kinds, narrow.kinds), (wide.lines, narrow.lines))
    return all(not some or (others and set(others) <= set(some)) for some, others in pairs)


def terms(design: CallDesign) -> Faults:
    """Days to pay and years to keep."""
    for name in ("payment_days", "retention_years"):
        if getattr(design, name) < 1:
            yield Fault(name, lazy_("%(value)s is too little.", value=getattr(design, name)), ONE_AT_LEAST)
