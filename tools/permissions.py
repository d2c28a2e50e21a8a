"""The permission table as a Markdown page: `python -m tools.permissions > docs/permissions.md`."""

from collections.abc import Iterator
from itertools import groupby

from portal.access.policy import ALLOWED, MONEY_MOVES, Action, Role, Tie

HEAD = """# Permissions: who may do what

This page is generated from `ALLOWED` in `portal/access/policy/table.py`. Do not edit it: change the table, then run
`python -m tools.permissions > docs/permissions.md`. A house test compares the two.

**How to read it.** A row is an action, a column is a role. A cell names the ties that open the action to that role;
several ties are alternatives. An empty cell opens nothing. What is open to a `visitor` is open to everybody; `person`
is anybody signed in, staff included; the other roles belong to one authority. An action marked € moves money: its
refusals are written to the audit trail too.

**What a tie means.**

| tie | meaning |
|---|---|
"""
MEANINGS: dict[Tie, str] = {
    Tie.ANYONE: "no tie is needed; where there is an object, it must be public",
    Tie.SAME_AUTHORITY: "the object belongs to the authority that gave the role",
    Tie.OWNER: "represents the organisation or group (legal representative, *referente*)",
    Tie.EDITOR: "writes for the organisation or group",
    Tie.VIEWER: "reads for the organisation or group",
    Tie.REPORTER: "writes reports for the organisation or group, not applications",
    Tie.ASSIGNED: "was assigned the application as evaluator",
    Tie.COMMISSION: "sits on the commission, and votes",
    Tie.PRESIDES: "presides over the commission",
    Tie.SECRETARY: "is the secretary of the commission: keeps its minutes, never scores",
    Tie.COACHES: "coaches the team",
    Tie.CONFLICTED: "has a conflict of interest with the object: beats every other tie, and refuses every action",
}
TAIL = """
A row says what a tie allows. Whether the object is in the right state is said by its moves (`rules.py` of each room).
A list shows only what its query finds for the person; an object that a person may not know of answers 404, not 403.
"""


def words(tie: Tie) -> str:
    """A tie as it is written in a cell."""
    return tie.value.replace("_", " ")


def cell(action: Action, role: Role) -> str:
    """The ties that open an action to a role, in the order of the enumeration."""
    return ", ".join(words(tie) for tie in Tie if (role, tie) in ALLOWED[action])


def row(action: Action) -> str:
    """One line of the matrix."""
    mark = " €" if action in MONEY_MOVES else ""
    return f"| `{action.value}`{mark} | " + " | ".join(cell(action, role) for role in Role) + " |"


def matrix() -> Iterator[str]:
    """The matrix, one table for each kind of object (the word before the dot)."""
    titles = [role.value.replace("_", " ") for role in Role]
    for subject, actions in groupby(Action, key=lambda action: action.value.split(".")[0]):
        yield f"\n## {subject.replace('_', ' ').capitalize()}\n"
        yield "| action | " + " | ".join(titles) + " |"
        yield "|---" * (len(titles) + 1) + "|"
        yield from (row(action) for action in actions)


def page() -> str:
    """The whole page."""
    ties = "\n".join(f"| {words(tie)} | {MEANINGS[tie]} |" for tie in Tie)
    return HEAD + ties + "\n" + "\n".join(matrix()) + "\n" + TAIL


if __name__ == "__main__":
    print(page(), end="")
