"""What a call declares about choosing, as the ranking engine reads it: rules, places, rankings, lines. Pure."""

from collections.abc import Mapping

from portal.calls.rules import (
    AllocateBy,
    AllocatePer,
    BudgetLine,
    CallDesign,
    Places,
    RankingDesign,
)
from portal.calls.rules import Criterion as DeclaredCriterion
from portal.core.i18n import in_both, in_language, lazy_
from portal.evaluation.ranking import (
    Better,
    Criterion,
    EdgeRule,
    Level,
    Quota,
    Rounding,
    Scheme,
    Source,
    TieBreak,
    TieRule,
)

WHOLE_CALL, OTHERS = "_call", "_others"
"""The ranking of the whole call, and that of whom no declared ranking names: no key of a call begins with a dash."""
OWN_RANKINGS: Mapping[str, object] = {WHOLE_CALL: lazy_("Whole call"), OTHERS: lazy_("Other applications")}


def leads_on(design: CallDesign, phase_key: str) -> bool:
    """Whether another phase follows this one: its winners are admitted to that, and no grant is given."""
    return design.phases[-1].key != phase_key


def scheme_of(design: CallDesign, phase_key: str) -> Scheme:
    """The rules of the call at a phase. In the last phase money limits winners even where places are allotted."""
    by, goes_on = design.allocation.by, leads_on(design, phase_key)
    return Scheme(
        criteria=tuple(_criterion(each) for each in design.criteria),
        minimum_total=design.minimum_total,
        decimals=design.decimals,
        rounding=Rounding(design.rounding.value),
        tie_breaks=tuple(TieBreak(TieRule(each.by.value), each.criterion) for each in design.tie_breaks),
        edge_rule=EdgeRule(design.edge_rule.value),
        cap=design.cap,
        minimum_partial_bp=int((design.allocation.minimum_partial or 0) * 100),
        quotas=quotas_of(design) if by in (AllocateBy.PLACES, AllocateBy.BOTH) else (),
        has_money=not (goes_on and by is AllocateBy.PLACES),
        selects=goes_on,
    )


def _criterion(declared: DeclaredCriterion) -> Criterion:
    return Criterion(
        key=declared.key,
        maximum=declared.maximum,
        threshold=declared.threshold,
        source=Source(declared.source.value),
        scale=declared.scale,
        levels=tuple(Level(each.points, each.knock_out) for each in declared.levels),
        formula=declared.formula,
        tag=declared.tag,
        better=Better(declared.better.value) if declared.better else None,
        per_cent=declared.per_cent,
    )


def quotas_of(design: CallDesign) -> tuple[Quota, ...]:
    """The places as declared; a row that names no line (or area) counts for each, where it is allotted by line (area).

    An application takes a place of every row that counts it.
    """
    found = [quota for row in design.allocation.places for quota in _quotas(row, design)]
    return tuple(dict.fromkeys(found))


def _quotas(row: Places, design: CallDesign) -> list[Quota]:
    per = design.allocation.per
    if per is AllocatePer.LINE and row.line is None and row.area is None and len(design.budget_lines) > 1:
        return [Quota(row.count, row.kind, line.key) for line in design.budget_lines]
    if per is AllocatePer.AREA and row.area is None and row.line is None:
        return [Quota(row.count, row.kind, None, area.key) for area in design.areas]
    return [Quota(row.count, row.kind, row.line, row.area)]


def ranking_for(design: CallDesign, line: BudgetLine, kind: str, area: str | None) -> str | None:
    """The key of the ranking an application stands in; None for that of its budget line.

    Declared rankings come first, the first that names it; else one for the call, each line or each area, as it allots.
    """
    if design.rankings:
        found = next((each for each in design.rankings if _names(each, line.key, kind)), None)
        return OTHERS if found is None else found.key
    match design.allocation.per:
        case AllocatePer.CALL:
            return WHOLE_CALL if len(design.budget_lines) > 1 else None
        case AllocatePer.AREA:
            return OTHERS if area is None else area
        case AllocatePer.LINE:
            return None


def _names(ranking: RankingDesign, line: str, kind: str) -> bool:
    return (not ranking.kinds or kind in ranking.kinds) and (not ranking.lines or line in ranking.lines)


def other_lines_for(design: CallDesign, line: BudgetLine, kind: str, area: str | None) -> tuple[str, ...]:
    """The further lines that may pay an application where money is counted over the whole call, as declared."""
    if design.allocation.per is not AllocatePer.CALL:
        return ()
    serving = [each.key for each in design.budget_lines if _serves(design, each, kind, area)]
    return tuple(key for key in serving if key != line.key)


def _serves(design: CallDesign, line: BudgetLine, kind: str, area: str | None) -> bool:
    known = {each.key for each in design.areas}
    place = line.area or (line.key if line.key in known else None)
    return line.kind in (None, kind) and place in (None, area)


def ranking_names(design: CallDesign, language: str) -> dict[str, str]:
    """What readers call the rankings: by their own names, those of lines and areas, or of the whole call."""
    lines = {each.key: in_language(each.name, language) for each in design.budget_lines}
    areas = {each.key: each.name for each in design.areas}
    own = {key: in_both(words)[language] for key, words in OWN_RANKINGS.items()}
    return own | areas | lines | {each.key: in_language(each.name, language) for each in design.rankings}
