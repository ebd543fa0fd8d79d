"""Reads our own Python sources for the tests that guard them."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SUITES = Path(
    os.environ.get("YIMEN_SUITES") or os.environ.get("YIMEN_TEST_SUITES") or ROOT.parent / "shared" / "suites"
)
"""The folder of the public conformance suites; what needs it is skipped where it is absent."""
PACKAGES = ("engine", "casework", "api", "commands", "migrations")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, by its full dotted name, and where it is imported."""

    name: str
    line: int
    within_function: bool
    for_types_only: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One module of ours: its dotted name and its tree."""

    name: str
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.name.split(".")[0]

    def within(self, *places: str) -> bool:
        """Whether this module is one of the places or lies below one."""
        return any(self.name == place or self.name.startswith(place + ".") for place in places)

    def imports(self) -> Iterator[Import]:
        """Everything imported; `from a import b` counts as `a.b`, since b may be a module."""
        yield from _imports(self.tree, within_function=False, for_types_only=False)


def parse(name: str, text: str) -> Source:
    return Source(name, ast.parse(text))


@cache
def sources() -> list[Source]:
    """All modules of our packages."""
    found = []
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(parse(name, file.read_text("utf-8")))
    return found


def _imports(node: ast.AST, *, within_function: bool, for_types_only: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import(names=names):
                for alias in names:
                    yield Import(alias.name, child.lineno, within_function, for_types_only)
            case ast.ImportFrom(module=module, names=names):
                for alias in names:
                    yield Import(f"{module}.{alias.name}", child.lineno, within_function, for_types_only)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for statement in child.body:
                    wrapped = ast.Module([statement], [])
                    yield from _imports(wrapped, within_function=within_function, for_types_only=True)
                for statement in child.orelse:
                    wrapped = ast.Module([statement], [])
                    yield from _imports(wrapped, within_function=within_function, for_types_only=for_types_only)
            case _:
                inside = within_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                yield from _imports(child, within_function=inside, for_types_only=for_types_only)
