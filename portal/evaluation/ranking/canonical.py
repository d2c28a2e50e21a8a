"""Input and output of a run as bytes that can be stored, hashed, and computed again years later.

Canonical: keys sorted, no spaces, ASCII, points in their shortest form, parts sorted; so the same input in
any order gives the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.evaluation.ranking.exact import must_be_units, units_text
from portal.evaluation.ranking.given import Assignment, Candidate, RankingInput, Recusal, Score
from portal.evaluation.ranking.results import LineResult, RankedResult, Ranking
from portal.evaluation.ranking.scheme import Criterion, EdgeRule, Line, Rounding, Scheme, TieBreak, TieRule
from portal.evaluation.ranking.scores import Row, Sheets, sheets_of

VERSION = 1  # of the rules and of both documents: a change of either is a new version


def digest(content: bytes) -> str:
    """The SHA-256 of a stored document, in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def input_json(given: RankingInput, sheets: Sheets | None = None) -> bytes:
    """The whole input; pass the sheets of a Ranking to spare laying them out again."""
    sheets = sheets_of(given) if sheets is None else sheets
    texts = {units: units_text(units) for rows in sheets.values() for row in rows.values() for units in row
             if units is not None}  # fmt: skip
    return _bytes(
        {
            "version": VERSION,
            "scheme": _scheme_document(given.scheme),
            "lines": {line.key: line.budget_cents for line in given.lines},
            "candidates": {each.id: _candidate_document(each) for each in given.candidates},
            "assignments": _by_candidate(given.assignments),
            "recusals": _by_candidate(given.recusals),
            "sheets": {
                candidate: {evaluator: _row_document(row, texts) for evaluator, row in rows.items()}
                for candidate, rows in sheets.items()
                if rows
            },
        }
    )


def output_json(ranking: Ranking) -> bytes:
    """Every result and line, in the order of publication; it does not repeat the input."""
    return _bytes(
        {
            "version": VERSION,
            "results": [_result_document(result) for result in ranking.results],
            "lines": [_line_document(line) for line in ranking.lines],
        }
    )


def read_input(content: bytes) -> RankingInput:
    """The input that `input_json` wrote; raises ValueError for another version."""
    document = json.loads(content)
    if document["version"] != VERSION:
        raise ValueError(f"ranking input of version {document['version']}, not {VERSION}")
    scheme = _read_scheme(document["scheme"])
    return RankingInput(
        scheme=scheme,
        lines=tuple(Line(key, budget) for key, budget in document["lines"].items()),
        candidates=tuple(Candidate(id=key, **fields) for key, fields in document["candidates"].items()),
        assignments=tuple(Assignment(key, each) for key, names in document["assignments"].items() for each in names),
        recusals=tuple(Recusal(key, each) for key, names in document["recusals"].items() for each in names),
        scores=tuple(
            Score(candidate, evaluator, key, Decimal(points))
            for candidate, rows in document["sheets"].items()
            for evaluator, row in rows.items()
            for key, points in zip(scheme.keys, row, strict=True)
            if points is not None
        ),
    )


def _bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _row_document(row: Row, texts: Mapping[int, str]) -> list[str | None]:
    return [None if units is None else texts[units] for units in row]


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
    }


def _scheme_document(scheme: Scheme) -> dict[str, Any]:
    return {
        "criteria": [
            {"key": each.key, "maximum": _points(each.maximum), "threshold": _points(each.threshold)}
            for each in scheme.criteria
        ],
        "minimum_total": _points(scheme.minimum_total),
        "decimals": scheme.decimals,
        "rounding": scheme.rounding.value,
        "cap": _points(scheme.cap),
        "tie_breaks": [{"rule": link.rule.value, "criterion": link.criterion} for link in scheme.tie_breaks],
        "edge_rule": scheme.edge_rule.value,
        "minimum_partial_bp": scheme.minimum_partial_bp,
    }


def _read_scheme(document: Mapping[str, Any]) -> Scheme:
    return Scheme(
        criteria=tuple(
            Criterion(each["key"], Decimal(each["maximum"]), _read_points(each["threshold"]))
            for each in document["criteria"]
        ),
        minimum_total=_read_points(document["minimum_total"]),
        decimals=document["decimals"],
        rounding=Rounding(document["rounding"]),
        cap=_read_points(document["cap"]),
        tie_breaks=tuple(TieBreak(TieRule(each["rule"]), each["criterion"]) for each in document["tie_breaks"]),
        edge_rule=EdgeRule(document["edge_rule"]),
        minimum_partial_bp=document["minimum_partial_bp"],
    )


def _points(points: Decimal | None) -> str | None:
    return None if points is None else units_text(must_be_units(points))


def _read_points(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _result_document(result: RankedResult) -> dict[str, Any]:
    separation = result.separation
    return {
        "candidate": result.candidate,
        "reference": result.reference,
        "line": result.line,
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


def _line_document(line: LineResult) -> dict[str, Any]:
    return {
        "line": line.line,
        "budget_cents": line.budget_cents,
        "awarded_cents": line.awarded_cents,
        "left_cents": line.left_cents,
        "draw_between": list(line.draw_between),
    }
