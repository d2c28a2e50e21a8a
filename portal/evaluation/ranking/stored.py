"""A stored input read back: what `canonical.input_json` wrote, now or before a rule existed."""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from portal.evaluation.ranking.canonical import VERSION
from portal.evaluation.ranking.given import (
    Agreed,
    Assignment,
    Candidate,
    Draw,
    Facts,
    RankingInput,
    Recusal,
    Sheet,
    Standing,
)
from portal.evaluation.ranking.scheme import (
    Better,
    Criterion,
    EdgeRule,
    Level,
    Line,
    Quota,
    Rounding,
    Scheme,
    Source,
    TieBreak,
    TieRule,
)


def read_input(content: bytes) -> RankingInput:
    """The input that `input_json` wrote; raises ValueError for another version."""
    document = json.loads(content)
    if document["version"] != VERSION:
        raise ValueError(f"ranking input of version {document['version']}, not {VERSION}")
    scheme = _scheme(document["scheme"])
    exact = lru_cache(_number)
    return RankingInput(
        scheme=scheme,
        lines=tuple(Line(key, budget) for key, budget in document["lines"].items()),
        candidates=tuple(_candidate(key, fields) for key, fields in document["candidates"].items()),
        assignments=tuple(Assignment(key, each) for key, names in document["assignments"].items() for each in names),
        recusals=tuple(Recusal(key, each) for key, names in document["recusals"].items() for each in names),
        draws=tuple(
            Draw(tuple(each["references"]), each["sha256"], each["seed"]) for each in document.get("draws", ())
        ),
        scores=(),
        sheets=tuple(
            Sheet(candidate, evaluator, tuple(map(exact, row)))
            for candidate, rows in document["sheets"].items()
            for evaluator, row in rows.items()
        ),
        standing=tuple(Standing(key, **each) for key, each in document.get("standing", {}).items()),
        gone=tuple(document.get("gone", ())),
        agreed=tuple(
            Agreed(candidate, key, Decimal(points))
            for candidate, marks in document.get("agreed", {}).items()
            for key, points in marks.items()
        ),
    )


def _scheme(document: Mapping[str, Any]) -> Scheme:
    return Scheme(
        criteria=tuple(_criterion(each) for each in document["criteria"]),
        minimum_total=_number(document["minimum_total"]),
        decimals=document["decimals"],
        rounding=Rounding(document["rounding"]),
        cap=_number(document["cap"]),
        tie_breaks=tuple(TieBreak(TieRule(each["rule"]), each["criterion"]) for each in document["tie_breaks"]),
        edge_rule=EdgeRule(document["edge_rule"]),
        minimum_partial_bp=document["minimum_partial_bp"],
        quotas=tuple(Quota(**each) for each in document.get("quotas", ())),
        has_money=not document.get("places_only", False),
        selects=document.get("selects", False),
    )


def _criterion(document: Mapping[str, Any]) -> Criterion:
    better = document.get("better")
    return Criterion(
        key=document["key"],
        maximum=Decimal(document["maximum"]),
        threshold=_number(document["threshold"]),
        source=Source(document.get("source", Source.EVALUATORS)),
        scale=_number(document.get("scale")),
        levels=tuple(Level(Decimal(each["points"]), each["knock_out"]) for each in document.get("levels", ())),
        formula=document.get("formula"),
        tag=document.get("tag"),
        better=Better(better) if better else None,
        per_cent=_number(document.get("per_cent")),
    )


def _candidate(key: str, document: Mapping[str, Any]) -> Candidate:
    facts = document.get("facts", {})
    numbers = tuple((name, Decimal(number)) for name, number in facts.get("numbers", {}).items())
    said = {**facts, "numbers": numbers, "bonuses": tuple(facts.get("bonuses", ()))}
    plain = {name: value for name, value in document.items() if name not in ("facts", "other_lines")}
    return Candidate(id=key, facts=Facts(**said), other_lines=tuple(document.get("other_lines", ())), **plain)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
