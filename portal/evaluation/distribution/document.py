"""A problem as a document: what is kept beside a plan, so that anyone can work the same plan out again."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.evaluation.distribution.terms import Desk, Pair, Plan, Wish


def written(wishes: Sequence[Wish], desk: Desk) -> dict[str, Any]:
    """Wishes and desk in plain values; pairs sorted, so that the same problem gives the same document."""
    return {
        "wishes": [[str(each.application), each.wants, sorted(each.topics)] for each in wishes],
        "evaluators": [str(each) for each in desk.evaluators],
        "standing": _plain(desk.standing),
        "barred": _plain(desk.barred),
        "most": {str(key): most for key, most in desk.most.items()},
        "topics": {str(key): sorted(topics) for key, topics in desk.topics.items()},
        "together": desk.together,
        "seed": desk.seed,
    }


def read(document: dict[str, Any]) -> tuple[list[Wish], Desk]:
    """The problem that `written` wrote."""
    wishes = [Wish(UUID(key), wants, frozenset(topics)) for key, wants, topics in document["wishes"]]
    return wishes, Desk(
        evaluators=[UUID(each) for each in document["evaluators"]],
        standing=_pairs(document["standing"]),
        barred=frozenset(_pairs(document["barred"])),
        most={UUID(key): most for key, most in document["most"].items()},
        topics={UUID(key): frozenset(topics) for key, topics in document["topics"].items()},
        together=document["together"],
        seed=document["seed"],
    )


def fingerprint(document: dict[str, Any]) -> str:
    """SHA-256 of the document in its one canonical form."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def outcome_of(plan: Plan) -> dict[str, Any]:
    """A plan in plain values."""
    return {
        "pairs": [[str(application), str(evaluator)] for application, evaluator in plan.pairs],
        "short": {str(key): count for key, count in plan.short.items()},
        "unfit": [str(each) for each in plan.unfit],
    }


def plan_from(outcome: dict[str, Any]) -> Plan:
    """The plan that `outcome_of` wrote."""
    return Plan(
        pairs=_pairs(outcome["pairs"]),
        short={UUID(key): count for key, count in outcome["short"].items()},
        unfit=[UUID(each) for each in outcome["unfit"]],
    )


def _plain(pairs: Any) -> list[list[str]]:
    return sorted([str(application), str(evaluator)] for application, evaluator in pairs)


def _pairs(plain: list[list[str]]) -> list[Pair]:
    return [(UUID(application), UUID(evaluator)) for application, evaluator in plain]
