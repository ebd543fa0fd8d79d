"""Promises of the engine that no single element shows: nothing of a model reaches Python, state stays small, steps stay alike."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event

from engine.errors import DeploymentRefused, ModelError
from engine.runtime.scripting import NoScripts
from tests.engine.diagrams import Body, inputs, outputs
from tests.engine.lab import Lab

ROOT = Path(__file__).resolve().parents[2]


def test_no_text_of_a_model_is_compiled_or_executed_by_python(tmp_path: Path) -> None:
    """Runs in a process of its own: an audit hook cannot be taken off again."""
    program = Path(__file__).with_name("audited_run.py")

    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path / "audit.sqlite")], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip

    assert done.stdout.strip().endswith("completed; compiled or executed: 0"), done.stdout + done.stderr


def test_the_script_engine_given_to_spiffworkflow_fails_closed() -> None:
    with pytest.raises(RuntimeError, match="no text from a model"):
        NoScripts().evaluate(None, "__import__('os')")
    with pytest.raises(RuntimeError, match="no text from a model"):
        NoScripts().execute(None, "import os")


@pytest.mark.parametrize("text", ['=eval("1")', '=__import__("os")', '=system("x")'])
def test_a_call_of_something_that_is_no_feel_function_gives_null(lab: Lab, text: str) -> None:
    body = Body().start().script("s", text, "x").user("a").flow("start -> s -> a")

    instance = lab.run(body)

    assert lab.variables(instance) == {"x": None}


def test_python_that_is_no_feel_is_refused_at_deployment(lab: Lab) -> None:
    body = Body().start().script("s", "=().__class__.__bases__", "x").flow("start -> s")

    with pytest.raises(DeploymentRefused) as refused:
        lab.deploy(body)

    assert refused.value.problems[0].element_id == "s"


@pytest.mark.sqlite_only
def test_a_thousand_rounds_leave_state_and_statements_as_they_were(lab: Lab) -> None:
    body = Body()
    body.start().gateway("exclusive", "m").user("a").gateway("parallel", "s").script("x", "=n + 1", "n").script(
        "y", "=1", "one"
    )
    body.gateway("parallel", "j").gateway("exclusive", "g", default="g-m").end()
    body.boundary("t", "a", body.timer("timeDuration", "P1D"), interrupting=False).end("e2")
    body.flow("start -> m -> a -> s -> x -> j -> g -> m").flow("s -> y -> j").flow("g -> end", "=stop = true").flow(
        "t -> e2"
    )
    instance = lab.run(body, n=0)
    statements: list[int] = []
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(lab.database.engine, "before_cursor_execute", counting)
    task = lab.task(instance, "a").id
    for _ in range(1000):
        count = 0
        with lab.work() as work:
            changes = work.complete_user_task(task, {})
        statements.append(count)
        task = next(wait.id for wait in changes.opened if wait.element_id == "a")

    with lab.read() as work:
        state = work.instance(instance).tokens
    assert set(statements[1:]) == {statements[1]}
    assert len(state) < 300
    assert lab.variables(instance)["n"] == 1000


def test_an_incident_keeps_what_was_typed(lab: Lab) -> None:
    body = (
        Body()
        .start()
        .user("a")
        .gateway("exclusive", "g")
        .user("b")
        .flow("start -> a -> g")
        .flow("g -> b", "=missing > 1")
    )
    instance = lab.run(body)

    lab.complete(instance, "a", typed="两页文字")

    assert lab.variables(instance) == {"typed": "两页文字"}
    assert lab.open(instance) == ["g!"]


def test_a_poisoned_timer_does_not_stop_the_others(lab: Lab) -> None:
    handled = Body()
    handled.start().user("work").boundary("t", "work", handled.timer("timeDuration", "PT1H")).user("late")
    handled.flow("start -> work").flow("t -> late")
    poisoned = lab.run(handled)
    healthy = lab.start()
    lab.is_damaged = True
    with lab.database.begin() as connection:
        connection.exec_driver_sql(f"update instance set tokens = definition_id where id = {poisoned}") if (
            lab.database.dialect == "sqlite"
        ) else connection.exec_driver_sql(f"update instance set tokens = '\\x00'::bytea where id = {poisoned}")

    lab.advance(hours=1)

    assert lab.tasks(healthy) == ["late"]


def test_a_limit_of_feel_is_an_incident_not_a_crash(lab: Lab) -> None:
    body = Body().start().script("s", "=count(for i in 1..1000000000 return i)", "x").user("a").flow("start -> s -> a")

    instance = lab.run(body)

    assert lab.open(instance) == ["s!"]


def test_output_of_an_input_is_not_seen_outside(lab: Lab) -> None:
    body = Body().start().user("a", io=inputs(secret="=1") + outputs(seen="=secret")).user("b").flow("start -> a -> b")
    instance = lab.run(body)

    lab.complete(instance, "a")

    assert lab.variables(instance) == {"seen": 1}


def test_model_errors_carry_both_languages() -> None:
    error = ModelError("CONDITION_ERROR", "没有出口", "no way out")

    assert (error.kind, str(error)) == ("CONDITION_ERROR", "没有出口 / no way out")
