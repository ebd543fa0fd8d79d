"""What a Camunda 7 file says arrives in the records, element by element (research: the table of both dialects)."""

import pytest

from engine.expressions import Juel, Literal
from engine.parsing.bpmn import read_bpmn
from engine.parsing.records import Binding, Dialect, MultiInstance, Trigger
from tests.parsing.camunda7_files import OPERATON, element, extended, file, given, problems, reached, read

ASYNC = 'camunda:asyncBefore="true" camunda:asyncAfter="true" camunda:exclusive="false" camunda:jobPriority="5"'


# -- the file and its process ------------------------------------------------------------------------------------------
def test_a_file_is_of_the_camunda_7_dialect_and_says_for_which_platform() -> None:
    found = read_bpmn(file('<bpmn:task id="a"/>'), file="test.bpmn")

    assert found.target_platform == "Camunda Platform"
    assert found.processes[0].dialect is Dialect.CAMUNDA_7


def test_a_process_has_its_version_tag_and_properties() -> None:
    body = (
        '<bpmn:extensionElements><camunda:properties><camunda:property name="startBy" value="*"/>'
        '<camunda:property name="note" value="${no}"/></camunda:properties></bpmn:extensionElements><bpmn:task id="a"/>'
    )
    process = read(
        body, process='camunda:versionTag="1.2" camunda:historyTimeToLive="P180D" camunda:isStartableInTasklist="true"'
    )

    assert process.version_tag == "1.2"
    assert {name: given(value) for name, value in process.properties.items()} == {"startBy": "*", "note": "${no}"}


@pytest.mark.parametrize("platform", ["Camunda Platform", "Operaton", "CIB seven"])
@pytest.mark.parametrize("namespace", [OPERATON, "http://camunda.org/schema/1.0/bpmn", "http://activiti.org/bpmn"])
def test_files_of_its_relatives_read_like_camunda_7(platform: str, namespace: str) -> None:
    task = element('<bpmn:userTask id="a" camunda:assignee="demo"/>', platform=platform, namespace=namespace).user_task

    assert task is not None
    assert given(task.assignee) == "demo"


@pytest.mark.parametrize(
    "tag",
    [
        "task",
        "userTask",
        "manualTask",
        "receiveTask",
        "subProcess",
        "startEvent",
        "endEvent",
        "exclusiveGateway",
        "parallelGateway",
    ],
)
def test_markers_for_camundas_job_executor_change_nothing(tag: str) -> None:
    inner = "<camunda:failedJobRetryTimeCycle>R3/PT10M</camunda:failedJobRetryTimeCycle>"
    found = problems(extended(tag, inner, f'{ASYNC} messageRef="m"' if tag == "receiveTask" else ASYNC, '<bpmn:task id="in"/>' if tag == "subProcess" else ""),
                     outside='<bpmn:message id="m" name="m"/>')  # fmt: skip

    assert [problem for problem in found if "attribute" in problem.rule or "extension" in problem.rule] == []


# -- user tasks and forms ----------------------------------------------------------------------------------------------
def test_a_user_task_has_its_people() -> None:
    task = element(
        '<bpmn:userTask id="a" camunda:assignee="${clerk}" camunda:candidateUsers="li, wang" '
        'camunda:candidateGroups="case-handler,${posts}, office-${no}"/>'
    ).user_task

    assert task is not None
    assert given(task.assignee, clerk="li") == "li"
    assert given(task.candidate_users) == "li, wang"
    assert given(task.candidate_groups, posts=["a", "b"], no=7) == ["case-handler", "a", "b", "office-7"]
    assert task.candidate_groups is not None
    assert task.candidate_groups.names == {"posts", "no"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${dateTime().plusDays(3).toDate()}", "2026-03-05T09:00:00+08:00"),
        ("P3D", "2026-03-05T09:00:00+08:00"),
        ("2026-03-05T09:00:00+08:00", "2026-03-05T09:00:00+08:00"),
    ],
)
def test_a_due_date_is_a_moment_or_a_span_from_now(written: str, expected: str) -> None:
    task = element(f'<bpmn:userTask id="a" camunda:dueDate="{written}" camunda:followUpDate="{written}"/>').user_task

    assert task is not None
    found = given(task.due_date)
    assert (found if isinstance(found, str) else found.isoformat()) == expected
    assert given(task.follow_up_date) == found


