"""What Camunda 7 would hand to Java is refused at its element, with a sentence that names it; so is what is written wrongly."""

import pytest

from engine.parsing.bpmn import inspect_bpmn, read_bpmn
from engine.parsing.elements import ZEEBE
from engine.parsing.records import Dialect
from tests.parsing.camunda7_files import CAMUNDA, OPERATON, extended, file, problems, reached

LISTENER = "<camunda:executionListener event='start' {}/>"
SCRIPT = '<bpmn:scriptTask id="a" {}><bpmn:script>{}</bpmn:script></bpmn:scriptTask>'
PARAMETER = '<camunda:inputOutput><camunda:inputParameter name="x">{}</camunda:inputParameter></camunda:inputOutput>'


def io(inner: str, tag: str = "userTask") -> str:
    return extended(tag, PARAMETER.format(inner))


def service(attributes: str) -> str:
    return f'<bpmn:serviceTask id="a" {attributes}/>'


def user(attributes: str) -> str:
    return f'<bpmn:userTask id="a" {attributes}/>'


def rule_task(attributes: str) -> str:
    return f'<bpmn:businessRuleTask id="a" camunda:decisionRef="d" {attributes}/>'


def call(inner: str = "", attributes: str = 'calledElement="c"') -> str:
    return extended("callActivity", inner, attributes)


def loop(inner: str = "", attributes: str = "") -> str:
    return f'<bpmn:userTask id="a"><bpmn:multiInstanceLoopCharacteristics {attributes}>{inner}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>'


def thrown(attributes: str, inner: str = "") -> str:
    return reached(
        f'<bpmn:intermediateThrowEvent id="a"><bpmn:messageEventDefinition {attributes}>{inner}</bpmn:messageEventDefinition></bpmn:intermediateThrowEvent>'
    )


FLOW = (
    '<bpmn:task id="a"/><bpmn:task id="b"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn:extensionElements>'
    "<camunda:executionListener {}/></bpmn:extensionElements></bpmn:sequenceFlow>"
)
EXTERNAL = 'camunda:type="external" camunda:topic="t"'
FIELD = '<camunda:field name="text"><camunda:string>Hi</camunda:string></camunda:field>'
CONNECTOR = (
    "<camunda:connector><camunda:inputOutput><camunda:inputParameter name='url'>x</camunda:inputParameter></camunda:inputOutput>"
    "<camunda:connectorId>http-connector</camunda:connectorId></camunda:connector>"
)


