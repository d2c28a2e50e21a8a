"""Which function calls which: names resolved through the imports of each module, packages that re-export followed."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.house.sources import ROOT, sources

Function = tuple[str, str]
"""Dotted module and name; methods by the name of their class."""


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the portal, parsed."""
    return {_module(str(source.path.relative_to(ROOT))): source.tree for source in sources("portal")}


@cache
def imports(module: str) -> dict[str, Function]:
    """What each name of a module means: (module, name), or (module, "") for a module itself."""
    found: dict[str, Function] = {}
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                meant = (whole, "") if whole in modules() else (node.module, alias.name)
                found[alias.asname or alias.name] = meant
    return found


@cache
def functions(module: str) -> dict[str, ast.AST]:
    """Functions and classes of a module by name."""
    kinds = ast.FunctionDef | ast.ClassDef
    return {node.name: node for node in modules().get(module, ast.Module([], [])).body if isinstance(node, kinds)}


def resolved(module: str, name: str) -> Function | None:
    """Where a name of a module is defined, if in the portal."""
    for _ in range(5):
        if name in functions(module):
            return module, name
        if module not in modules() or name not in imports(module):
            return None
        module, inner = imports(module)[name]
        name = inner or name
    return None


@cache
def called(function: Function) -> frozenset[Function]:
    """The functions of the portal that this one names (called, or handed on)."""
    module, name = function
    return frozenset(found for found in _named(module, functions(module)[name]) if found is not None)


def _named(module: str, node: ast.AST) -> Iterator[Function | None]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield resolved(module, each.id)
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            owner, inner = imports(module).get(each.value.id, ("", "-"))
            if not inner:
                yield resolved(owner, each.attr)


def reaches(start: Function, goal: Function) -> bool:
    """Whether a call of the one may end in a call of the other."""
    waiting, known = [start], {start}
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        fresh = called(here) - known
        known |= fresh
        waiting += fresh
    return False