def test_a_user_task_has_its_priority() -> None:
    task = element('<bpmn:userTask id="a" camunda:priority="${urgent ? 90 : 50}"/>').user_task

    assert task is not None
    assert given(task.priority, urgent=True) == 90


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('camunda:formRef="F1"', ("F1", Binding.LATEST, None, None)),
        ('camunda:formRef="F1" camunda:formRefBinding="deployment"', ("F1", Binding.DEPLOYMENT, None, None)),
        (
            'camunda:formRef="F1" camunda:formRefBinding="version" camunda:formRefVersion="3"',
            ("F1", Binding.VERSION, "3", None),
        ),
        ('camunda:formKey="camunda-forms:deployment:x.form"', ("x.form", Binding.DEPLOYMENT, None, None)),
        ('camunda:formKey="https://forms.example/7"', (None, Binding.LATEST, None, "https://forms.example/7")),
    ],
)
@pytest.mark.parametrize("tag", ["userTask", "startEvent"])
def test_a_form_is_a_deployed_one_or_another_programs(tag: str, attributes: str, expected: tuple[object, ...]) -> None:
    more = '<bpmn:task id="b"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"/>'
    found = element(f'<bpmn:{tag} id="a" {attributes}/>{more}')
    form = found.form or (found.user_task.form if found.user_task else None)

    assert form is not None
    version = None if form.version is None else form.version.source
    assert (form.form_id, form.binding, version, form.external_reference) == expected


def test_a_start_event_names_the_variable_of_the_initiator() -> None:
    body = '<bpmn:startEvent id="a" camunda:initiator="starter"/><bpmn:task id="b"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"/>'

    assert element(body).initiator == "starter"


# -- work --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "businessRuleTask"])
def test_an_external_task_is_a_job_of_its_topic(tag: str) -> None:
    job = element(
        f'<bpmn:{tag} id="a" camunda:type="external" camunda:topic="pay-${{kind}}" camunda:taskPriority="7"/>'
    ).job

    assert job is not None
    assert given(job.type, kind="cash") == "pay-cash"
    assert given(job.priority) == "7"


def test_external_tasks_have_the_priority_of_their_process() -> None:
    body = '<bpmn:serviceTask id="a" camunda:type="external" camunda:topic="t"/>'
    job = element(body, process='camunda:taskPriority="3"').job

    assert job is not None
    assert given(job.priority) == "3"


@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "businessRuleTask"])
def test_an_expression_is_a_script(tag: str) -> None:
    script = element(f'<bpmn:{tag} id="a" camunda:expression="${{n * 2}}" camunda:resultVariable="twice"/>').script

    assert script is not None
    assert (script.result_variable, given(script.expression, n=4)) == ("twice", 8)


def test_an_expression_without_a_result_variable_writes_nowhere() -> None:
    script = element('<bpmn:serviceTask id="a" camunda:expression="${n}"/>').script

    assert script is not None
    assert script.result_variable is None


def test_an_expression_that_sets_a_variable_is_a_script_with_that_result() -> None:
    script = element(
        "<bpmn:serviceTask id='a' camunda:expression='${execution.setVariable(\"retry\", retry + 1)}'/>"
    ).script

    assert script is not None
    assert (script.result_variable, given(script.expression, retry=1)) == ("retry", 2)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('scriptFormat="juel" camunda:resultVariable="r"><bpmn:script>${n + 1}</bpmn:script>', 6),
        ('scriptFormat="feel" camunda:resultVariable="r"><bpmn:script>sum([n, 2])</bpmn:script>', 7),
        ('scriptFormat="JUEL" camunda:resultVariable="r"><bpmn:script><![CDATA[${n < 9}]]></bpmn:script>', True),
        ('scriptFormat="juel"><bpmn:script>${execution.setVariable("r", 1)}</bpmn:script>', 1),
    ],
)
def test_a_script_task_speaks_juel_or_feel(written: str, expected: object) -> None:
    script = element(f'<bpmn:scriptTask id="a" {written}</bpmn:scriptTask>').script

    assert script is not None
    assert (script.result_variable, given(script.expression, n=5)) == ("r", expected)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", (Binding.LATEST, None, None, "resultList", None)),
        (
            'camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry" camunda:decisionRefBinding="deployment"',
            (Binding.DEPLOYMENT, None, None, "singleEntry", "r"),
        ),
        (
            'camunda:decisionRefBinding="version" camunda:decisionRefVersion="4" camunda:mapDecisionResult="collectEntries"',
            (Binding.VERSION, None, "4", "collectEntries", None),
        ),
        (
            'camunda:decisionRefBinding="versionTag" camunda:decisionRefVersionTag="2026" camunda:mapDecisionResult="singleResult"',
            (Binding.VERSION_TAG, "2026", None, "singleResult", None),
        ),
    ],
)
def test_a_business_rule_task_names_its_decision(attributes: str, expected: tuple[object, ...]) -> None:
    decision = element(f'<bpmn:businessRuleTask id="a" camunda:decisionRef="D02" {attributes}/>').decision

    assert decision is not None
    version = None if decision.version is None else decision.version.source
    assert decision.decision_id == Literal("D02")
    assert (decision.binding, decision.version_tag, version, decision.mapping, decision.result_variable) == expected


def test_a_call_activity_says_what_travels() -> None:
    inner = (
        '<camunda:in source="person" target="applicant"/><camunda:in sourceExpression="${n + 1}" target="round"/>'
        '<camunda:in businessKey="#{execution.processBusinessKey}"/>'
        '<camunda:out source="outcome" target="result"/><camunda:out sourceExpression="${a.b}" target="c"/>'
    )
    called = element(
        extended("callActivity", inner, 'calledElement="check-${kind}" camunda:calledElementBinding="deployment"')
    ).called

    assert called is not None
    assert given(called.process_id, kind="home") == "check-home"
    assert called.binding is Binding.DEPLOYMENT
    assert [(entry.target, given(entry.source, n=1, person="Li")) for entry in called.passed] == [
        (("applicant",), "Li"),
        (("round",), 2),
    ]
    assert [entry.target for entry in called.returned] == [("result",), ("c",)]
    assert isinstance(called.business_key, Juel)
    assert (called.propagate_all_parent_variables, called.propagate_all_child_variables) == (False, False)


def test_a_call_activity_may_pass_everything_each_way() -> None:
    inner = '<camunda:in variables="all"/><camunda:out variables="all"/>'
    called = element(extended("callActivity", inner, 'calledElement="c"')).called

    assert called is not None
    assert (called.propagate_all_parent_variables, called.propagate_all_child_variables) == (True, True)
    assert (called.passed, called.returned) == ((), ())


def test_a_source_variable_that_does_not_exist_travels_as_null() -> None:
    called = element(
        extended("callActivity", '<camunda:in source="some-name" target="x"/>', 'calledElement="c"')
    ).called

    assert called is not None
    assert given(called.passed[0].source) is None
    assert given(called.passed[0].source, **{"some-name": 1}) == 1


