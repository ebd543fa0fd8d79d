"""The words a diagram may use beyond BPMN: what is checked of tables and templates before they are deployed.

Runs nothing. Each table of ours has a parser in the room that reads it; a file that it cannot read is refused at deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casework import deployed, notify
from casework.law import clocks, policy
from casework.people import organisation
from casework.records import archive, ledgers, letters
from engine.deployment import Checker, Rule
from engine.errors import Problem
from engine.model import Json, Resource

#: Who reads which table.
TABLES: Mapping[str, Callable[[Json], Any]] = {
    organisation.POSTS_FILE: organisation.read_posts, clocks.RULES_FILE: clocks.read_rules,
    policy.CATALOGUE: policy.read_parameters, "ledgers.yaml": ledgers.parse, "letters.yaml": letters.parse,
    "archives.yaml": archive.parse, "texts.yaml": notify.parse,
}  # fmt: skip


def check_table(resource: Resource) -> list[Problem]:
    """Problems of a YAML table; one that nobody reads is only looked at as YAML."""
    return deployed.check(resource.name, resource.content, TABLES.get(resource.name, lambda tree: tree))


def check_template(resource: Resource) -> list[Problem]:
    """Problems of a letter's template: it must be text."""
    try:
        resource.content.decode("utf-8")
    except UnicodeDecodeError:
        return [Problem(rule="template", zh="模板不是 UTF-8 文本。", en="The template is not UTF-8 text.", file=resource.name)]
    return []


RESOURCE_KINDS: Mapping[str, Checker] = {".yaml": check_table, ".typ": check_template}
RULES: Sequence[Rule] = ()
