"""The drawing of a diagram as plain geometry: boxes, labels, lines, and where they get in each other's way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

from lxml.etree import _Element

from tests.processes.files import BPMN, BPMNDI, DC, DI, root_of

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box", *, margin: float = 0) -> bool:
        return (
            self.left < other.right - margin
            and other.left < self.right - margin
            and self.top < other.bottom - margin
            and other.top < self.bottom - margin
        )

    def holds(self, other: "Box") -> bool:
        inside_across = self.left <= other.left and other.right <= self.right
        return inside_across and self.top <= other.top and other.bottom <= self.bottom

    def cut_by(self, start: Point, end: Point, *, margin: float = 1) -> bool:
        """Whether an upright or level line runs through the inside."""
        left, right = sorted((start[0], end[0]))
        top, bottom = sorted((start[1], end[1]))
        across = left < self.right - margin and right > self.left + margin
        return across and top < self.bottom - margin and bottom > self.top + margin


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, by the id of the element it stands for."""

    shapes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    scopes: dict[str, str] = field(default_factory=dict)


def drawing_of(diagram: Path) -> Drawing:
    root = root_of(diagram)
    shapes = {shape.get("bpmnElement") or "": _box(_bounds(shape)) for shape in root.iter(f"{BPMNDI}BPMNShape")}
    drawn = [*root.iter(f"{BPMNDI}BPMNShape"), *root.iter(f"{BPMNDI}BPMNEdge")]
    labels = {
        one.get("bpmnElement") or "": _box(bounds)
        for one in drawn
        if (bounds := one.find(f"{BPMNDI}BPMNLabel/{DC}Bounds")) is not None
    }
    lines = {
        edge.get("bpmnElement") or "": tuple(
            (float(point.get("x") or 0), float(point.get("y") or 0)) for point in edge.iterfind(f"{DI}waypoint")
        )
        for edge in root.iter(f"{BPMNDI}BPMNEdge")
    }
    flows = {
        flow.get("id") or "": (flow.get("sourceRef") or "", flow.get("targetRef") or "")
        for flow in root.iter(f"{BPMN}sequenceFlow")
    }
    hosts = {event.get("id") or "": event.get("attachedToRef") or "" for event in root.iter(f"{BPMN}boundaryEvent")}
    scopes = {
        child.get("id") or "": scope.get("id") or ""
        for scope in root.iter(f"{BPMN}subProcess")
        for child in scope
        if child.get("id")
    }
    return Drawing(shapes, labels, lines, flows, hosts, scopes)


def overlapping_shapes(drawing: Drawing) -> Iterator[str]:
    for (one, box), (other, other_box) in combinations(drawing.shapes.items(), 2):
        attached = drawing.hosts.get(one) == other or drawing.hosts.get(other) == one
        if box.overlaps(other_box) and not attached and not _within(drawing, one, other):
            yield f"{one} lies over {other}"


def outside_their_scope(drawing: Drawing) -> Iterator[str]:
    for child, scope in drawing.scopes.items():
        if child in drawing.shapes and not drawing.shapes[scope].holds(drawing.shapes[child]):
            yield f"{child} lies outside {scope}"


def slanting_lines(drawing: Drawing) -> Iterator[str]:
    for flow, points in drawing.lines.items():
        if any(start[0] != end[0] and start[1] != end[1] for start, end in pairwise(points)):
            yield f"{flow} slants"


def crossing_lines(drawing: Drawing) -> Iterator[str]:
    for (one, points), (other, other_points) in combinations(drawing.lines.items(), 2):
        if any(_touch(a, b) for a in pairwise(points) for b in pairwise(other_points)):
            yield f"{one} crosses {other}"


def lines_through_shapes(drawing: Drawing) -> Iterator[str]:
    for flow, points in drawing.lines.items():
        source, target = drawing.ends[flow]
        around = {source, target, *_scopes_of(drawing, source), drawing.hosts.get(source, "")}
        for element, box in drawing.shapes.items():
            if element not in around and any(box.cut_by(*segment) for segment in pairwise(points)):
                yield f"{flow} runs through {element}"


def hidden_labels(drawing: Drawing) -> Iterator[str]:
    """Labels that lie over a shape of another kind than their scope, over a line, or over each other."""
    for (one, box), (other, other_box) in combinations(drawing.labels.items(), 2):
        if box.overlaps(other_box, margin=1):
            yield f"the labels of {one} and {other} overlap"
    for labelled, box in drawing.labels.items():
        for element, shape in drawing.shapes.items():
            if box.overlaps(shape, margin=3) and not shape.holds(box):
                yield f"the label of {labelled} lies over {element}"
        for flow, points in drawing.lines.items():
            if any(box.cut_by(*segment, margin=2) for segment in pairwise(points)):
                yield f"the label of {labelled} lies over {flow}"


def _bounds(shape: _Element) -> _Element:
    bounds = shape.find(f"{DC}Bounds")
    assert bounds is not None
    return bounds


def _box(bounds: _Element) -> Box:
    left, top, width, height = (float(bounds.get(name) or 0) for name in ("x", "y", "width", "height"))
    return Box(left, top, left + width, top + height)


def _scopes_of(drawing: Drawing, element: str) -> list[str]:
    found = []
    while (scope := drawing.scopes.get(element)) is not None:
        found.append(scope)
        element = scope
    return found


def _within(drawing: Drawing, one: str, other: str) -> bool:
    return other in _scopes_of(drawing, one) or one in _scopes_of(drawing, other)


def _touch(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two upright or level stretches share a point, or a stretch of one line."""
    boxes = [(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in (one, other)]
    (left, top, right, bottom), (left2, top2, right2, bottom2) = boxes
    return left <= right2 and left2 <= right and top <= bottom2 and top2 <= bottom