@pytest.mark.parametrize(
    ("body", "rule", "named"),
    [
        # Java
        (service('camunda:class="org.example.Pay"'), "java-code", "org.example.Pay"),
        (service('camunda:delegateExpression="${payBean}"'), "java-code", "${payBean}"),
        (service('camunda:expression="${payBean.pay(execution)}"'), "juel-syntax", "payBean.pay"),
        (extended("serviceTask", FIELD, EXTERNAL), "java-code", "text"),
        (extended("serviceTask", CONNECTOR), "connector", "http-connector"),
        (service('camunda:type="mail"'), "implementation", "mail"),
        (service('camunda:type="shell"'), "implementation", "shell"),
        (service(""), "implementation", "serviceTask"),
        ('<bpmn:sendTask id="a"/>', "implementation", "sendTask"),
        ('<bpmn:businessRuleTask id="a"/>', "implementation", "businessRuleTask"),
        (service('camunda:type="external"'), "job-type", "topic"),
        (service(f'{EXTERNAL} camunda:expression="${{x}}"'), "implementation", "several"),
        (rule_task(EXTERNAL), "implementation", "several"),
        (rule_task('camunda:class="org.example.Rules"'), "java-code", "org.example.Rules"),
        (service("camunda:expression='${execution.setVariable(\"x\", 1)}' camunda:resultVariable=\"y\""), "script", "setVariable"),
        (user('camunda:formHandlerClass="org.example.Form"'), "java-code", "org.example.Form"),
        (call(attributes='calledElement="c" camunda:variableMappingClass="org.example.Map"'), "java-code", "org.example.Map"),
        (call(attributes='calledElement="c" camunda:variableMappingDelegateExpression="${map}"'), "java-code", "${map}"),
        # scripts
        (SCRIPT.format('scriptFormat="groovy"', "x = 1"), "foreign-script", "groovy"),
        (SCRIPT.format('scriptFormat="javascript"', "x = 1"), "foreign-script", "javascript"),
        (SCRIPT.format("", "x = 1"), "foreign-script", "does not name"),
        (SCRIPT.format('scriptFormat="juel" camunda:resource="deployment://s.juel"', ""), "foreign-script", "resource"),
        (SCRIPT.format('scriptFormat="juel"', ""), "script", "empty"),
        (SCRIPT.format('scriptFormat="juel"', "${x +}"), "juel-syntax", "line 1, column 6"),
        (SCRIPT.format('scriptFormat="feel"', "x +"), "juel-syntax", "FEEL"),
        (io('<camunda:script scriptFormat="groovy">1</camunda:script>'), "foreign-script", "groovy"),
        (io('<camunda:script scriptFormat="juel" resource="s.juel"/>'), "foreign-script", "resource"),
        # listeners
        (extended("userTask", LISTENER.format('class="org.example.L"')), "java-code", "org.example.L"),
        (extended("userTask", LISTENER.format('delegateExpression="${l}"')), "java-code", "${l}"),
        (extended("userTask", LISTENER.format('expression="${bean.call()}"')), "juel-syntax", "bean.call"),
        (extended("userTask", LISTENER.format("expression='${execution.setVariable(\"a b\", 1)}'")), "variable-name", "a b"),
        (extended("userTask", LISTENER.format('expression="${x}"')), "execution-listener", "no effect"),
        (extended("userTask", LISTENER.format('expression="x"')), "execution-listener", "no effect"),
        (extended("userTask", LISTENER.format("")), "execution-listener", "no effect"),
        (
            extended("userTask", LISTENER.format("expression='${execution.setVariable(\"x\", bean.call())}'")),
            "juel-syntax",
            "bean.call",
        ),
        (
            extended("userTask", "<camunda:executionListener event='assignment' expression='${execution.setVariable(\"x\", 1)}'/>"),
            "execution-listener",
            "assignment",
        ),
        (
            extended(
                "userTask",
                '<camunda:executionListener event="start"><camunda:script scriptFormat="groovy">x</camunda:script></camunda:executionListener>',
            ),
            "foreign-script",
            "groovy",
        ),
        (
            extended("userTask", f'<camunda:executionListener event="start" class="L">{FIELD}</camunda:executionListener>'),
            "java-code",
            "text",
        ),
        (extended("userTask", '<camunda:taskListener event="create" class="org.example.L"/>'), "java-code", "org.example.L"),
        (extended("userTask", "<camunda:taskListener event='timeout' expression='${task.setVariable(\"x\", 1)}'/>"), "task-listener", "timeout"),
        (FLOW.format("event='start' expression='${execution.setVariable(\"x\", 1)}'"), "execution-listener", "take"),
        (FLOW.format("event='take' class='org.example.L'"), "java-code", "org.example.L"),
        # messages
        (thrown('camunda:class="org.example.Send"'), "java-code", "org.example.Send"),
        (thrown('messageRef="m" camunda:expression="${x}"'), "script", "${x}"),
        (thrown("", f"<bpmn:extensionElements>{CONNECTOR}</bpmn:extensionElements>"), "connector", "http-connector"),
        # people and forms
        (user('camunda:candidateGroups="a,,b"'), "candidates", "candidateGroups"),
        (user('camunda:dueDate="tomorrow"'), "task-schedule", "tomorrow"),
        (user('camunda:priority="101"'), "priority", "101"),
        (user('camunda:assignee="${userService.find(x)}"'), "juel-syntax", "userService.find"),
        (user('camunda:assignee="${currentUser()}"'), "juel-syntax", "current user"),
        (user('camunda:formKey="embedded:app:forms/x.html"'), "form-reference", "embedded:app:forms/x.html"),
        (user('camunda:formKey="app:x.jsf"'), "form-reference", "app:x.jsf"),
        (user('camunda:formKey="camunda-forms:app:x.form"'), "form-reference", "formRef"),
        (user('camunda:formRef="x" camunda:formKey="y"'), "form-reference", "one of the two"),
        (user('camunda:formRef="${x}"'), "form-reference", "expression"),
        (extended("userTask", '<camunda:formData><camunda:formField id="f" type="string"/></camunda:formData>'), "form-reference", "generated form"),
        # bindings
        (user('camunda:formRef="x" camunda:formRefBinding="newest"'), "binding", "newest"),
        (user('camunda:formRef="x" camunda:formRefBinding="versionTag"'), "binding", "versionTag"),
        (user('camunda:formRef="x" camunda:formRefBinding="version"'), "binding", "formRefVersion"),
        (rule_task('camunda:decisionRefBinding="version" camunda:decisionRefVersion="newest"'), "binding", "newest"),
        (rule_task('camunda:decisionRefBinding="versionTag"'), "binding", "decisionRefVersionTag"),
        (rule_task('camunda:mapDecisionResult="first"'), "called-decision", "first"),
        (rule_task('camunda:decisionRefTenantId="t"'), "unsupported-attribute", "decisionRefTenantId"),
        (rule_task('camunda:resultVariable="a b"'), "variable-name", "a b"),
        # calls
        (call(attributes=""), "called-element", "calledElement"),
        (call(attributes='calledElement="c" camunda:calledElementBinding="versionTag"'), "binding", "calledElementVersionTag"),
        (call(attributes='calledElement="c" camunda:calledElementTenantId="t"'), "unsupported-attribute", "calledElementTenantId"),
        (call(attributes='camunda:caseRef="c"'), "unsupported-attribute", "caseRef"),
        (call('<camunda:in source="x"/>'), "called-element", "target"),
        (call('<camunda:in source="x" sourceExpression="${x}" target="y"/>'), "called-element", "either"),
        (call('<camunda:in variables="some"/>'), "called-element", "some"),
        (call('<camunda:in source="#x" target="x"/>'), "variable-name", "#x"),
        (call('<camunda:in variables="all" local="true"/>'), "called-element", "local"),
        (call('<camunda:out source="x" target="y z"/>'), "variable-name", "y z"),
        # data
        (io("${x.y(}"), "juel-syntax", "line 1"),
        (io('<camunda:map><camunda:entry key="">1</camunda:entry></camunda:map>'), "io-mapping", "key"),
        (io('<camunda:map><camunda:entry key="${x}">1</camunda:entry></camunda:map>'), "io-mapping", "${x}"),
        (io("<camunda:list/><camunda:list/>"), "io-mapping", "one value"),
        (extended("userTask", '<camunda:inputOutput><camunda:inputParameter name="a b">1</camunda:inputParameter></camunda:inputOutput>'), "variable-name", "a b"),
        (extended("userTask", '<camunda:inputOutput><camunda:inputParameter>1</camunda:inputParameter></camunda:inputOutput>'), "io-mapping", "name"),
        (
            extended(
                "userTask",
                '<camunda:inputOutput><camunda:outputParameter name="x">1</camunda:outputParameter></camunda:inputOutput>',
                more='<bpmn:multiInstanceLoopCharacteristics camunda:collection="c"/>',
            ),
            "io-mapping",
            "multi-instance",
        ),
        (extended("userTask", '<camunda:properties><camunda:property name="p"/><camunda:property name="p"/></camunda:properties>'), "property-name", "p"),
        # loops
        (loop(), "loop-characteristics", "collection"),
        (loop("<bpmn:loopCardinality>many</bpmn:loopCardinality>"), "loop-characteristics", "many"),
        (loop("<bpmn:completionCondition>done</bpmn:completionCondition>", 'camunda:collection="c"'), "expression-without-equals", "done"),
        (loop("<bpmn:loopCardinality>3</bpmn:loopCardinality>", 'camunda:collection="c"'), "loop-characteristics", "either"),
        (loop(attributes='camunda:collection="my list"'), "variable-name", "my list"),
        # events
        (
            reached(
                '<bpmn:intermediateCatchEvent id="a"><bpmn:conditionalEventDefinition camunda:variableEvents="delete">'
                "<bpmn:condition>${x}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
            ),
            "condition",
            "delete",
        ),
        (
            reached(
                '<bpmn:intermediateThrowEvent id="a"><bpmn:signalEventDefinition signalRef="s"><bpmn:extensionElements>'
                '<camunda:in variables="all"/></bpmn:extensionElements></bpmn:signalEventDefinition></bpmn:intermediateThrowEvent>'
            ),
            "called-element",
            "all",
        ),
        # words of nobody
        (user('camunda:unheardOf="x"'), "unsupported-attribute", "unheardOf"),
        (extended("userTask", "<camunda:unheardOf/>"), "unsupported-extension", "unheardOf"),
        (extended("serviceTask", '<camunda:errorEventDefinition errorRef="e"/>', EXTERNAL), "unsupported-extension", "errorEventDefinition"),
        (extended("userTask", "<camunda:properties/><camunda:properties/>"), "extension-twice", "properties"),
    ],
)  # fmt: skip
def test_it_is_refused_at_its_element_by_name(body: str, rule: str, named: str) -> None:
    outside = '<bpmn:message id="m" name="m"/><bpmn:signal id="s" name="s"/>'
    found = [problem for problem in problems(body, outside=outside) if problem.rule == rule]

    assert found, [f"{problem.rule}: {problem.en}" for problem in problems(body, outside=outside)]
    assert any(named in problem.en for problem in found), [problem.en for problem in found]
    assert all(problem.zh and problem.line and problem.element_id for problem in found)


