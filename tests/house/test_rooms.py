"""The rooms: each on its floor, each with the same furniture, each within its piece's duties."""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.house.sources import Source, floors, rooms, sources

PORTAL = sources("portal")
VAGUE = {"common", "utils", "util", "helpers", "helper", "misc", "manager", "managers", "handler", "handlers"}
BELOW_VIEWS = ("rules", "models", "queries", "operations", "checks")


def calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the last name of what is called."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = node.func
            yield node, getattr(called, "attr", getattr(called, "id", ""))


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Every imported name, dotted, with its line."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_every_room_is_placed_on_one_floor():
    placed = Counter(room for floor in floors() for room in floor)
    assert rooms() - placed.keys() == set()
    assert [room for room, times in placed.items() if times > 1] == []


def test_no_file_has_a_name_that_says_nothing():
    assert [str(source) for source in PORTAL if source.path.stem in VAGUE or source.path.parent.name in VAGUE] == []


def test_no_import_stands_inside_a_function():
    inside = [
        f"{source}:{node.lineno}"
        for source in (*PORTAL, *sources("tests"), *sources("tools"))
        for function in source.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_only_core_clock_reads_the_clock():
    readers = [
        f"{source}:{node.lineno}"
        for source in PORTAL
        if str(source) != "portal/core/clock.py"
        for node, name in calls(source)
        if name in {"utcnow", "today"} or (name == "now" and _is_datetime(node))
    ]
    assert readers == []


def _is_datetime(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).split(".")[-1] in {
        "datetime",
        "date",
    }


def test_time_is_an_argument_below_the_views():
    readers = [
        f"{source}:{line} {name}"
        for source in PORTAL
        if source.is_furniture(*BELOW_VIEWS) and source.room != "core"
        for line, name in imported(source)
        if name.startswith("portal.core.clock")
    ]
    assert readers == []


def test_operations_never_commit():
    committing = [
        f"{source}:{node.lineno} {name}"
        for source in PORTAL
        if source.is_furniture(*BELOW_VIEWS)
        for node, name in calls(source)
        if name in {"commit", "rollback", "unit_of_work"}
    ]
    assert committing == []


def test_nothing_below_the_views_sees_a_request():
    web = ("flask", "werkzeug", "portal.core.web", "portal.access.web", "wtforms", "flask_wtf", "flask_login")
    seeing = [
        f"{source}:{line} {name}"
        for source in PORTAL
        if source.is_furniture(*BELOW_VIEWS) and source.room != "core"
        for line, name in imported(source)
        if name.startswith(tuple(f"{each}." for each in web)) or name in web
    ]
    assert seeing == []


def test_rules_are_pure():
    impure = ("sqlalchemy", "flask", "portal.core.db", "portal.core.clock", "portal.core.web")
    found = [
        f"{source}:{line} {name}"
        for source in PORTAL
        if source.is_furniture("rules")
        for line, name in imported(source)
        if name.startswith(impure)
    ]
    assert found == []


def test_operations_take_only_named_arguments():
    """Save the session, and the event that a subscriber answers."""
    loose = [
        f"{source}:{node.lineno} {node.name}"
        for source in PORTAL
        if source.is_furniture("operations")
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if {arg.arg for arg in node.args.posonlyargs + node.args.args} - {"session", "event"}
    ]
    assert loose == []


def test_a_status_is_assigned_in_one_place_of_a_room():
    places = Counter(
        source.room
        for source in PORTAL
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "status" and ast.unparse(target.value) != "response"
    )
    assert {room: times for room, times in places.items() if times > 1} == {}


def test_views_compare_no_status_and_no_role():
    comparing = [
        f"{source}:{node.lineno} {ast.unparse(node)}"
        for source in PORTAL
        if source.is_furniture("views")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Attribute) and side.attr in {"status", "role", "roles"}
    ]
    assert comparing == []
