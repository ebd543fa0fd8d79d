"""Every kind of activity in both dialects: nothing after it before it is done, and then what it leaves."""

from collections.abc import Iterator

import pytest

from engine.invariants import broken
from engine.model import Resource
from tests.coverage.activities import ACTIVITIES, Activity, diagram
from tests.engine.lab import Lab


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    yield laboratory
    with laboratory.database.read() as connection:
        found = broken(connection, laboratory.engine.definitions)
    laboratory.database.close()
    assert found == []


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda activity: activity.name)
@pytest.mark.parametrize("dialect", ["camunda8", "camunda7"])
@pytest.mark.sqlite_only
def test_an_activity_is_done_before_what_follows(lab: Lab, dialect: str, activity: Activity) -> None:
    lab.deploy(Resource("activity.bpmn", diagram(activity, dialect)), *activity.files)
    root = lab.start("p", key="K", amount=4, papers=["a", "b"], again=True)

    assert lab.jobs(root) == ["work"]
    lab.done("work")
    if activity.act is not None:
        if activity.name != "sendTask, message":
            assert "rest" not in lab.jobs(root)
        lab.engine.run_due()
        activity.act(lab, root)
    if activity.leaves is not None:
        assert lab.variables(root)[activity.leaves[0]] == activity.leaves[1]

    assert lab.jobs(root) == ["rest"]
    lab.done("rest")
    assert lab.state(root) == "completed"