@pytest.mark.parametrize("process", ['camunda:candidateStarterGroups="clerks"', 'camunda:candidateStarterUsers="li"'])
def test_who_may_start_is_no_attribute_here(process: str) -> None:
    assert {problem.rule for problem in problems('<bpmn:task id="a"/>', process=process)} == {"unsupported-attribute"}


def test_another_implementation_of_a_message_is_refused_for_one_reason_alone() -> None:
    assert [problem.rule for problem in problems(thrown('camunda:delegateExpression="${sender}"'))] == ["java-code"]


def test_an_expression_is_refused_with_its_place_in_the_text() -> None:
    body = user('camunda:assignee="${a &amp;&amp; bean.find(x)}"')

    assert "第 1 行第 13 个字符" in problems(body)[0].zh
    assert "line 1, column 13" in problems(body)[0].en


# -- which dialect -----------------------------------------------------------------------------------------------------
BARE = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:m="http://camunda.org/schema/modeler/1.0" xmlns:c="{}" xmlns:o="{}" xmlns:z="{}" id="d" targetNamespace="t" {}><bpmn:process id="p" isExecutable="true">{}</bpmn:process></bpmn:definitions>'
CHOICE = (
    '<bpmn:exclusiveGateway id="g" default="no"/><bpmn:task id="a"/><bpmn:task id="b"/>'
    '<bpmn:sequenceFlow id="no" sourceRef="g" targetRef="a"/><bpmn:sequenceFlow id="yes" sourceRef="g" targetRef="b">'
    "<bpmn:conditionExpression>{}</bpmn:conditionExpression></bpmn:sequenceFlow>"
)
TIMER = reached(
    '<bpmn:intermediateCatchEvent id="a"><bpmn:timerEventDefinition><bpmn:timeDuration>#{x}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
)
ZEEBE_TASK = '<bpmn:userTask id="a"><bpmn:extensionElements><z:userTask/></bpmn:extensionElements></bpmn:userTask>'


