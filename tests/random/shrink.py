"""Makes a failing model small: takes away what the failure does not need, as long as some walk still shows it."""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Callable, Iterator

from tests.random import report
from tests.random.drawing import files
from tests.random.plan import Flow, Model, Process
from tests.random.runner import differs
from tests.random.walk import Difference

SECONDS = 40.0
TRIES = 4


def explained(difference: Difference, make: Callable[[int], Model], fresh: Callable[[], str]) -> str:
    """The failure as text: what it was first, the smallest model that shows one, and where that is kept."""
    seeds = re.search(r"model seed (\d+), walk seed (\d+)", str(difference))
    assert seeds is not None  # every difference says where it was met
    model, walk_seed = make(int(seeds[1])), int(seeds[2])
    small, last = shrunk(model, walk_seed, fresh)
    report.FAILURES.mkdir(parents=True, exist_ok=True)
    kept = []
    for file in files(small):
        path = report.FAILURES / f"{seeds[1]}-{file.name}"
        path.write_bytes(file.content)
        kept.append(str(path))
    text = [
        str(difference),
        "",
        f"smallest model found ({small.size()} elements), kept in {', '.join(kept)}:",
        str(last or ""),
    ]
    text += [file.content.decode() for file in files(small)]
    return "\n".join(text)


def shrunk(model: Model, walk_seed: int, fresh: Callable[[], str]) -> tuple[Model, Difference | None]:
    """A smaller model that still differs, and its difference; the model itself when none was found in time."""
    until = time.monotonic() + SECONDS
    found: Difference | None = None
    smaller = True
    while smaller and time.monotonic() < until:
        smaller = False
        for candidate in _smaller(model):
            if time.monotonic() > until:
                break
            for seed in (walk_seed, *range(walk_seed * 10, walk_seed * 10 + TRIES)):
                shown = differs(fresh(), candidate, seed)
                if shown is not None:
                    model, found, smaller = candidate, shown, True
                    break
            if smaller:
                break
    return model, found


def _smaller(model: Model) -> Iterator[Model]:
    """Copies of the model with one thing less: first whole sub-processes, then single elements, then what they carry."""
    for index, process in enumerate(model.processes):
        nodes = sorted(process.nodes.values(), key=lambda node: -_weight(process, node.id))
        for node in nodes:
            if node.kind != "startEvent":
                yield _with(model, index, _without(process, node.id))
        for node in nodes:
            for field, empty in (("loop", None), ("inputs", {}), ("outputs", {}), ("listeners", ())):
                if getattr(node, field):
                    changed = copy.deepcopy(process)
                    setattr(changed.nodes[node.id], field, empty)
                    yield _with(model, index, changed)


def _weight(process: Process, node_id: str) -> int:
    return 1 + sum(_weight(process, node.id) for node in process.inside(node_id))


def _with(model: Model, index: int, process: Process) -> Model:
    processes = list(model.processes)
    processes[index] = process
    called = {node.called for each in processes for node in each.nodes.values()}
    return Model(model.seed, [each for number, each in enumerate(processes) if number == 0 or each.id in called])


def _without(process: Process, node_id: str) -> Process:
    """The process without an element, all inside it and attached to it; what led to it leads to what was behind it."""
    gone = {node_id}
    pending = [node_id]
    while pending:
        current = pending.pop()
        for node in (*process.inside(current), *process.attached(current)):
            if node.id not in gone:
                gone.add(node.id)
                pending.append(node.id)
    made = Process(process.id)
    for node in process.nodes.values():
        if node.id not in gone:
            kept = copy.copy(node)
            kept.out, kept.incoming = [], []
            made.add(kept)
    following = [flow.target for flow in process.nodes[node_id].out if flow.target not in gone]
    seen: set[tuple[str, str]] = set()
    for flow in process.flows():
        if flow.source in gone:
            continue
        for target in following if flow.target in gone else [flow.target]:
            if (flow.source, target) not in seen:
                seen.add((flow.source, target))
                _connect(made, flow, target, process.nodes[flow.source].default == flow.id)
    return made


def _connect(process: Process, flow: Flow, target: str, is_default: bool) -> None:
    source = process.nodes[flow.source]
    if process.nodes[target].kind in {"startEvent", "boundaryEvent"}:
        return
    made = process.flow(flow.source, target, flow.test)
    if is_default:
        source.default = made.id
