"""Files of the Camunda 7 dialect run as that engine runs them: scopes, results, calls, loops, listeners, messages."""

from datetime import timedelta
from itertools import pairwise

import pytest

from engine.errors import DeploymentRefused
from engine.model import Resource
from tests.engine.lab import START, Lab
from tests.parsing.camunda7_files import extended, file

DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="t">
<decision id="grade" name="grade"><decisionTable id="dt" hitPolicy="{policy}"><input id="i"><inputExpression id="ie"><text>points</text></inputExpression></input>
<output id="o" name="mark"/><rule id="r1"><inputEntry id="a1"><text>&gt;= 50</text></inputEntry><outputEntry id="b1"><text>"pass"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="a2"><text>&lt; 90</text></inputEntry><outputEntry id="b2"><text>"plain"</text></outputEntry></rule></decisionTable></decision></definitions>"""


def deploy(lab: Lab, body: str, process_id: str = "p", outside: str = "") -> None:
    data = file(body, outside=outside).replace(b'<bpmn:process id="p"', f'<bpmn:process id="{process_id}"'.encode())
    lab.deploy(Resource(f"{process_id}.bpmn", data))


def line(*elements: str, ids: str) -> str:
    """Elements in a row: a start event, these, and a user task `last` that keeps the instance open."""
    names = ["start", *ids.split(), "last"]
    flows = "".join(f'<bpmn:sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(names))
    return f'<bpmn:startEvent id="start"/>{"".join(elements)}<bpmn:userTask id="last"/>{flows}'


def setting(name: str, value: str, event: str = "start") -> str:
    return f"<camunda:executionListener event='{event}' expression='${{execution.setVariable(\"{name}\", {value})}}'/>"


def test_a_condition_without_its_variable_is_an_incident(lab: Lab) -> None:
    body = (
        '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g" default="no"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
        '<bpmn:sequenceFlow id="in" sourceRef="s" targetRef="g"/><bpmn:sequenceFlow id="no" sourceRef="g" targetRef="b"/>'
        '<bpmn:sequenceFlow id="yes" sourceRef="g" targetRef="a"><bpmn:conditionExpression>${approved}</bpmn:conditionExpression></bpmn:sequenceFlow>'
    )
    deploy(lab, body)
    instance = lab.start()

    assert lab.open(instance) == ["g!"]
    assert "approved" in lab.incident(instance).en
    lab.set(instance, approved=True)
    lab.resolve(instance)
    assert lab.tasks(instance) == ["a"]


def test_results_go_outward_also_where_output_parameters_stand(lab: Lab) -> None:
    inner = (
        '<camunda:inputOutput><camunda:inputParameter name="local">${n + 1}</camunda:inputParameter>'
        '<camunda:outputParameter name="copied">${answer}</camunda:outputParameter></camunda:inputOutput>'
    )
    deploy(lab, line(extended("userTask", inner), ids="a"))
    instance = lab.start(n=1)

    lab.complete(instance, "a", answer=7, local=9)

    assert lab.variables(instance) == {"n": 1, "answer": 7, "copied": 7}


def test_input_parameters_read_what_is_outside_and_not_each_other(lab: Lab) -> None:
    inner = (
        '<camunda:inputOutput><camunda:inputParameter name="x">${y}</camunda:inputParameter>'
        '<camunda:inputParameter name="y">${x}</camunda:inputParameter>'
        '<camunda:outputParameter name="both">${x} ${y}</camunda:outputParameter></camunda:inputOutput>'
    )
    deploy(lab, line(extended("task", inner), ids="a"))

    assert lab.variables(lab.start(x=1, y=2)) == {"x": 1, "y": 2, "both": "2 1"}


def test_an_expression_of_a_service_task_is_carried_out(lab: Lab) -> None:
    body = line(
        '<bpmn:serviceTask id="a" camunda:expression="${n * 2}" camunda:resultVariable="twice"/>',
        "<bpmn:serviceTask id='b' camunda:expression='${execution.setVariable(\"n\", twice + 1)}'/>",
        '<bpmn:sendTask id="c" camunda:expression="${twice}"/>',
        ids="a b c",
    )
    deploy(lab, body)
    instance = lab.start(n=4)

    assert lab.variables(instance) == {"n": 9, "twice": 8}


def test_listeners_set_variables_on_the_way_in_their_order(lab: Lab) -> None:
    body = line(
        extended("userTask", setting("log", '"in"') + setting("phase", "log") + setting("log", '"out"', "end")), ids="a"
    )
    deploy(lab, body)
    instance = lab.start()

    assert lab.variables(instance) == {"log": "in", "phase": "in"}
    lab.complete(instance, "a")
    assert lab.variables(instance)["log"] == "out"


def test_task_listeners_set_variables_before_the_task_and_after_what_was_typed(lab: Lab) -> None:
    inner = (
        "<camunda:taskListener event='create' expression='${task.setVariable(\"phase\", \"review\")}'/>"
        "<camunda:taskListener event='complete' expression='${task.setVariable(\"double\", n * 2)}'/>"
    )
    deploy(lab, line(extended("userTask", inner), ids="a"))
    instance = lab.start()

    assert lab.variables(instance) == {"phase": "review"}
    lab.complete(instance, "a", n=4)
    assert lab.variables(instance) == {"phase": "review", "n": 4, "double": 8}


def test_a_flow_sets_variables_when_it_is_taken(lab: Lab) -> None:
    body = (
        '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a">'
        f"<bpmn:extensionElements>{setting('way', 'n + 1', 'take')}</bpmn:extensionElements></bpmn:sequenceFlow>"
    )
    deploy(lab, body)

    assert lab.variables(lab.start(n=1)) == {"n": 1, "way": 2}


def test_an_external_task_is_worked_off_by_topic_with_its_parameters(lab: Lab) -> None:
    inner = '<camunda:inputOutput><camunda:inputParameter name="sum">${amount}</camunda:inputParameter></camunda:inputOutput>'
    deploy(lab, line(extended("serviceTask", inner, 'camunda:type="external" camunda:topic="pay"'), ids="a"))
    instance = lab.start(amount=5)

    assert lab.job("pay").variables["sum"] == 5
    assert lab.jobs(instance) == ["pay"]


def test_a_call_passes_and_returns_what_is_named_and_nothing_else(lab: Lab) -> None:
    inner = (
        '<camunda:in source="n" target="x"/><camunda:in sourceExpression="${n + 1}" target="y"/>'
        '<camunda:in businessKey="${key}"/><camunda:out source="z" target="result"/>'
    )
    deploy(
        lab,
        '<bpmn:startEvent id="s"/><bpmn:userTask id="u"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="u"/>',
        "child",
    )
    deploy(lab, line(extended("callActivity", inner, 'calledElement="child"'), ids="a"))
    instance = lab.start(n=1, secret="s", key="K-1")
    with lab.read() as work:
        child = work.instances(instance)[1]

    assert lab.variables(child.id) == {"x": 1, "y": 2}
    assert child.business_key == "K-1"
    lab.complete(instance, "u", z=3, other=4)
    assert lab.variables(instance) == {"n": 1, "secret": "s", "key": "K-1", "result": 3}


def test_a_loop_counts_from_zero(lab: Lab) -> None:
    body = line(
        '<bpmn:userTask id="a" camunda:assignee="${loopCounter}-${person}"><bpmn:multiInstanceLoopCharacteristics '
        'camunda:collection="people" camunda:elementVariable="person">'
        "<bpmn:completionCondition>${nrOfCompletedInstances == 2}</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>",
        ids="a",
    )
    deploy(lab, body)
    instance = lab.start(people=["li", "wang", "wu"])

    assert sorted(wait.assignee for wait in lab.waits(instance)) == ["0-li", "1-wang", "2-wu"]
    lab.complete(instance, "a")
    lab.complete(instance, "a")
    assert lab.tasks(instance) == ["last"]


def test_a_message_reaches_whoever_waits_for_its_name(lab: Lab) -> None:
    event = '<bpmn:intermediateCatchEvent id="a"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
    deploy(lab, line(event, ids="a"), outside='<bpmn:message id="m" name="paid"/>')
    instance = lab.start()

    lab.publish("paid", amount=3)

    assert lab.tasks(instance) == ["last"]
    assert lab.variables(instance) == {"amount": 3}


def test_the_business_key_can_be_read(lab: Lab) -> None:
    deploy(lab, line('<bpmn:userTask id="a" camunda:assignee="clerk of ${execution.processBusinessKey}"/>', ids="a"))
    with lab.work() as work:
        instance = work.start_instance("p", {}, business_key="2026-7")

    assert lab.task(instance, "a").assignee == "clerk of 2026-7"


def test_the_starter_goes_to_the_variable_of_the_start_event(lab: Lab) -> None:
    body = '<bpmn:startEvent id="s" camunda:initiator="who"/><bpmn:userTask id="a"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
    deploy(lab, body)

    assert lab.variables(lab.start()) == {"who": "tester"}


def test_a_due_date_is_counted_when_the_task_opens(lab: Lab) -> None:
    body = line(
        '<bpmn:userTask id="a" camunda:dueDate="${dateTime().plusDays(3).toDate()}"/>',
        '<bpmn:userTask id="b" camunda:dueDate="P2D"/>',
        '<bpmn:userTask id="c" camunda:dueDate="${span}"/>',
        ids="a b c",
    )
    deploy(lab, body)
    instance = lab.start(span="PT1H")

    assert lab.task(instance, "a").due_at == START + timedelta(days=3)
    lab.advance(days=1)
    lab.complete(instance, "a")
    assert lab.task(instance, "b").due_at == START + timedelta(days=3)
    lab.complete(instance, "b")
    assert lab.task(instance, "c").due_at == START + timedelta(days=1, hours=1)


@pytest.mark.parametrize(
    ("mapping", "policy", "points", "expected"),
    [
        ("singleEntry", "FIRST", 60, "pass"),
        ("singleResult", "FIRST", 60, {"mark": "pass"}),
        ("collectEntries", "RULE ORDER", 60, ["pass", "plain"]),
        ("resultList", "RULE ORDER", 60, [{"mark": "pass"}, {"mark": "plain"}]),
    ],
)
def test_a_decision_gives_what_its_mapping_says(
    lab: Lab, mapping: str, policy: str, points: int, expected: object
) -> None:
    body = line(
        f'<bpmn:businessRuleTask id="a" camunda:decisionRef="grade" camunda:resultVariable="r" camunda:mapDecisionResult="{mapping}"/>',
        ids="a",
    )
    lab.deploy(Resource("grade.dmn", DMN.format(policy=policy).encode()))
    deploy(lab, body)

    assert lab.variables(lab.start(points=points))["r"] == expected


def test_an_output_parameter_reads_the_result_of_the_decision(lab: Lab) -> None:
    inner = '<camunda:inputOutput><camunda:outputParameter name="mark">${decisionResult.getSingleResult().mark}</camunda:outputParameter></camunda:inputOutput>'
    lab.deploy(Resource("grade.dmn", DMN.format(policy="FIRST").encode()))
    deploy(lab, line(extended("businessRuleTask", inner, 'camunda:decisionRef="grade"'), ids="a"))

    assert lab.variables(lab.start(points=10)) == {"points": 10, "mark": "plain"}


def test_a_caught_error_leaves_its_code_and_message(lab: Lab) -> None:
    body = (
        '<bpmn:startEvent id="s"/><bpmn:subProcess id="sub"><bpmn:startEvent id="in"/><bpmn:endEvent id="boom">'
        '<bpmn:errorEventDefinition errorRef="e"/></bpmn:endEvent><bpmn:sequenceFlow id="f2" sourceRef="in" targetRef="boom"/></bpmn:subProcess>'
        '<bpmn:boundaryEvent id="b" attachedToRef="sub"><bpmn:errorEventDefinition camunda:errorCodeVariable="code" '
        'camunda:errorMessageVariable="text"/></bpmn:boundaryEvent><bpmn:userTask id="after"/>'
        '<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="sub"/><bpmn:sequenceFlow id="f3" sourceRef="b" targetRef="after"/>'
    )
    deploy(lab, body, outside='<bpmn:error id="e" errorCode="E-7" camunda:errorMessage="No ${n}"/>')
    instance = lab.start(n=3)

    assert lab.tasks(instance) == ["after"]
    assert lab.variables(instance) == {"n": 3, "code": "E-7", "text": "No 3"}


def test_a_condition_that_waits_for_its_variable_happens_when_it_is_there(lab: Lab) -> None:
    event = (
        '<bpmn:intermediateCatchEvent id="a"><bpmn:conditionalEventDefinition><bpmn:condition>${stock.size() &gt; 1}</bpmn:condition>'
        "</bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
    )
    deploy(lab, line(event, ids="a"))
    instance = lab.start()

    assert lab.open(instance) == ["a"]
    lab.set(instance, stock="of another kind")
    assert lab.open(instance) == ["a"]
    lab.set(instance, stock=[1, 2])
    assert lab.tasks(instance) == ["last"]


def test_a_form_key_may_name_a_file_of_the_same_deployment(lab: Lab) -> None:
    form = b'{"type": "default", "id": "F1", "components": [{"type": "textfield", "key": "name", "id": "f"}]}'
    key = 'camunda:formKey="camunda-forms:deployment:person.form"'
    body = f'<bpmn:startEvent id="s" {key}/><bpmn:userTask id="a" {key}/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a"/>'

    made = lab.deploy(Resource("person.form", form), Resource("p.bpmn", file(body)))

    form_id = next(item.id for item in made.resources if item.kind == "form")
    assert lab.task(lab.start(), "a").form_id == form_id
    with lab.read() as work:
        assert work.find_definition("p").start_form_id == form_id


def test_a_form_file_that_was_not_deployed_is_refused(lab: Lab) -> None:
    with pytest.raises(DeploymentRefused, match=r"person\.form"):
        deploy(lab, '<bpmn:userTask id="a" camunda:formKey="camunda-forms:deployment:person.form"/>')


@pytest.mark.parametrize(
    "event",
    [
        "<bpmn:timerEventDefinition><bpmn:timeDate>${1 / 0}</bpmn:timeDate></bpmn:timerEventDefinition>",
        '<bpmn:messageEventDefinition messageRef="m"/>',
    ],
)
def test_a_start_whose_expression_has_no_value_is_refused(lab: Lab, event: str) -> None:
    body = f'<bpmn:startEvent id="s">{event}</bpmn:startEvent><bpmn:task id="a"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a"/>'

    with pytest.raises(DeploymentRefused, match=r"除数|division"):
        deploy(lab, body, outside='<bpmn:message id="m" name="${1 / 0}"/>')


def test_a_condition_that_starts_a_process_waits_for_its_variable(lab: Lab) -> None:
    body = (
        '<bpmn:startEvent id="s"><bpmn:conditionalEventDefinition><bpmn:condition>${stock &gt; 1}</bpmn:condition>'
        '</bpmn:conditionalEventDefinition></bpmn:startEvent><bpmn:userTask id="a"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
    )
    deploy(lab, body)
    with lab.work() as work:
        missing, there = work.evaluate_conditions({"other": 1}), work.evaluate_conditions({"stock": 2})

    assert (len(missing), len(there)) == (0, 1)


def test_jobs_of_a_higher_priority_are_handed_out_first(lab: Lab) -> None:
    task = '<bpmn:serviceTask id="a" camunda:type="external" camunda:topic="mail" camunda:taskPriority="${urgency}"/>'
    deploy(lab, line(task, ids="a"))
    calm, urgent = lab.start(urgency=1), lab.start(urgency=50)

    assert [lab.job("mail").instance_id for _ in range(2)] == [urgent, calm]