# -- loops and data ----------------------------------------------------------------------------------------------------
def loop(written: str, attributes: str = "") -> MultiInstance:
    body = (
        f'<bpmn:userTask id="a"><bpmn:multiInstanceLoopCharacteristics {attributes}>{written}'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    found = element(body).loop
    assert isinstance(found, MultiInstance)
    return found


@pytest.mark.parametrize("collection", ["papers", "${papers}", "#{papers}"])
def test_a_multi_instance_goes_over_a_collection(collection: str) -> None:
    found = loop(
        "<bpmn:completionCondition>${nrOfCompletedInstances / nrOfInstances >= 0.5}</bpmn:completionCondition>",
        f'isSequential="true" camunda:collection="{collection}" camunda:elementVariable="paper" camunda:asyncBefore="true"',
    )

    assert (found.sequential, found.input_element, found.first_counter, found.cardinality) == (True, "paper", 0, None)
    assert given(found.input_collection, papers=[1, 2]) == [1, 2]
    assert given(found.completion_condition, nrOfCompletedInstances=1, nrOfInstances=2) is True


def test_a_multi_instance_may_name_its_collection_in_bpmns_own_words() -> None:
    found = loop('<bpmn:loopDataInputRef>papers</bpmn:loopDataInputRef><bpmn:inputDataItem name="paper"/>')

    assert found.input_element == "paper"
    assert given(found.input_collection, papers=[1]) == [1]


@pytest.mark.parametrize(("written", "expected"), [("3", "3"), ("${n}", 4)])
def test_a_multi_instance_may_go_a_number_of_times(written: str, expected: object) -> None:
    found = loop(f"<bpmn:loopCardinality>{written}</bpmn:loopCardinality>")

    assert found.input_collection is None
    assert given(found.cardinality, n=4) == expected


def test_parameters_hold_texts_expressions_lists_maps_and_scripts() -> None:
    inner = """<camunda:inputOutput>
      <camunda:inputParameter name="text">plain</camunda:inputParameter>
      <camunda:inputParameter name="mixed">No ${n}</camunda:inputParameter>
      <camunda:inputParameter name="nothing"/>
      <camunda:inputParameter name="list"><camunda:list><camunda:value>a</camunda:value><camunda:value>${n}</camunda:value>
        <camunda:list><camunda:value>b</camunda:value></camunda:list></camunda:list></camunda:inputParameter>
      <camunda:inputParameter name="map"><camunda:map><camunda:entry key="k">${n}</camunda:entry>
        <camunda:entry key="l"><camunda:list/></camunda:entry></camunda:map></camunda:inputParameter>
      <camunda:inputParameter name="feel"><camunda:script scriptFormat="feel">n + 1</camunda:script></camunda:inputParameter>
      <camunda:outputParameter name="out">${result}</camunda:outputParameter>
    </camunda:inputOutput>"""
    found = element(extended("userTask", inner))

    assert {entry.target[0]: given(entry.source, n=1) for entry in found.inputs} == {
        "text": "plain", "mixed": "No 1", "nothing": None, "list": ["a", 1, ["b"]], "map": {"k": 1, "l": []}, "feel": 2,
    }  # fmt: skip
    assert [(entry.target, entry.source.names) for entry in found.outputs] == [(("out",), {"result"})]
    assert found.inputs[3].source.names == {"n"}


def test_listeners_that_set_a_variable_are_carried_out() -> None:
    inner = (
        "<camunda:executionListener event='start' expression='${execution.setVariable(\"phase\", \"review\")}'/>"
        "<camunda:executionListener event='end' expression='${execution.setVariable(\"done\", n + 1)}'/>"
    )
    first, second = element(extended("userTask", inner)).listeners

    assert (first.event, second.event) == ("start", "end")
    assert first.script is not None
    assert (first.script.result_variable, given(first.script.expression)) == ("phase", "review")


def test_a_sequence_flow_sets_variables_when_it_is_taken() -> None:
    body = (
        '<bpmn:task id="a"/><bpmn:task id="b"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn:extensionElements>'
        "<camunda:executionListener event='take' expression='${execution.setVariable(\"phase\", n)}'/>"
        "</bpmn:extensionElements></bpmn:sequenceFlow>"
    )
    (script,) = read(body).flows["f"].scripts

    assert (script.result_variable, given(script.expression, n=2)) == ("phase", 2)


def test_the_start_of_a_start_event_is_when_it_has_happened() -> None:
    inner = "<camunda:executionListener event='start' expression='${execution.setVariable(\"phase\", 1)}'/>"
    more = '<bpmn:task id="b"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"/>'

    assert element(extended("startEvent", inner) + more).listeners[0].event == "end"


# -- events ------------------------------------------------------------------------------------------------------------
def test_a_message_is_awaited_by_its_name_alone() -> None:
    body = '<bpmn:intermediateCatchEvent id="a"><bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
    event = element(reached(body), outside='<bpmn:message id="m" name="paid-${no}"/>').event

    assert (event.trigger, event.correlation_key) == (Trigger.MESSAGE, None)
    assert given(event.name, no=3) == "paid-3"


def test_a_thrown_message_may_be_an_external_task() -> None:
    body = '<bpmn:intermediateThrowEvent id="a"><bpmn:messageEventDefinition camunda:type="external" camunda:topic="send"/></bpmn:intermediateThrowEvent>'
    job = element(reached(body)).job

    assert job is not None
    assert given(job.type) == "send"


def test_a_signal_carries_what_it_names() -> None:
    body = (
        '<bpmn:intermediateThrowEvent id="a"><bpmn:signalEventDefinition signalRef="s"><bpmn:extensionElements>'
        '<camunda:in source="x" target="y"/><camunda:in sourceExpression="${x + 1}" target="z"/></bpmn:extensionElements>'
        "</bpmn:signalEventDefinition></bpmn:intermediateThrowEvent>"
    )
    event = element(reached(body), outside='<bpmn:signal id="s" name="changed"/>').event

    assert [(entry.target, given(entry.source, x=1)) for entry in event.payload] == [(("y",), 1), (("z",), 2)]


def test_a_conditional_event_watches_the_variable_that_it_names() -> None:
    body = (
        '<bpmn:intermediateCatchEvent id="a"><bpmn:conditionalEventDefinition camunda:variableName="stock" '
        'camunda:variableEvents="create, update"><bpmn:condition>${stock &gt; 1}</bpmn:condition>'
        "</bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
    )
    event = element(reached(body)).event

    assert event.condition_variables == {"stock"}
    assert given(event.condition, stock=2) is True


def test_caught_errors_and_escalations_go_to_variables() -> None:
    body = (
        '<bpmn:userTask id="t"/><bpmn:boundaryEvent id="a" attachedToRef="t"><bpmn:errorEventDefinition errorRef="e" '
        'camunda:errorCodeVariable="code" camunda:errorMessageVariable="text"/></bpmn:boundaryEvent>'
        '<bpmn:subProcess id="s"><bpmn:task id="in"/></bpmn:subProcess><bpmn:boundaryEvent id="b" attachedToRef="s">'
        '<bpmn:escalationEventDefinition camunda:escalationCodeVariable="level"/></bpmn:boundaryEvent>'
    )
    elements = read(body, outside='<bpmn:error id="e" errorCode="E1"/>').elements

    assert (elements["a"].event.code_variable, elements["a"].event.message_variable) == ("code", "text")
    assert elements["b"].event.code_variable == "level"


def test_an_error_without_a_code_catches_every_code() -> None:
    body = '<bpmn:userTask id="t"/><bpmn:boundaryEvent id="a" attachedToRef="t"><bpmn:errorEventDefinition errorRef="e"/></bpmn:boundaryEvent>'

    assert element(body, outside='<bpmn:error id="e" name="any"/>').event.code is None


def test_a_thrown_error_has_its_message() -> None:
    body = '<bpmn:endEvent id="a"><bpmn:errorEventDefinition errorRef="e"/></bpmn:endEvent>'
    event = element(reached(body), outside='<bpmn:error id="e" errorCode="E1" camunda:errorMessage="No ${n}"/>').event

    assert given(event.message, n=1) == "No 1"


@pytest.mark.parametrize(
    ("tag", "written"), [("timeDuration", "PT${n}H"), ("timeDate", "${due}"), ("timeDuration", "P1D")]
)
def test_timers_take_texts_and_expressions(tag: str, written: str) -> None:
    body = f'<bpmn:intermediateCatchEvent id="a"><bpmn:timerEventDefinition><bpmn:{tag}>{written}</bpmn:{tag}></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
    event = element(reached(body)).event

    assert given(event.timer, n=2, due="2026-04-01") in {"PT2H", "2026-04-01", "P1D"}


def test_flows_have_juel_conditions() -> None:
    body = (
        '<bpmn:exclusiveGateway id="g" default="no"/><bpmn:task id="a"/><bpmn:task id="b"/>'
        '<bpmn:sequenceFlow id="no" sourceRef="g" targetRef="a"/><bpmn:sequenceFlow id="yes" sourceRef="g" targetRef="b">'
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="juel">${amount gt 1000}</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
    )
    condition = read(body).flows["yes"].condition

    assert given(condition, amount=1001) is True


@pytest.mark.parametrize("tag", ["userTask", "receiveTask"])
def test_bpmns_own_word_for_an_implementation_changes_nothing(tag: str) -> None:
    body = f'<bpmn:{tag} id="a" implementation="webService" messageRef="m"/>'.replace(
        ' messageRef="m"', "" if tag == "userTask" else ' messageRef="m"'
    )

    assert problems(body, outside='<bpmn:message id="m" name="m"/>') == []


def test_marks_of_element_templates_are_kept_by_the_modeler_alone() -> None:
    body = '<bpmn:serviceTask id="a" camunda:type="external" camunda:topic="t" camunda:modelerTemplate="org.example" camunda:modelerTemplateVersion="2"/>'

    assert problems(body) == []
