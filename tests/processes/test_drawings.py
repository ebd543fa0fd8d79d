"""A designer opens the shipped diagrams in the Modeler: everything is drawn, nothing hides anything else."""

from pathlib import Path

import pytest

from tests.processes import geometry
from tests.processes.files import BPMN, DIAGRAMS, nodes_of, root_of

diagrams = pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)


@diagrams
def test_every_element_and_flow_is_drawn(diagram: Path) -> None:
    drawing = geometry.drawing_of(diagram)

    assert drawing.shapes.keys() == {node.id for node in nodes_of(diagram)}
    assert drawing.lines.keys() == {flow.get("id") for flow in root_of(diagram).iter(f"{BPMN}sequenceFlow")}


@diagrams
def test_every_named_event_gateway_and_flow_has_a_placed_label(diagram: Path) -> None:
    beside = ("Event", "Gateway")
    named = {node.id for node in nodes_of(diagram) if node.name and node.kind.endswith(beside)}
    named |= {flow.get("id") or "" for flow in root_of(diagram).iter(f"{BPMN}sequenceFlow") if flow.get("name")}

    assert geometry.drawing_of(diagram).labels.keys() == named


@diagrams
@pytest.mark.parametrize(
    "fault",
    [
        geometry.overlapping_shapes,
        geometry.outside_their_scope,
        geometry.slanting_lines,
        geometry.crossing_lines,
        geometry.lines_through_shapes,
        geometry.hidden_labels,
    ],
    ids=lambda fault: fault.__name__,
)
def test_nothing_is_in_the_way_of_anything_else(diagram: Path, fault: object) -> None:
    assert callable(fault)
    assert list(fault(geometry.drawing_of(diagram))) == []


@diagrams
def test_only_loops_lead_back_to_the_left(diagram: Path) -> None:
    drawing = geometry.drawing_of(diagram)

    back = [
        flow
        for flow, (source, target) in drawing.ends.items()
        if drawing.shapes[target].right < drawing.shapes[source].left
    ]

    assert [flow for flow in back if not _is_loop(drawing, *drawing.ends[flow])] == []


def _is_loop(drawing: geometry.Drawing, source: str, target: str) -> bool:
    """Whether the source can be reached again from the target."""
    onward = [*drawing.ends.values(), *((host, event) for event, host in drawing.hosts.items())]
    onward += [(scope, child) for child, scope in drawing.scopes.items()] + [
        (child, scope) for child, scope in drawing.scopes.items()
    ]
    reached, waiting = {target}, [target]
    while waiting:
        here = waiting.pop()
        fresh = {there for start, there in onward if start == here} - reached
        reached |= fresh
        waiting += fresh
    return source in reached
