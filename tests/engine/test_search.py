"""Finding what runs, waits and is over: fields, comparisons, order and pages, on each database."""

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import InvalidInput, Unknown
from engine.model import InstanceState
from engine.search import AnyOf, Condition, JobState, Op, Page, Query, Sort, matches
from tests.engine.diagrams import Body
from tests.engine.lab import START, Lab

EVERYTHING = Query()
WORK = Body().start().service("work", type="pack").user("check").flow("start -> work -> check")


def where(field: str, op: Op, value: object) -> Query:
    return Query((Condition(field, op, value),))


def found(lab: Lab, kind: str, query: Query = EVERYTHING) -> Any:
    with lab.read() as work:
        return getattr(work, f"search_{kind}")(query)


@pytest.fixture
def three(lab: Lab) -> list[int]:
    """Three instances, an hour apart, the second with its job done, the third ended by hand."""
    lab.deploy(WORK)
    started = []
    for number in (1, 2, 3):
        with lab.work() as work:
            started.append(
                work.start_instance("p", {"n": number, "name": f"case {number}"}, business_key=f"B-{number}")
            )
        lab.advance(hours=1)
    with lab.work() as work:
        jobs = {job.instance_id: job.id for job in work.lock_jobs(["pack"], 3)}
        work.complete_job(jobs[started[1]])
        work.cancel_instance(started[2])
    return started


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("business_key", Op.EQ, "B-2", [2]),
        ("business_key", Op.NEQ, "B-2", [1, 3]),
        ("business_key", Op.LIKE, "B-?", [1, 2, 3]),
        ("business_key", Op.LIKE, "b-*", []),
        ("business_key", Op.LIKE, "*[2]", []),
        ("business_key", Op.IN, ("B-1", "B-3"), [1, 3]),
        ("business_key", Op.NOT_IN, ("B-1", "B-3"), [2]),
        ("state", Op.EQ, InstanceState.TERMINATED, [3]),
        ("ended_at", Op.EXISTS, True, [3]),
        ("ended_at", Op.EXISTS, False, [1, 2]),
        ("parent_id", Op.NEQ, 7, [1, 2, 3]),
        ("started_at", Op.GT, START, [2, 3]),
        ("started_at", Op.LTE, START + timedelta(hours=1), [1, 2]),
        ("variable:n", Op.EQ, 2, [2]),
        ("variable:n", Op.IN, (1, 3), [1, 3]),
        ("variable:n", Op.GT, 1, [2, 3]),
        ("variable:name", Op.LIKE, "*3", [3]),
        ("variable:gone", Op.EXISTS, False, [1, 2, 3]),
        ("element_id", Op.EQ, "check", [2]),
        ("has_incident", Op.EQ, True, []),
    ],
)
def test_instances_are_found_by_a_field(
    lab: Lab, three: list[int], field: str, op: Op, value: object, expected: list[int]
) -> None:
    page = found(lab, "instances", where(field, op, value))

    assert [item.id for item in page.items] == [three[number - 1] for number in expected]
    assert page.total == len(expected)


def test_one_of_several_groups_is_enough(lab: Lab, three: list[int]) -> None:
    first = (Condition("business_key", Op.EQ, "B-1"), Condition("state", Op.EQ, "active"))
    query = Query((AnyOf((first, (Condition("id", Op.EQ, three[2]),))),))

    assert [item.id for item in found(lab, "instances", query).items] == [three[0], three[2]]


@pytest.mark.parametrize(
    "sort", [(), (Sort("ended_at"),), (Sort("ended_at", descending=True), Sort("started_at", descending=True))]
)
def test_pages_by_cursor_go_through_everything_both_ways(lab: Lab, three: list[int], sort: tuple[Sort, ...]) -> None:
    whole = [item.id for item in found(lab, "instances", Query(sort=sort)).items]
    assert sorted(whole) == three

    seen, page = [], found(lab, "instances", Query(sort=sort, page=Page(limit=1)))
    while page.items:
        seen.append(page.items[0].id)
        last, page = page, found(lab, "instances", Query(sort=sort, page=Page(limit=1, after=page.end_cursor)))
    back = found(lab, "instances", Query(sort=sort, page=Page(limit=5, before=last.start_cursor)))

    assert seen == whole
    assert [item.id for item in back.items] == whole[:2]


def test_an_offset_skips_and_the_count_is_of_all(lab: Lab, three: list[int]) -> None:
    page = found(lab, "instances", Query(page=Page(limit=1, from_=1)))

    assert ([item.id for item in page.items], page.total, page.more) == ([three[1]], 3, False)


