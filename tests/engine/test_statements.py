"""What a command costs the database: few statements, one commit, and the same in a young case as in an old one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from engine.persistence import wire
from tests.engine.diagrams import Body
from tests.engine.lab import Lab

MOST = 10
"""Statements per completed user task (issue 3)."""


@dataclass
class Counted:
    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counting(lab: Lab) -> Iterator[Counted]:
    """Every statement that reaches the database, however it is sent; begin and commit are counted apart."""
    counted = Counted()
    on_its_way: list[str] = []

    def told(text: str) -> None:
        if text in on_its_way:
            on_its_way.remove(text)
        else:
            on_its_way.append(text)
            if text != "COMMIT":
                counted.statements.append(text)

    def executed(_connection: object, _cursor: object, text: str, *_: object) -> None:
        if not text.startswith("BEGIN"):
            counted.statements.append(text)

    def committed(_connection: object) -> None:
        counted.commits += 1

    wire.watchers.append(told)
    event.listen(lab.database.engine, "before_cursor_execute", executed)
    event.listen(lab.database.engine, "commit", committed)
    try:
        yield counted
    finally:
        wire.watchers.remove(told)
        event.remove(lab.database.engine, "before_cursor_execute", executed)
        event.remove(lab.database.engine, "commit", committed)


def review() -> Body:
    body = Body()
    body.start().user("accept").script("assess", "=income < 12000", "eligible").gateway("parallel", "fork").user("visit").user("verify")
    body.gateway("parallel", "join").gateway("exclusive", "decide", default="no").user("approve").end().end("refused")
    body.flow("start -> accept -> assess -> fork -> visit -> join -> decide").flow("fork -> verify -> join")
    body.flow("decide -> approve", "=eligible = true").flow("decide -> refused", id="no").flow("approve -> end")
    return body


def cost(lab: Lab, task_id: int, **variables: object) -> Counted:
    with counting(lab) as counted, lab.work() as work:
        work.complete_user_task(task_id, variables)
    return counted


def test_a_completed_task_takes_at_most_ten_statements_and_one_commit(lab: Lab) -> None:
    instance = lab.run(review())

    for element in ("accept", "visit", "verify", "approve"):
        found = cost(lab, lab.task(instance, element).id, income=9000, **{f"{element}_result": {"by": "worker"}})

        assert (len(found.statements) <= MOST, found.commits) == (True, 1), (element, found.statements)
    assert lab.state(instance) == "completed"


def test_the_number_of_statements_does_not_grow_with_the_age_of_the_case(lab: Lab) -> None:
    body = Body()
    body.start().gateway("exclusive", "again").user("work").script("count", "=n + 1", "n").gateway("exclusive", "more", default="over").end()
    body.flow("start -> again -> work -> count -> more").flow("more -> end", id="over").flow("more -> again", "=n < 60")
    instance = lab.run(body, n=0)

    found = [len(cost(lab, lab.task(instance, "work").id, seen=True).statements) for _ in range(50)]

    assert set(found[1:]) == {found[1]}


def test_the_number_of_statements_does_not_grow_with_the_number_of_variables(lab: Lab) -> None:
    lab.deploy(review())
    few, many = lab.start(income=1), lab.start(income=1, **{f"document{number}": "x" * 100 for number in range(100)})

    found = [len(cost(lab, lab.task(instance, "accept").id).statements) for instance in (few, many)]

    assert found[0] == found[1]


@pytest.mark.parametrize("items", [2, 200])
def test_an_item_of_a_large_loop_costs_no_more_than_one_of_a_small(lab: Lab, items: int) -> None:
    body = Body()
    body.start().user("paper", loop=body.many(f"=for i in 1..{items} return i", out="done", element="=item")).end()
    instance = lab.run(body.flow("start -> paper -> end"))

    assert len(cost(lab, lab.task(instance, "paper").id).statements) <= MOST


def test_what_a_step_asks_for_is_read_at_once(lab: Lab) -> None:
    instance = lab.run(review())

    texts = cost(lab, lab.task(instance, "accept").id, income=1).statements

    assert sum("FROM variable" in text and text.startswith("SELECT") for text in texts) == 1
