"""The sources of the house, parsed once for its architecture tests."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def lines(self) -> int:
        """How long the file is."""
        return len(self.path.read_text().splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.path.read_text(), str(self.path))

    @property
    def room(self) -> str:
        """The package or module right under portal/."""
        return self.path.relative_to(ROOT / "portal").parts[0].removesuffix(".py")

    def is_furniture(self, *names: str) -> bool:
        """Whether this is one of these pieces of a room: `operations.py`, or a file of `operations/`."""
        parts = {part.removesuffix(".py") for part in self.path.relative_to(ROOT / "portal").parts[1:]}
        return not parts.isdisjoint(names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@lru_cache
def sources(folder: str) -> tuple[Source, ...]:
    """The Python files under a folder of the repository, in order."""
    return tuple(Source(path) for path in sorted((ROOT / folder).rglob("*.py")))


@lru_cache
def templates() -> tuple[Path, ...]:
    """Every template, in order."""
    return tuple(path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file())


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the last statement."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def rooms() -> set[str]:
    """What stands right under portal/."""
    packages = {path.parent.name for path in (ROOT / "portal").glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / "portal").glob("*.py")} - {"__init__"}
    return packages | modules


def floors() -> list[set[str]]:
    """The layers of the import contract, from the roof down."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [{room.strip(" ()") for room in floor.split("|")} for floor in contract["layers"]]