@pytest.mark.parametrize(
    "mark", ["", "x", "bm8=", "W10=", "WyJ4Il0=", "W3siYXQiOjF9XQ==", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ=="]
)
def test_a_made_up_cursor_is_refused(lab: Lab, three: list[int], mark: str) -> None:
    with pytest.raises(InvalidInput):
        found(lab, "instances", Query(page=Page(after=mark or "=")))


@pytest.mark.parametrize("kind", ["instances", "elements"])
def test_a_field_that_there_is_not_is_refused(lab: Lab, three: list[int], kind: str) -> None:
    with pytest.raises(InvalidInput):
        found(lab, kind, where("colour", Op.EQ, "red"))


def test_jobs_that_are_gone_are_found_with_those_that_are_open(lab: Lab, three: list[int]) -> None:
    by_instance = {job.instance_id: job for job in found(lab, "jobs").items}

    assert {number: by_instance[three[number - 1]].state for number in (1, 2, 3)} == {
        1: JobState.CREATED, 2: JobState.COMPLETED, 3: JobState.CANCELLED
    }  # fmt: skip
    done = by_instance[three[1]]
    assert (done.type, done.element_id, done.created_at, done.ended_at) == (
        "pack", "work", START + timedelta(hours=1), START + timedelta(hours=3)
    )  # fmt: skip
    open_ones = found(lab, "jobs", where("state", Op.EQ, JobState.CREATED)).items
    assert [(job.instance_id, job.worker) for job in open_ones] == [(three[0], "yimen")]


def test_an_incident_is_found_before_and_after_it_is_resolved(lab: Lab) -> None:
    instance = lab.run(WORK)
    lab.fail("pack", 0)

    (incident,) = found(lab, "incidents", where("is_open", Op.EQ, True)).items
    assert found(lab, "instances").items[0].has_incident
    assert found(lab, "jobs").items[0].state is JobState.FAILED
    troubled = [element.element_id for element in found(lab, "elements").items if element.has_incident]
    lab.resolve(instance)
    lab.done("pack")
    (after,) = found(lab, "incidents").items

    assert troubled == ["p", "work"]
    assert (incident.is_open, after.is_open) == (True, False)
    assert (incident.id, incident.en, incident.kind) == (after.id, after.en, after.kind)


def test_stays_at_elements_are_found_with_their_names_and_kinds(lab: Lab, three: list[int]) -> None:
    page = found(lab, "elements", where("instance_id", Op.EQ, three[1]))

    assert [(one.element_id, one.kind, one.state) for one in page.items] == [
        ("p", "process", "active"), ("start", "startEvent", "completed"), ("work", "serviceTask", "completed"),
        ("check", "userTask", "active"),
    ]  # fmt: skip
    with lab.read() as work:
        assert work.find_element(page.items[2].id).element_id == "work"
        with pytest.raises(Unknown):
            work.find_element(12345)


def test_variables_are_found_in_their_scopes_and_by_their_id(lab: Lab, three: list[int]) -> None:
    page = found(lab, "variables", Query((Condition("name", Op.EQ, "n"), Condition("value", Op.EQ, 3))))

    (one,) = page.items
    assert (one.instance_id, one.scope_id, one.value) == (three[2], three[2], 3)
    assert found(lab, "variables", where("id", Op.EQ, one.id)).items == (one,)


def test_only_the_own_region_is_searched_unless_all_are_asked_for(lab: Lab, three: list[int]) -> None:
    with lab.engine.read(region="JB") as work:
        assert work.search_instances(Query()).total == 0
        assert work.search_elements(Query()).total == 0
        assert work.search_variables(Query()).total == 0
        assert work.search_instances(Query(), everywhere=True).total == 3


def test_definitions_know_which_version_is_the_newest(lab: Lab) -> None:
    lab.deploy(WORK)
    lab.deploy(Body().start().user("other").flow("start -> other"))

    with lab.read() as work:
        versions = [(each.version, each.is_latest) for each in work.search_definitions("process", Query()).items]
        newest = work.search_definitions("process", where("is_latest", Op.EQ, True)).items

    assert versions == [(1, False), (2, True)]
    assert [each.version for each in newest] == [2]


def test_subscriptions_of_instances_and_of_processes_are_found_together(lab: Lab) -> None:
    body = Body()
    lab.run(body.start().catch("paid", body.message("paid", '="1"')).flow("start -> paid"))

    page = found(lab, "subscriptions", where("name", Op.EQ, "paid"))

    assert [(each.element_id, each.key, each.starts) for each in page.items] == [("paid", "1", False)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True), ("a*c", "abbc", True), ("a*c", "ab", False), ("a?c", "abc", True), ("a?c", "ac", False),
        (r"a\*", "a*", True), (r"a\*", "ab", False), ("*a*a*a*b", "a" * 200, False), ("a\\", "a\\", True),
    ],
)  # fmt: skip
def test_a_pattern_fits_as_it_is_written(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected
