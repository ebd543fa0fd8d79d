"""The gate as a table: every operation of a task against every standing and every ground."""

from datetime import datetime

import pytest

from casework.desk import tasks
from casework.desk.tasks import OPERATIONS
from casework.model.cases import HumanTask, TaskState
from casework.people import eligibility, organisation, relations
from casework.people.eligibility import Operation
from tests.casework.conftest import Town

WORDS = ("view", "claim", "assign", "give-back", "transfer", "complete", "save-draft", "urge")

#: situation -> the operations that go through; the rest is stopped by the error named.
#: Situations: who asks, and how the task B (four eyes with A) stands.
TABLE: dict[str, tuple[set[str], str]] = {
    "in the audience, unclaimed": ({"view", "claim"}, "Refused"),
    "in the audience, claimed by another": ({"view"}, "Overtaken"),
    "assignee": ({"view", "give-back", "transfer", "complete", "save-draft"}, "Refused"),
    "head of the office, unclaimed": ({"view", "assign", "urge"}, "Refused"),
    "head of the office, claimed": ({"view", "give-back", "transfer", "urge"}, "Overtaken"),
    "did the earlier step": ({"view"}, "Refused"),
    "related, in the audience": (set(), "Refused"),
    "related, assignee": (set(), "Refused"),
    "related head": (set(), "Refused"),
    "other township": (set(), "Unknown"),
    "other district": (set(), "Unknown"),
    "other post of the office": (set(), "Unknown"),
    "doer, closed": ({"view"}, "Closed"),
    "in the audience, closed by another": ({"view"}, "Overtaken"),
}


def situation(town: Town, name: str) -> tuple[HumanTask, str]:
    """A task B in that situation, and the login of who asks."""
    case = town.open()
    town.complete(town.task(case, "A"), "ja-01-handler2")
    task = town.task(case, "B")
    related = {"related, in the audience": "ja-01-handler", "related, assignee": "ja-01-handler", "related head": "ja-01-office-head"}
    if name == "related, assignee":
        town.claim(task, "ja-01-handler")
    if name in related:
        with town.authority.system("no recheck yet", region="JA") as act:
            staff_id = town.who(related[name]).staff_id
            relations.declare(act, staff_id=staff_id, type="spouse", case_no=case.case_no, said_by="applicant")
            # The moment before the recheck: the gate must not rely on it.
            act.has_outgoing = False
        return task, related[name]
    if name in {"in the audience, claimed by another", "head of the office, claimed", "assignee"}:
        town.claim(task, "ja-01-handler")
    if name in {"doer, closed", "in the audience, closed by another"}:
        town.complete(task, "ja-01-handler")
    if name in {"in the audience, claimed by another", "in the audience, closed by another"}:
        with town.authority.system("a third handler", region="JA") as act:
            organisation.appoint(act, town.who("ja-01-survey").staff_id, "case-handler", organisation.office(act, "JA-01"))
    logins = {
        "in the audience, unclaimed": "ja-01-handler", "in the audience, claimed by another": "ja-01-survey",
        "assignee": "ja-01-handler", "head of the office, unclaimed": "ja-01-office-head",
        "head of the office, claimed": "ja-01-office-head", "did the earlier step": "ja-01-handler2",
        "other township": "ja-02-handler", "other district": "jb-01-handler", "other post of the office": "ja-01-fund",
        "doer, closed": "ja-01-handler", "in the audience, closed by another": "ja-01-survey",
    }  # fmt: skip
    return task, logins[name]


def outcome(town: Town, task: HumanTask, login: str, operation: Operation) -> str:
    actor = town.who(login)
    try:
        with town.authority.read(actor) as act:
            eligibility.check(act, operation, act.get(HumanTask, task.id))
    except Exception as stopped:  # noqa: BLE001 - the kind of error is what is asked
        return type(stopped).__name__
    return "allowed"


def test_the_table_names_every_operation() -> None:
    assert set(OPERATIONS) == set(WORDS)


@pytest.mark.parametrize("name", TABLE)
def test_the_gate_lets_through_exactly_what_the_table_says(town: Town, name: str) -> None:
    allowed, _ = TABLE[name]
    task, login = situation(town, name)

    found = {word for word in WORDS if outcome(town, task, login, OPERATIONS[word]) == "allowed"}

    assert found == allowed


@pytest.mark.parametrize("name", TABLE)
def test_what_is_stopped_is_stopped_for_the_right_reason(town: Town, name: str) -> None:
    _, error = TABLE[name]
    task, login = situation(town, name)

    assert outcome(town, task, login, OPERATIONS["complete" if name != "assignee" else "claim"]) == error


def test_the_explanation_is_the_walk_of_the_gate(town: Town) -> None:
    task, login = situation(town, "did the earlier step")

    with town.authority.read(town.who(login)) as act:
        lines = eligibility.explain(act, OPERATIONS["claim"], act.get(HumanTask, task.id))

    assert [line.name for line in lines if not line.holds] == ["four-eyes"]
    assert lines[-1].name == "four-eyes"


def test_a_step_narrows_the_operations(town: Town) -> None:
    task, login = situation(town, "assignee")
    with town.authority.system("narrow", region="JA") as act:
        narrowed = act.change(act.get(HumanTask, task.id), allowed=("give-back",))
        act.record("narrow", narrowed)

    found = {word for word in ("give-back", "transfer", "complete") if outcome(town, task, login, OPERATIONS[word]) == "allowed"}

    assert found == {"give-back", "complete"}


def test_who_is_named_as_second_officer_passes_the_same_gate(town: Town) -> None:
    case = town.open()
    town.complete(town.task(case, "A"), "ja-01-handler2")
    with town.authority.system_read(region="JA") as act:
        task = act.get(HumanTask, town.task(case, "B").id)

        with pytest.raises(eligibility.Refused):
            eligibility.check_person(act, task, town.case_now(case), town.who("ja-01-handler2").staff_id)


def test_a_task_given_by_name_goes_to_one_without_the_post_but_never_to_a_relative(town: Town) -> None:
    case = town.open()
    task = town.task(case, "A")
    with town.authority.system("appoint", region="JA") as act:
        relations.declare(act, staff_id=town.who("ja-01-fund").staff_id, type="spouse", case_no=case.case_no, said_by="applicant")

    with town.authority.system("appoint", region="JA") as act:
        given = tasks.appoint(act, task.id, town.who("ja-01-archive").staff_id, ground="无适格人员")
    with pytest.raises(eligibility.Refused), town.authority.system("appoint", region="JA") as act:
        tasks.appoint(act, task.id, town.who("ja-01-fund").staff_id, ground="x")

    assert (given.state, isinstance(given.claimed_at, datetime)) == (TaskState.CLAIMED, True)
