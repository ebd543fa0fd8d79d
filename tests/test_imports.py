"""Imports go one way, and each library has one place: the walls of the house."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.sources import PACKAGES, Source, parse, sources

# What a package or module may import of ours; the longest matching name decides.
MAY_IMPORT = {
    "engine": {"engine"},
    "engine.feel": {"engine.feel"},
    "casework": {"casework", "engine"},
    "api": {"api", "casework", "engine"},
    "commands": {"commands", "casework", "engine"},
    "commands.client": {"commands", "api", "casework", "engine"},  # reads the settings of the installation
    "migrations": {"migrations", "casework.persistence", "engine.persistence"},
}

# Where a library may be imported. Everything else of ours speaks to these places instead.
ONLY_IN = {
    "SpiffWorkflow": {"engine.parsing", "engine.runtime"},
    "sqlalchemy": {"engine.persistence", "casework.persistence", "migrations"},
    "alembic": {"engine.persistence.migrate", "migrations"},
    "psycopg": {"engine.persistence"},
    "lxml": {"engine.xml", "engine.parsing", "engine.decisions"},
    "apscheduler": {"engine.scheduler", "engine.cron"},
    "fastapi": {"api"},
    "starlette": {"api"},
    "uvicorn": {"api"},
    "pydantic": {"api"},
    "typst": {"casework.records"},
    "pwdlib": {"casework.people"},
    "chinese_calendar": {"casework.law"},
    "pypinyin": {"casework.records", "casework.people", "casework.demo"},
}

# The rooms of casework, from the door inwards: a room may use the rooms after it, never one before it.
ROOMS = {"authority": 0, "catalogue": 1, "steps": 1, "desk": 2, "records": 3, "people": 4, "law": 5, "act": 6}


def wrong_direction(source: Source) -> Iterator[str]:
    allowed = MAY_IMPORT[max((place for place in MAY_IMPORT if source.within(place)), key=len)]
    for found in source.imports():
        ours = found.name.split(".")[0] in PACKAGES
        if ours and not any(found.name == place or found.name.startswith(place + ".") for place in allowed):
            yield f"{source.name}:{found.line} imports {found.name}"


def out_of_place(source: Source) -> Iterator[str]:
    for found in source.imports():
        places = ONLY_IN.get(found.name.split(".")[0])
        if places is not None and not source.within(*places):
            yield f"{source.name}:{found.line} imports {found.name}; only {', '.join(sorted(places))} may"


def against_the_rooms(source: Source) -> Iterator[str]:
    here = _room(source.name)
    for found in source.imports():
        there = _room(found.name)
        if here is not None and there is not None and there < here and not found.for_types_only:
            yield f"{source.name}:{found.line} imports {found.name}, a room nearer to the door"


def hidden_imports(source: Source) -> Iterator[str]:
    for found in source.imports():
        if found.within_function and found.name.split(".")[0] in PACKAGES:
            yield f"{source.name}:{found.line} imports {found.name} inside a function"


def _room(name: str) -> int | None:
    part = [*name.split("."), ""][1]
    return ROOMS.get(part) if name.startswith("casework.") else None


def cycle(modules: list[Source]) -> list[str]:
    """One circle of modules that import each other when they are loaded; empty where there is none."""
    names = {source.name for source in modules}
    graph: dict[str, set[str]] = {source.name: set() for source in modules}
    for source in modules:
        for found in source.imports():
            if found.within_function or found.for_types_only:
                continue
            target = found.name if found.name in names else found.name.rpartition(".")[0]
            # A package's own __init__ gathers its modules; a module that names its package is no circle of ours.
            if target in names and target != source.name and not source.name.startswith(target + "."):
                graph[source.name].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


CHECKS = [wrong_direction, out_of_place, against_the_rooms, hidden_imports]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_module_breaks_the_rule(check) -> None:
    complaints = [complaint for source in sources() for complaint in check(source)]

    assert not complaints, "\n".join(complaints)


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert cycle(sources()) == []


@pytest.mark.parametrize(
    ("check", "module", "text"),
    [
        (wrong_direction, "engine.timers", "import casework.law"),
        (wrong_direction, "engine.timers", "from api import settings"),
        (wrong_direction, "engine.feel.parser", "from engine.errors import FeelError"),
        (wrong_direction, "casework.act", "from api.settings import Settings"),
        (wrong_direction, "migrations", "import casework.act"),
        (out_of_place, "engine.engine", "from SpiffWorkflow.bpmn import BpmnWorkflow"),
        (out_of_place, "casework.act", "from sqlalchemy import Connection"),
        (out_of_place, "casework.act", "if TYPE_CHECKING:\n    from sqlalchemy import Connection"),
        (out_of_place, "casework.steps", "def draw():\n    import fastapi"),
        (out_of_place, "engine.xmlish", "import lxml.etree"),
        (against_the_rooms, "casework.law.clocks", "from casework.desk import tasks"),
        (against_the_rooms, "casework.desk.tasks", "from casework import steps"),
        (hidden_imports, "casework.act", "def act():\n    from casework import audit"),
    ],
)
def test_the_rule_finds_a_planted_fault(check, module: str, text: str) -> None:
    assert len(list(check(parse(module, text)))) == 1


def test_a_planted_circle_is_found() -> None:
    modules = [parse("engine.a", "from engine import b"), parse("engine.b", "from engine.a import x")]

    assert set(cycle(modules)) == {"engine.a", "engine.b"}
