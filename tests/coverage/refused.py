"""What is refused, as the smallest diagram that shows it, with the rule that says so."""

from __future__ import annotations

from dataclasses import dataclass

from tests.coverage.matrix import Writer, chain


@dataclass(frozen=True, slots=True)
class Refused:
    """The inside of a process in one dialect (None: in both), and the rule; `above` stands beside the process."""

    rule: str
    inside: str
    dialect: str | None = None
    above: str = ""

    def file(self, dialect: str) -> bytes:
        process = f'<bpmn:process id="p" isExecutable="true">{self.inside}</bpmn:process>'
        return Writer(dialect).file(f"{self.above}{process}")


def _zeebe(host: str, extension: str, *, of: str = "") -> str:
    kind = {"userTask": "<zeebe:userTask/>", "serviceTask": '<zeebe:taskDefinition type="t"/>'}.get(host, "")
    return f'<bpmn:{host} id="a"{of}><bpmn:extensionElements>{kind}{extension}</bpmn:extensionElements></bpmn:{host}>'


_MANY = "<bpmn:multiInstanceLoopCharacteristics {}>{}</bpmn:multiInstanceLoopCharacteristics>"
_GATEWAY = (
    '<bpmn:startEvent id="begin"/><bpmn:eventBasedGateway id="g"{}/>{}'
    '<bpmn:intermediateCatchEvent id="t"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>" + '<bpmn:task id="z"/>' + chain("g", "t", "z")
)
RECEIVING = _GATEWAY.format("", '<bpmn:receiveTask id="r" messageRef="m"/>') + chain("begin", "g", "r")
_FORK = '<bpmn:startEvent id="s"/><bpmn:task id="a"/><bpmn:task id="b"/>' + chain("s", "a") + chain("s", "b")

REFUSED: dict[str, Refused] = {
    "juel in camunda 8": Refused("unsupported-attribute", '<bpmn:scriptTask id="a" scriptFormat="juel"/>', "camunda8"),
    "foreign script in camunda 8": Refused("unsupported-attribute", '<bpmn:scriptTask id="a" scriptFormat="groovy"/>', "camunda8"),
    "expression in camunda 8": Refused("dialect", '<bpmn:serviceTask id="a" camunda:expression="${x}"/>', "camunda8"),
    "class in camunda 8": Refused("dialect", '<bpmn:serviceTask id="a" camunda:class="X"/>', "camunda8"),
    "global task": Refused("unsupported-element", '<bpmn:task id="a"/>', above='<bpmn:globalTask id="g"/>'),
    "loop without end": Refused("loop-without-end", '<bpmn:task id="a"><bpmn:standardLoopCharacteristics/></bpmn:task>'),
    "output collection": Refused(
        "unsupported-attribute",
        f'<bpmn:task id="a">{_MANY.format("camunda:collection=" + chr(34) + "c" + chr(34) + " camunda:outputCollection=" + chr(34) + "o" + chr(34), "")}</bpmn:task>',
        "camunda7",
    ),
    "cardinality in camunda 8": Refused(
        "loop-characteristics", f'<bpmn:task id="a">{_MANY.format("", "<bpmn:loopCardinality>3</bpmn:loopCardinality>")}</bpmn:task>', "camunda8"
    ),
    "quantity": Refused("token-quantity", '<bpmn:task id="a" completionQuantity="0"/>'),
    "activation": Refused("activation-condition", _FORK + '<bpmn:complexGateway id="c"/><bpmn:task id="z"/>' + chain("a", "c", "z") + chain("b", "c")),
    "receive task behind gateway": Refused("event-gateway", RECEIVING, "camunda8"),
    "parallel event gateway": Refused("unsupported-attribute", _GATEWAY.format(' eventGatewayType="Parallel"', "") + chain("begin", "g")),
    "cycle of an intermediate event in camunda 8": Refused(
        "timer-place",
        '<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="t"><bpmn:timerEventDefinition><bpmn:timeCycle>R2/PT1H</bpmn:timeCycle>'
        '</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:task id="z"/>' + chain("s", "t", "z"),
        "camunda8",
    ),
    "a timer that is thrown": Refused(
        "unsupported-element",
        '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:endEvent>" + chain("s", "e"),
    ),
    # -- words of Camunda 8
    "zeebe:taskListener assigning": Refused(
        "task-listener", _zeebe("userTask", '<zeebe:userTask/><zeebe:taskListeners><zeebe:taskListener eventType="assigning" type="t"/></zeebe:taskListeners>'), "camunda8"
    ),
    "zeebe:userTaskForm": Refused("unsupported-extension", '<bpmn:extensionElements><zeebe:userTaskForm id="f">{}</zeebe:userTaskForm></bpmn:extensionElements><bpmn:task id="a"/>', "camunda8"),
    "zeebe:formDefinition formKey": Refused("unsupported-attribute", _zeebe("userTask", '<zeebe:formDefinition formKey="camunda-forms:bpmn:f"/>'), "camunda8"),
    "zeebe:linkedResources": Refused("unsupported-extension", _zeebe("serviceTask", "<zeebe:linkedResources/>"), "camunda8"),
    "zeebe:jobPriorityDefinition": Refused("unsupported-extension", _zeebe("serviceTask", '<zeebe:jobPriorityDefinition priority="1"/>'), "camunda8"),
    "zeebe:calledElement businessId": Refused("unsupported-attribute", _zeebe("callActivity", '<zeebe:calledElement processId="q" businessId="b"/>'), "camunda8"),
    # -- words of Camunda 7
    "camunda:formField validation": Refused(
        "form-reference",
        '<bpmn:userTask id="a"><bpmn:extensionElements><camunda:formData><camunda:formField id="f" type="string"><camunda:validation>'
        '<camunda:constraint name="required"/></camunda:validation></camunda:formField></camunda:formData></bpmn:extensionElements></bpmn:userTask>',
        "camunda7",
    ),
    "userTask without zeebe:userTask": Refused("user-task-implementation", '<bpmn:userTask id="a"/>', "camunda8"),
}  # fmt: skip
"""By name. A row of the coverage page says `!name`."""
