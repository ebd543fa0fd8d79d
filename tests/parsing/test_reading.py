"""What a good file says arrives in the records; what a bad one says wrongly is named with its place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import DeploymentRefused, Problem
from engine.expressions import Feel, Literal, Value
from engine.feel import Builtin
from engine.parsing.bpmn import inspect_bpmn, read_bpmn, read_deployed
from engine.parsing.records import Binding, Collaboration, Element, ElementKind, ProcessModel, TimerKind, Trigger

DIAGRAMS = Path(__file__).parent / "diagrams"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def read(name: str) -> Collaboration:
    return read_bpmn((DIAGRAMS / name).read_bytes(), file=name)


def refused(name: str) -> tuple[Problem, ...]:
    with pytest.raises(DeploymentRefused) as caught:
        read(name)
    return caught.value.problems


def literal(value: Value | None) -> str:
    assert isinstance(value, Literal)
    return value.value


def source(value: Value | None) -> str:
    assert isinstance(value, Feel)
    return value.text


@pytest.fixture(scope="module")
def process() -> ProcessModel:
    return read("assistance.bpmn").processes[0]


@pytest.fixture(scope="module")
def elements(process: ProcessModel) -> dict[str, Element]:
    return dict(process.elements)


# -- good files --------------------------------------------------------------------------------------------------------
def test_a_file_says_for_which_platform_it_was_drawn() -> None:
    file = read("assistance.bpmn")

    assert (file.target_platform, file.target_version) == ("Camunda Cloud", "8.9.0")


def test_a_process_has_its_name_version_tag_documentation_and_properties(process: ProcessModel) -> None:
    assert (process.id, process.name, process.version_tag) == ("assistance", "临时救助", "2026")
    assert process.documentation == "Aid in an emergency."
    assert literal(process.properties["startBy"]) == "*"


def test_elements_stand_in_document_order_with_their_line_and_scope(elements: dict[str, Element]) -> None:
    assert list(elements)[:4] == ["start", "found", "check", "reminder"]
    assert elements["check"].line == 38
    assert elements["paper"].scope == "papers"


def test_flows_are_listed_at_both_ends_in_document_order(elements: dict[str, Element]) -> None:
    assert elements["check"].incoming == ("to_check", "found_to_check")
    assert elements["choice"].outgoing == ("yes", "no")
    assert elements["choice"].default_flow == "no"


def test_a_condition_is_compiled(process: ProcessModel) -> None:
    condition = process.flows["yes"].condition

    assert condition is not None
    assert condition.names == {"urgent"}
    assert condition.evaluate({"urgent": True}, now=NOW).value is True


def test_a_user_task_says_who_with_what_and_until_when(elements: dict[str, Element]) -> None:
    task = elements["check"].user_task

    assert task is not None
    assert literal(task.candidate_groups) == "survey-officer,case-handler"
    assert source(task.assignee) == "=startedBy.staffId"
    assert literal(task.priority) == "90"
    assert source(task.due_date) == "=clocks.urgentAid.dueAt"
    assert task.form is not None
    assert (task.form.form_id, task.form.binding, task.form.version_tag) == ("F36", Binding.VERSION_TAG, "2026")


def test_mappings_keep_their_path(elements: dict[str, Element]) -> None:
    check = elements["check"]

    assert [(source(each.source), each.target) for each in check.inputs] == [("=person.name", ("head", "name"))]
    assert [(source(each.source), each.target) for each in check.outputs] == [("=urgent", ("urgent",))]


def test_an_execution_listener_has_type_moment_retries_and_headers(elements: dict[str, Element]) -> None:
    (listener,) = elements["check"].listeners

    assert (listener.event, literal(listener.type), literal(listener.retries)) == ("start", "clock.step", "2")
    assert listener.headers == {"clock": "step"}


def test_a_property_with_an_equals_sign_is_an_expression(elements: dict[str, Element]) -> None:
    title = elements["check"].properties["title"]

    assert title.evaluate({"person": {"name": "甲"}}, now=NOW).value == "核实 甲"
    assert literal(elements["check"].properties["clause"]) == "LZ-I1"


def test_a_job_has_type_retries_and_headers(elements: dict[str, Element]) -> None:
    job = elements["notify"].job

    assert job is not None
    assert (literal(job.type), literal(job.retries)) == ("notify", "3")
    assert job.headers == {"text": "T01", "channel": "inbox"}


def test_a_boundary_event_hangs_on_its_activity(elements: dict[str, Element]) -> None:
    reminder, rejected = elements["reminder"], elements["rejected"]

    assert (reminder.attached_to, reminder.interrupting, reminder.event.timer_kind) == ("check", False, TimerKind.CYCLE)
    assert (rejected.attached_to, rejected.interrupting, literal(rejected.event.code)) == (
        "papers",
        True,
        "paymentRejected",
    )


def test_a_message_that_starts_a_process_needs_no_key_and_one_that_is_waited_for_has_it(
    elements: dict[str, Element],
) -> None:
    found, paper = elements["found"].event, elements["paper"].event

    assert (found.trigger, literal(found.name), found.correlation_key) == (Trigger.MESSAGE, "urgentNeedFound", None)
    assert (paper.trigger, literal(paper.name), source(paper.correlation_key)) == (
        Trigger.MESSAGE,
        "paperArrived",
        "=caseNo",
    )


def test_a_multi_instance_has_its_collections_and_its_condition(elements: dict[str, Element]) -> None:
    loop = elements["papers"].loop

    assert loop is not None
    assert (loop.sequential, loop.input_element, loop.output_collection) == (True, "paper", "done")
    assert source(loop.input_collection) == "=debts"
    assert source(loop.output_element) == "=paper.name"
    assert source(loop.completion_condition) == "=waived"


def test_script_decision_and_called_process_are_read(elements: dict[str, Element]) -> None:
    script, decision, called = elements["sum"].script, elements["competence"].decision, elements["close"].called

    assert script is not None
    assert (source(script.expression), script.result_variable) == ("=count(done)", "total")
    assert decision is not None
    assert (literal(decision.decision_id), decision.result_variable) == ("approval_competence", "competence")
    assert called is not None
    assert literal(called.process_id) == "archive-closing"
    assert (called.propagate_all_child_variables, called.propagate_all_parent_variables) == (False, False)


def test_an_event_sub_process_is_a_kind_of_its_own_and_its_start_carries_the_trigger(
    elements: dict[str, Element],
) -> None:
    start = elements["overdue"]

    assert elements["watch"].kind is ElementKind.EVENT_SUB_PROCESS
    assert (start.event.trigger, start.interrupting) == (Trigger.CONDITIONAL, False)
    assert source(start.event.condition) == "=openDebts > 3"
    assert start.event.condition_variables == {"openDebts", "waived"}


def test_a_start_form_is_read(elements: dict[str, Element]) -> None:
    form = elements["start"].form

    assert form is not None
    assert (form.form_id, form.binding) == ("F35", Binding.DEPLOYMENT)


def test_propagation_is_camundas_default_where_nothing_is_written() -> None:
    text = (DIAGRAMS / "assistance.bpmn").read_text("utf-8")
    text = text.replace(' propagateAllChildVariables="false" propagateAllParentVariables="false"', "")

    called = read_bpmn(text.encode(), file="x.bpmn").processes[0].elements["close"].called

    assert called is not None
    assert (called.propagate_all_child_variables, called.propagate_all_parent_variables) == (True, True)


def test_functions_of_the_authority_can_be_called() -> None:
    text = (DIAGRAMS / "assistance.bpmn").read_text("utf-8").replace("=urgent = true", "=count workdays(size) = 4")
    doubled = Builtin(("n",), lambda _run, number: number * 2)

    file = read_bpmn(text.encode(), file="x.bpmn", functions={"count workdays": doubled})

    condition = file.processes[0].flows["yes"].condition
    assert condition is not None
    assert condition.evaluate({"size": 2}, now=NOW).value is True


def test_flows_without_an_id_get_one_that_stays_the_same() -> None:
    text = (DIAGRAMS / "assistance.bpmn").read_text("utf-8").replace('sequenceFlow id="to_sum" ', "sequenceFlow ")

    first, second = (read_bpmn(text.encode(), file="x.bpmn").processes[0].flows for _ in range(2))

    assert list(first) == list(second)
    assert first["papers-sum-1"].target == "sum"


def test_a_process_that_is_not_executable_is_left_out_unread() -> None:
    text = (DIAGRAMS / "assistance.bpmn").read_text("utf-8")
    drawn = '<bpmn:process id="drawn"><bpmn:complexGateway id="g" /></bpmn:process></bpmn:definitions>'

    file = read_bpmn(text.replace("</bpmn:definitions>", drawn).encode(), file="x.bpmn")

    assert [process.id for process in file.processes] == ["assistance"]


def test_a_good_file_has_no_problems_not_even_warnings() -> None:
    assert inspect_bpmn((DIAGRAMS / "assistance.bpmn").read_bytes(), file="x.bpmn").problems == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_file_says_the_same_in_every_encoding(encoding: str, elements: dict[str, Element]) -> None:
    text = (DIAGRAMS / "assistance.bpmn").read_text("utf-8").replace('encoding="UTF-8"', f'encoding="{encoding}"')

    again = read_bpmn(text.encode(encoding), file="x.bpmn").processes[0].elements

    assert {name: (each.name, each.line) for name, each in again.items()} == {
        name: (each.name, each.line) for name, each in elements.items()
    }


# -- refusals ----------------------------------------------------------------------------------------------------------
def test_xml_that_is_not_bpmn_is_refused() -> None:
    (problem,) = refused("not-bpmn.xml")

    assert (problem.rule, problem.file, problem.line) == ("not-bpmn", "not-bpmn.xml", 2)


def test_an_unknown_element_is_refused_by_name_and_once() -> None:
    (problem,) = refused("unknown-element.bpmn")

    assert (problem.rule, problem.element_id, problem.element_name, problem.line) == (
        "unsupported-element",
        "vote",
        "表决",
        6,
    )
    assert "编排调用" in problem.zh
    assert "callChoreography" in problem.en


def test_an_undefined_message_is_refused_at_the_task_that_means_it() -> None:
    (problem,) = refused("undefined-message.bpmn")

    assert (problem.rule, problem.element_id, problem.line) == ("undefined-reference", "wait", 6)
    assert "Message_gone" in problem.zh


def test_a_feel_error_is_refused_with_its_position_in_the_expression() -> None:
    (problem,) = refused("feel-error.bpmn")

    assert (problem.rule, problem.element_id, problem.element_name, problem.line) == ("feel-syntax", "yes", "够", 9)
    assert "第 2 行第 3 个字符" in problem.zh
    assert "line 2, column 3" in problem.en


def test_two_processes_with_one_id_are_refused() -> None:
    (problem,) = refused("two-processes-one-id.bpmn")

    assert (problem.rule, problem.element_id, problem.line) == ("duplicate-id", "twin", 6)
    assert "两个流程" in problem.zh


def test_all_problems_of_a_file_are_named_at_once_in_the_order_of_the_file() -> None:
    problems = refused("many-problems.bpmn")

    assert [
        (problem.rule, problem.element_id, problem.line) for problem in problems if problem.severity == "error"
    ] == [
        ("flow-into-start", "back", 5),
        ("implementation", "task", 6),
        ("no-incoming", "task", 6),
        ("user-task-implementation", "people", 7),
        ("no-incoming", "people", 7),
        ("no-incoming", "wait", 8),
        ("catch-trigger", "wait", 8),
        ("unsupported-element", "free", 9),
    ]


def test_every_problem_speaks_chinese_and_english() -> None:
    for problem in refused("many-problems.bpmn"):
        assert any("\u4e00" <= character <= "\u9fff" for character in problem.zh)
        assert not any("\u4e00" <= character <= "\u9fff" for character in problem.en)


def test_warnings_alone_do_not_refuse_a_file() -> None:
    text = (
        (DIAGRAMS / "assistance.bpmn")
        .read_text("utf-8")
        .replace(
            "<bpmn:textAnnotation",
            '<bpmn:intermediateThrowEvent id="forgotten" />'
            '<bpmn:sequenceFlow id="nowhere" sourceRef="sum" targetRef="forgotten" /><bpmn:textAnnotation',
        )
    )

    inspection = inspect_bpmn(text.encode(), file="x.bpmn")

    assert [(problem.rule, problem.severity) for problem in inspection.problems] == [("no-outgoing", "warning")]
    assert inspection.collaboration is not None


def test_a_deployed_file_is_read_again_whatever_rules_came_since() -> None:
    data = (DIAGRAMS / "many-problems.bpmn").read_bytes()

    assert list(read_deployed(data, file="old.bpmn").processes[0].elements) == ["start", "task", "people", "wait"]


def test_a_deployed_file_whose_expression_cannot_be_read_is_never_read_as_something_else() -> None:
    with pytest.raises(DeploymentRefused):
        read_deployed((DIAGRAMS / "feel-error.bpmn").read_bytes(), file="old.bpmn")
