"""The checks of drawings find what they are for; a check that finds nothing anywhere would pass for any diagram."""

from tests.processes.geometry import (
    Box,
    Drawing,
    crossing_lines,
    hidden_labels,
    lines_through_shapes,
    outside_their_scope,
    overlapping_shapes,
    slanting_lines,
)

TASK = Box(100, 100, 200, 180)
FAR = Box(400, 100, 500, 180)


def test_two_shapes_at_one_place_are_found() -> None:
    drawing = Drawing(shapes={"A": TASK, "B": Box(150, 150, 250, 230)})

    assert list(overlapping_shapes(drawing)) == ["A lies over B"]


def test_a_boundary_event_may_sit_on_its_task() -> None:
    drawing = Drawing(shapes={"A": TASK, "B": Box(132, 162, 168, 198)}, hosts={"B": "A"})

    assert list(overlapping_shapes(drawing)) == []


def test_a_child_outside_its_sub_process_is_found() -> None:
    drawing = Drawing(shapes={"A": TASK, "S": FAR}, scopes={"A": "S"})

    assert list(outside_their_scope(drawing)) == ["A lies outside S"]


def test_a_slanting_line_is_found() -> None:
    assert list(slanting_lines(Drawing(lines={"F": ((0, 0), (10, 10))}))) == ["F slants"]


def test_two_lines_that_cross_are_found() -> None:
    drawing = Drawing(lines={"F": ((0, 50), (100, 50)), "G": ((50, 0), (50, 100))})

    assert list(crossing_lines(drawing)) == ["F crosses G"]


def test_two_lines_that_share_a_stretch_are_found() -> None:
    drawing = Drawing(lines={"F": ((0, 50), (100, 50)), "G": ((50, 50), (200, 50))})

    assert list(crossing_lines(drawing)) == ["F crosses G"]


def test_a_line_through_a_strange_task_is_found() -> None:
    between = Box(250, 100, 350, 180)
    drawing = Drawing(
        shapes={"A": TASK, "B": between, "C": FAR}, lines={"F": ((200, 140), (400, 140))}, ends={"F": ("A", "C")}
    )

    assert list(lines_through_shapes(drawing)) == ["F runs through B"]


def test_a_label_over_a_task_is_found() -> None:
    drawing = Drawing(shapes={"A": TASK}, labels={"G": Box(190, 120, 240, 134)})

    assert list(hidden_labels(drawing)) == ["the label of G lies over A"]


def test_a_label_over_a_line_is_found() -> None:
    drawing = Drawing(labels={"G": Box(0, 40, 60, 60)}, lines={"F": ((0, 50), (100, 50))})

    assert list(hidden_labels(drawing)) == ["the label of G lies over F"]
