"""Input and output of a run as bytes that can be stored, hashed, and computed again years later.

Canonical: keys sorted, no spaces, ASCII, points in their shortest form, parts sorted; so the same input in
any order gives the same bytes. A key that says its default is left out wherever it came later than the first
rankings: what was stored before it existed reads, and is computed, as it was then.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any

import orjson

from portal.evaluation.ranking.exact import must_be_units, units_text
from portal.evaluation.ranking.given import Assignment, Candidate, Draw, Facts, RankingInput, Recusal
from portal.evaluation.ranking.results import LineResult, QuotaResult, RankedResult, Ranking
from portal.evaluation.ranking.scheme import Criterion, Quota, Scheme
from portal.evaluation.ranking.scores import Sheets, sheets_of
from portal.questionnaires.rules.units import plain

VERSION = 1  # of the rules and of both documents: a change of either is a new version


def digest(content: bytes) -> str:
    """The SHA-256 of a stored document, in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def input_json(given: RankingInput, sheets: Sheets | None = None) -> bytes:
    """The whole input; pass the sheets of a Ranking to spare laying them out again."""
    sheets = sheets_of(given) if sheets is None else sheets
    draws = sorted(map(_draw_document, given.draws), key=lambda each: each["references"])
    standing = {each.candidate: {"line": each.line, "cents": each.cents} for each in given.standing}
    said = _without_defaults(draws=draws, agreed=_agreed_document(given), standing=standing, gone=sorted(given.gone))
    return _object(
        {
            "version": _text(VERSION),
            "scheme": _text(_scheme_document(given.scheme)),
            "lines": _text({line.key: line.budget_cents for line in given.lines}),
            **{key: _text(value) for key, value in said.items()},
            "candidates": _text({each.id: _candidate_document(each) for each in given.candidates}),
            "assignments": _text(_by_candidate(given.assignments)),
            "recusals": _text(_by_candidate(given.recusals)),
            "sheets": _sheets_text(sheets),
        }
    ).encode("ascii")


def result_texts(ranking: Ranking) -> list[str]:
    """Every result as it stands in the output, in the order of publication."""
    return [_text(_result_document(result)) for result in ranking.results]


def output_json(ranking: Ranking, results: Iterable[str] | None = None) -> bytes:
    """Every result and line, in the order of publication; it does not repeat the input.

    Pass the `result_texts` to spare writing them again.
    """
    written = result_texts(ranking) if results is None else results
    rest = {key: _text(value) for key, value in _output_rest(ranking).items()}
    return _object({"results": f"[{','.join(written)}]", **rest}).encode("ascii")


def stored_output(ranking: Ranking) -> dict[str, Any]:
    """The output without its results, which are stored a row each; beside it the scheme, for whoever shows it."""
    return {**_output_rest(ranking), "scheme": _scheme_document(ranking.given.scheme)}


def _output_rest(ranking: Ranking) -> dict[str, Any]:
    quotas = [{**_quota_document(each.quota), "taken": each.taken} for each in _in_order(ranking.quotas)]
    return {
        "version": VERSION,
        "lines": [_line_document(line) for line in ranking.lines],
        **_without_defaults(quotas=quotas),
    }


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
_quoted = encode_basestring_ascii


def _text(value: object) -> str:
    """A value as it is stored and hashed: what the quick writer says in ASCII is what the usual one would say."""
    written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return written if written.isascii() else _ENCODER.encode(value)


def _object(members: Mapping[str, str]) -> str:
    """An object of members that are written already."""
    return "{" + ",".join([f"{_quoted(key)}:{members[key]}" for key in sorted(members)]) + "}"


class _Texts(dict[int | None, str]):
    """Points as they are written, by their millionths."""

    def __missing__(self, units: int | None) -> str:
        self[units] = "null" if units is None else f'"{units_text(units)}"'
        return self[units]


def _sheets_text(sheets: Sheets) -> str:
    """Hundreds of thousands of points: written row by row, as laying them out as a document takes longer."""
    texts = _Texts()
    return _object(
        {
            candidate: _object({
                evaluator: "[" + ",".join([texts[units] for units in row]) + "]" for evaluator, row in rows.items()
            })
            for candidate, rows in sheets.items()
            if rows
        }
    )  # fmt: skip


def _agreed_document(given: RankingInput) -> dict[str, dict[str, str | None]]:
    """The agreed marks by candidate and criterion."""
    found: dict[str, dict[str, str | None]] = {}
    for each in given.agreed:
        found.setdefault(each.candidate, {})[each.criterion] = _points(each.points)
    return found


