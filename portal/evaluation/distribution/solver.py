"""A process apart: `python -m portal.evaluation.distribution.solver` gives applications to evaluators by HiGHS.

A flow of least cost: one column for each application and evaluator who may meet; a missing evaluator costs most, then a
topic that nobody knows, then each further application on the same desk, a little more each time (so that loads become
even), and last a lot drawn from the seed. Without a limit on pairs of evaluators the program is a flow, whole by
nature. With one, the pairs that meet too often are forbidden one after the other and it is solved in whole numbers.
"""

import json
from collections import defaultdict
from itertools import combinations
from random import Random
from typing import Any

import highspy
import numpy as np

from portal.core.apart import work_apart

MISSING, UNFIT, LOT = 1e5, 5e3, 1e-3
MOST_ROUNDS, MOST_SECONDS, HALF, GAP = 40, 25.0, 0.5, 0.25
Meeting = tuple[int, int]


class Model:
    """The program being written: columns with a cost and bounds, rows with bounds."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.bounds: list[tuple[float, float]] = []
        self.rows: list[tuple[float, float, list[int], list[float]]] = []

    def column(self, cost: float, low: float = 0, high: float = 1) -> int:
        """Add a column; answers its number."""
        self.costs.append(cost)
        self.bounds.append((low, high))
        return len(self.costs) - 1

    def row(self, low: float, high: float, columns: list[int], minus: list[int] | None = None) -> None:
        """Add a row: the sum of `columns`, less that of `minus`, lies between the two."""
        less = minus or []
        self.rows.append((low, high, [*columns, *less], [1.0] * len(columns) + [-1.0] * len(less)))

    def solver(self) -> Any:
        """HiGHS with the program; one thread, so that the same input gives the same plan."""
        found: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        found.silent()
        for name, value in (("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("mip_abs_gap", GAP),
                            ("time_limit", MOST_SECONDS)):  # fmt: skip
            found.setOptionValue(name, value)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self.costs), len(self.rows)
        program.col_cost_ = np.array(self.costs)
        program.col_lower_, program.col_upper_ = (np.array(each, float) for each in zip(*self.bounds, strict=True))
        program.row_lower_ = np.array([each[0] for each in self.rows], float)
        program.row_upper_ = np.array([each[1] for each in self.rows], float)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *(len(each[2]) for each in self.rows)]).astype(np.int32)
        program.a_matrix_.index_ = np.concatenate([np.array(each[2], np.int32) for each in self.rows])
        program.a_matrix_.value_ = np.concatenate([np.array(each[3]) for each in self.rows])
        found.passModel(program)
        return found


class Plan:
    """The program of one distribution."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.fixed = {(a, e) for a, e in given["fixed"]}
        self.model = Model()
        self.meetings = self._meetings()
        self._applications()
        self._desks()

    def _meetings(self) -> dict[Meeting, int]:
        barred = {(a, e) for a, e in self.given["barred"]} - self.fixed
        draw = Random(self.given["seed"])  # noqa: S311 - to be repeated
        return {
            (a, e): self.model.column(LOT * draw.random(), low=float((a, e) in self.fixed))
            for a, wants in enumerate(self.given["wants"]) for e in range(len(self.given["loads"]))
            if (wants and (a, e) not in barred) or (a, e) in self.fixed
        }  # fmt: skip

    def _applications(self) -> None:
        """Each application has what it wants, or lacks it; somebody who knows its topic, or nobody."""
        for a, wants in enumerate(self.given["wants"]):
            mine = [self.meetings[a, e] for e in range(len(self.given["loads"])) if (a, e) in self.meetings]
            has = sum((a, e) in self.fixed for e in range(len(self.given["loads"])))
            total = max(wants, has)
            self.model.row(total, total, [*mine, self.model.column(MISSING, high=total)])
            if self.given["fit"][a]:
                fitting = [self.meetings[a, e] for e in self.given["fit"][a] if (a, e) in self.meetings]
                self.model.row(1, highspy.kHighsInf, [*fitting, self.model.column(UNFIT)])

    def _desks(self) -> None:
        """The load of each evaluator is a stair: each further step costs more, and there are no more than the cap.

        Beyond twice the even share all steps cost alike: so high nobody climbs but where others are barred.
        """
        whole = sum(self.given["loads"]) + sum(self.given["wants"])
        twice = 2 * whole // max(1, len(self.given["loads"])) + 2
        for e, load in enumerate(self.given["loads"]):
            mine = [column for (_a, each), column in self.meetings.items() if each == e]
            has = sum(each == e for _a, each in self.fixed)
            most = self.given["most"][e]
            steps = len(mine) if most is None else max(has, min(len(mine), most - load))
            fine = min(steps, twice)
            stair = [self.model.column(load + step) for step in range(fine)]
            self.model.row(0, 0, mine, [*stair, self.model.column(load + fine, high=steps - fine)])

    def solve(self) -> dict[str, Any]:
        """Solve, forbid the pairs of evaluators that meet too often, solve again."""
        solver = self.model.solver()
        for turn in range(MOST_ROUNDS):
            solver.run()
            taken = solver.getSolution().col_value
            chosen = [meeting for meeting, column in self.meetings.items() if taken[column] > HALF]
            over = self._too_often(chosen)
            if not over:
                return {"pairs": sorted(set(chosen) - self.fixed)}
            if not turn:
                self._in_whole_numbers(solver)
            for two, where in over.items():
                self._forbid(solver, two, where)
        message = "no plan within the limits"
        raise RuntimeError(message)

    def _too_often(self, chosen: list[Meeting]) -> dict[tuple[int, int], list[int]]:
        limit = self.given["together"]
        if limit is None:
            return {}
        at, shared = defaultdict(list), defaultdict(list)
        for a, e in sorted(chosen):
            at[a].append(e)
        for a, evaluators in at.items():
            for two in combinations(evaluators, 2):
                shared[two].append(a)
        return {two: where for two, where in shared.items() if len(where) > self._allowed(two)}

    def _allowed(self, two: tuple[int, int]) -> int:
        """What stands already is not undone."""
        standing = sum((a, two[0]) in self.fixed and (a, two[1]) in self.fixed for a in range(len(self.given["wants"])))
        return max(int(self.given["together"]), standing)

    def _in_whole_numbers(self, solver: Any) -> None:
        for column in self.meetings.values():
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)

    def _forbid(self, solver: Any, two: tuple[int, int], where: list[int]) -> None:
        """Of these applications the two may share no more than they are allowed."""
        columns = [self.meetings[a, e] for a in where for e in two]
        most = len(where) + self._allowed(two)
        solver.addRow(-highspy.kHighsInf, most, len(columns), np.array(columns, np.int32), np.ones(len(columns)))


def work(content: bytes) -> bytes:
    """A problem in, a plan out, both as JSON."""
    return json.dumps(Plan(json.loads(content)).solve()).encode()


if __name__ == "__main__":
    work_apart(work)