def bare(body: str, platform: str = "") -> bytes:
    attribute = f'm:executionPlatform="{platform}"' if platform else ""
    return BARE.format(CAMUNDA, OPERATON, ZEEBE, attribute, body).encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (bare('<bpmn:task id="a"/>'), Dialect.CAMUNDA_8),
        (bare(ZEEBE_TASK), Dialect.CAMUNDA_8),
        (bare('<bpmn:userTask id="a" c:assignee="li"/>'), Dialect.CAMUNDA_7),
        (bare('<bpmn:userTask id="a" o:assignee="li"/>'), Dialect.CAMUNDA_7),
        (bare('<bpmn:userTask id="a" o:assignee="li"/><bpmn:userTask id="b" c:assignee="li"/>'), Dialect.CAMUNDA_7),
        (bare(CHOICE.format("${x}")), Dialect.CAMUNDA_7),
        (bare(CHOICE.format("#{x}")), Dialect.CAMUNDA_7),
        (bare(CHOICE.format("=x")), Dialect.CAMUNDA_8),
        (bare(TIMER), Dialect.CAMUNDA_7),
        (
            bare('<bpmn:scriptTask id="a" scriptFormat="juel"><bpmn:script>1</bpmn:script></bpmn:scriptTask>'),
            Dialect.CAMUNDA_7,
        ),
        (bare('<bpmn:callActivity id="a" calledElement="${x}"/>'), Dialect.CAMUNDA_7),
        (bare('<bpmn:task id="a"/>', "Camunda Platform"), Dialect.CAMUNDA_7),
        (bare('<bpmn:task id="a"/>', "Camunda Cloud"), Dialect.CAMUNDA_8),
    ],
)
def test_a_file_shows_in_which_dialect_it_is_written(data: bytes, expected: Dialect) -> None:
    assert read_bpmn(data, file="x.bpmn").processes[0].dialect is expected


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (bare(f'<bpmn:userTask id="first" c:assignee="li"/>{ZEEBE_TASK}'), {"first", "a"}),
        (bare(ZEEBE_TASK, "Camunda Platform"), {"a"}),
        (bare('<bpmn:userTask id="old" c:assignee="li"/>', "Camunda Cloud"), {"old"}),
        (bare('<bpmn:task id="a"/>', "Some Engine"), {"d"}),
    ],
)
def test_a_file_of_two_dialects_or_none_of_ours_is_refused(data: bytes, named: set[str]) -> None:
    found = inspect_bpmn(data, file="x.bpmn").problems

    assert {problem.rule for problem in found} == {"dialect"}
    assert {problem.element_id for problem in found} == named


def test_the_platform_that_a_file_does_not_name_is_that_of_its_dialect() -> None:
    assert read_bpmn(bare(CHOICE.format("${x}")), file="x.bpmn").target_platform == "Camunda Platform"


def test_a_camunda_7_file_without_an_executable_process_is_refused() -> None:
    data = file('<bpmn:task id="a"/>').replace(b'isExecutable="true"', b'isExecutable="false"')

    assert [problem.rule for problem in inspect_bpmn(data, file="x.bpmn").problems] == ["no-executable-process"]