def _by_candidate(ties: Iterable[Assignment | Recusal]) -> dict[str, list[str]]:
    evaluators: dict[str, set[str]] = {}
    for tie in ties:
        evaluators.setdefault(tie.candidate, set()).add(tie.evaluator)
    return {candidate: sorted(names) for candidate, names in evaluators.items()}


def _candidate_document(candidate: Candidate) -> dict[str, Any]:
    return {
        "reference": candidate.reference,
        "requested_cents": candidate.requested_cents,
        "cofinancing_bp": candidate.cofinancing_bp,
        "received_order": candidate.received_order,
        "line": candidate.line,
        "area": candidate.area,
        "admissible": candidate.admissible,
        **_without_defaults(
            kind=candidate.kind,
            listed_in=candidate.listed_in,
            other_lines=list(candidate.other_lines),
            facts=_facts_document(candidate.facts),
            reserved=candidate.reserved,
        ),
    }


def _facts_document(facts: Facts) -> dict[str, Any]:
    return _without_defaults(
        numbers={name: plain(number) for name, number in facts.numbers},
        bonuses=sorted(facts.bonuses),
        age_days=facts.age_days,
        aged=facts.aged,
        women=facts.women,
        gendered=facts.gendered,
    )


def _draw_document(draw: Draw) -> dict[str, Any]:
    return {"references": sorted(draw.references), "sha256": draw.sha256, "seed": draw.seed}


def _without_defaults(**values: Any) -> dict[str, Any]:
    """What says something: neither nothing, nor an empty list, nor zero, nor no."""
    return {key: value for key, value in values.items() if value}


def _scheme_document(scheme: Scheme) -> dict[str, Any]:
    return {
        "criteria": [
            {
                "key": each.key,
                "maximum": _points(each.maximum),
                "threshold": _points(each.threshold),
                **_source_document(each),
            }
            for each in scheme.criteria
        ],
        "minimum_total": _points(scheme.minimum_total),
        "decimals": scheme.decimals,
        "rounding": scheme.rounding.value,
        "cap": _points(scheme.cap),
        "tie_breaks": [{"rule": link.rule.value, "criterion": link.criterion} for link in scheme.tie_breaks],
        "edge_rule": scheme.edge_rule.value,
        "minimum_partial_bp": scheme.minimum_partial_bp,
        **_without_defaults(
            quotas=sorted(map(_quota_document, scheme.quotas), key=lambda each: sorted(each.items(), key=str)),
            places_only=not scheme.has_money,
            selects=scheme.selects,
        ),
    }


def _source_document(criterion: Criterion) -> dict[str, Any]:
    return _without_defaults(
        source="" if criterion.is_scored else criterion.source.value,
        scale=_points(criterion.scale),
        levels=[{"points": _points(each.points), "knock_out": each.knock_out} for each in criterion.levels],
        formula=criterion.formula,
        tag=criterion.tag,
        better=criterion.better and criterion.better.value,
        per_cent=_points(criterion.per_cent),
    )


def _quota_document(quota: Quota) -> dict[str, Any]:
    return {"count": quota.count, **_without_defaults(kind=quota.kind, line=quota.line, area=quota.area)}


def _points(points: Decimal | None) -> str | None:
    return None if points is None else units_text(must_be_units(points))


def _result_document(result: RankedResult) -> dict[str, Any]:
    separation = result.separation
    return {
        "candidate": result.candidate,
        "reference": result.reference,
        "line": result.line,
        **_without_defaults(
            ranking="" if result.ranking == result.line else result.ranking, with_reserve=result.reserved
        ),
        "area": result.area,
        "means": [[mean.criterion, mean.exact, str(mean.published)] for mean in result.means],
        "exact_sum": result.exact_sum,
        "capped": result.capped,
        "total": None if result.total is None else str(result.total),
        "position": result.position,
        "separation": None if separation is None else [
            separation.neighbour, separation.by, separation.own, separation.theirs
        ],
        "requested_cents": result.requested_cents,
        "awarded_cents": result.awarded_cents,
        "cumulative_cents": result.cumulative_cents,
        "outcome": result.outcome.value,
        "reasons": [{"code": reason.code.value, "facts": dict(reason.facts)} for reason in result.reasons],
    }  # fmt: skip


def _in_order(quotas: Iterable[QuotaResult]) -> list[QuotaResult]:
    return sorted(quotas, key=lambda each: sorted(_quota_document(each.quota).items(), key=str))


def _line_document(line: LineResult) -> dict[str, Any]:
    return {
        "line": line.line,
        "budget_cents": line.budget_cents,
        "awarded_cents": line.awarded_cents,
        "left_cents": line.left_cents,
        "draw_between": list(line.draw_between),
    }
