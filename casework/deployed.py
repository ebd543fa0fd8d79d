"""Files of ours that are deployed beside diagrams (`ledgers.yaml`, `letters.yaml`, `N13.typ`), read once per version.

The newest version is the one that counts for new entries; what was issued keeps the number of the version it was made with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from engine.errors import InvalidInput, Problem
from engine.limits import JSON_DEPTH, JSON_VALUES
from engine.model import Json

if TYPE_CHECKING:
    from casework.act import Act

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BadTable(Exception):
    """A YAML file that cannot be meant; `zh` and `en` say what is wrong with it."""

    zh: str
    en: str


def text_of(act: Act, name: str, version: int | None = None) -> tuple[bytes, int]:
    """Content and version of a deployed file; InvalidInput where it was never deployed."""
    found = act.work.resource(name, version)
    if found is None:
        raise InvalidInput(f"尚未部署文件 {name}。", f"The file {name} is not deployed.")
    return found.content, found.version


def table(act: Act, name: str, parse: Callable[[Json], T]) -> T:
    """The newest version of a deployed YAML table, parsed; kept in memory until a newer one is deployed."""
    content, version = text_of(act, name)
    known = act.house.memory.get(("table", name))
    if known is None or known[0] != version:
        known = act.house.memory[("table", name)] = (version, parse(load(content)))
    parsed: T = known[1]
    return parsed


def load(content: bytes) -> Json:
    """A YAML file as a JSON value, numbers exact; BadTable for what is not a plain, bounded tree."""
    try:
        loader = _Exact(content)
        try:
            tree = loader.get_single_data()
        finally:
            loader.dispose()
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise BadTable(f"不是有效的 YAML:{broken}", f"Not valid YAML: {broken}") from broken
    _bound(tree)
    return tree


def check(file: str, content: bytes, parse: Callable[[Json], Any]) -> list[Problem]:
    """Problems of an uploaded table, in the words of a deployment."""
    try:
        parse(load(content))
    except BadTable as bad:
        return [Problem(rule="table", zh=bad.zh, en=bad.en, file=file)]
    return []


def rows(tree: Json, name: str) -> list[Mapping[str, Json]]:
    """The list of objects under a name; BadTable where there is none."""
    listed = tree.get(name) if isinstance(tree, dict) else None
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise BadTable(f"缺少清单 {name}。", f"There is no list {name}.")
    return listed


def text(row: Mapping[str, Json], name: str, default: str | None = None) -> str:
    """A text of a row; BadTable where it is missing and has no default."""
    value = row.get(name, default)
    if not isinstance(value, str):
        raise BadTable(f"缺少文字 {name}:{dict(row)!r:.80}", f"The text {name} is missing: {dict(row)!r:.80}")
    return value


class _Exact(yaml.CSafeLoader):
    """The safe loader, with decimals instead of floating-point numbers and dates left as text."""


def _decimal(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)).replace("_", ""))


def _plain(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Exact.add_constructor("tag:yaml.org,2002:float", _decimal)
_Exact.add_constructor("tag:yaml.org,2002:timestamp", _plain)


def _bound(tree: Json) -> None:
    """Aliases let a few lines unfold without end: counting stops at the bound."""
    waiting, count = [(tree, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if count > JSON_VALUES or depth > JSON_DEPTH:
            raise BadTable("文件内容过多或嵌套过深。", "The file holds too many values or is nested too deeply.")
        if isinstance(value, dict):
            waiting.extend((one, depth + 1) for one in value.values())
        elif isinstance(value, list):
            waiting.extend((one, depth + 1) for one in value)
