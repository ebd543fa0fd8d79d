# ruff: noqa: A001, A002 - `id` and `type` are the words of BPMN
"""Tiny diagrams for tests, written as elements and chains of flows instead of XML."""

from __future__ import annotations

from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

from engine.model import Resource

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="file" targetNamespace="test" '
    'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.9.0">\n'
)


def attributes(**values: object) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in values.items() if value is not None)


def inputs(**mappings: str) -> str:
    return "".join(f"<zeebe:input{attributes(source=source, target=target)}/>" for target, source in mappings.items())


def outputs(**mappings: str) -> str:
    return "".join(f"<zeebe:output{attributes(source=source, target=target)}/>" for target, source in mappings.items())


class Body:
    """What stands inside a process or sub-process; every method adds one element and gives the body back."""

    _numbers = count()

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.refs: list[str] = []
        self._in: dict[str, list[str]] = {}
        self._out: dict[str, list[str]] = {}
        self._flows: list[str] = []

    def node(
        self, tag: str, id: str, inner: str = "", *, ext: str = "", io: str = "", loop: str = "", **attrs: object
    ) -> Body:
        extension = ext + (f"<zeebe:ioMapping>{io}</zeebe:ioMapping>" if io else "")
        if extension:
            extension = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>"
        self.nodes.append(f"<bpmn:{tag}{attributes(id=id, **attrs)}>{extension}\0{id}\0{loop}{inner}</bpmn:{tag}>")
        return self

    def start(self, id: str = "start", inner: str = "", **attrs: object) -> Body:
        return self.node("startEvent", id, inner, **attrs)

    def end(self, id: str = "end", inner: str = "", **attrs: object) -> Body:
        return self.node("endEvent", id, inner, **attrs)

    def user(self, id: str, *, ext: str = "", **attrs: object) -> Body:
        return self.node("userTask", id, ext=f"<zeebe:userTask/>{ext}", name=id, **attrs)

    def service(self, id: str, type: str, *, ext: str = "", retries: object = None, **attrs: object) -> Body:
        return self.node(
            "serviceTask", id, ext=f"<zeebe:taskDefinition{attributes(type=type, retries=retries)}/>{ext}", **attrs
        )

    def script(self, id: str, expression: str, result: str, **attrs: object) -> Body:
        return self.node(
            "scriptTask", id, ext=f"<zeebe:script{attributes(expression=expression, resultVariable=result)}/>", **attrs
        )

    def call(self, id: str, process_id: str, *, child: bool = False, parent: bool = True, **attrs: object) -> Body:
        called = attributes(
            processId=process_id,
            propagateAllChildVariables=str(child).lower(),
            propagateAllParentVariables=str(parent).lower(),
        )
        return self.node("callActivity", id, ext=f"<zeebe:calledElement{called}/>", **attrs)

    def gateway(self, kind: str, id: str, **attrs: object) -> Body:
        return self.node(f"{kind}Gateway", id, **attrs)

    def boundary(self, id: str, host: str, inner: str, *, interrupting: bool = True, **attrs: object) -> Body:
        return self.node(
            "boundaryEvent", id, inner, attachedToRef=host, cancelActivity="true" if interrupting else "false", **attrs
        )

    def catch(self, id: str, inner: str, **attrs: object) -> Body:
        return self.node("intermediateCatchEvent", id, inner, **attrs)

    def throw(self, id: str, inner: str = "", **attrs: object) -> Body:
        return self.node("intermediateThrowEvent", id, inner, **attrs)

    def sub(self, id: str, body: Body, *, on_event: bool = False, **attrs: object) -> Body:
        self.refs += body.refs
        return self.node("subProcess", id, body.xml(), triggeredByEvent="true" if on_event else None, **attrs)

    def timer(self, kind: str, value: str) -> str:
        return f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(value)}</bpmn:{kind}></bpmn:timerEventDefinition>'

    def message(self, name: str, key: str | None = "=key") -> str:
        id = f"m{next(self._numbers)}"
        subscription = (
            ""
            if key is None
            else (
                f"<bpmn:extensionElements><zeebe:subscription{attributes(correlationKey=key)}/></bpmn:extensionElements>"
            )
        )
        self.refs.append(f"<bpmn:message{attributes(id=id, name=name)}>{subscription}</bpmn:message>")
        return f'<bpmn:messageEventDefinition messageRef="{id}"/>'

    def message_id(self, name: str, key: str | None = "=key") -> str:
        return self.message(name, key).split('"')[1]

    def signal(self, name: str) -> str:
        id = f"g{next(self._numbers)}"
        self.refs.append(f"<bpmn:signal{attributes(id=id, name=name)}/>")
        return f'<bpmn:signalEventDefinition signalRef="{id}"/>'

    def error(self, code: str | None = None) -> str:
        if code is None:
            return "<bpmn:errorEventDefinition/>"
        id = f"e{next(self._numbers)}"
        self.refs.append(f"<bpmn:error{attributes(id=id, name=code, errorCode=code)}/>")
        return f'<bpmn:errorEventDefinition errorRef="{id}"/>'

    def condition(self, expression: str) -> str:
        return f'<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">{escape(expression)}</bpmn:condition></bpmn:conditionalEventDefinition>'

    terminate = "<bpmn:terminateEventDefinition/>"
    cancel = "<bpmn:cancelEventDefinition/>"

    def escalation(self, code: str | None = None) -> str:
        if code is None:
            return "<bpmn:escalationEventDefinition/>"
        id = f"x{next(self._numbers)}"
        self.refs.append(f"<bpmn:escalation{attributes(id=id, name=code, escalationCode=code)}/>")
        return f'<bpmn:escalationEventDefinition escalationRef="{id}"/>'

    def compensate(self, activity: str | None = None, *, waits: bool = True) -> str:
        return (
            f"<bpmn:compensateEventDefinition{attributes(activityRef=activity, waitForCompletion=str(waits).lower())}/>"
        )

    def link(self, name: str) -> str:
        return f"<bpmn:linkEventDefinition{attributes(name=name)}/>"

    def undone_by(self, activity: str, handler: str) -> Body:
        """A compensation boundary event at `activity`, tied to `handler` by an association."""
        border = f"undo-{activity}"
        self.boundary(border, activity, self.compensate())
        self._flows.append(
            f"<bpmn:association{attributes(id=f'{border}-to', associationDirection='One', sourceRef=border, targetRef=handler)}/>"
        )
        return self

    def transaction(self, id: str, body: Body, **attrs: object) -> Body:
        self.refs += body.refs
        return self.node("transaction", id, body.xml(), **attrs)

    def ad_hoc(
        self, id: str, body: Body, *, active: str | None = None, until: str | None = None, **attrs: object
    ) -> Body:
        self.refs += body.refs
        ext = "" if active is None else f"<zeebe:adHoc{attributes(activeElementsCollection=active)}/>"
        condition = "" if until is None else f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"
        return self.node("adHocSubProcess", id, body.xml() + condition, ext=ext, **attrs)

    def again(self, condition: str | None = None, *, most: int | None = None, before: bool = False) -> str:
        """A standard loop."""
        inner = "" if condition is None else f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>"
        return (
            f"<bpmn:standardLoopCharacteristics{attributes(loopMaximum=most, testBefore=str(before).lower())}>{inner}"
            "</bpmn:standardLoopCharacteristics>"
        )

    def many(self, collection: str, *, sequential: bool = False, item: str = "item", out: str | None = None,
             element: str | None = None, until: str | None = None) -> str:  # fmt: skip
        characteristics = attributes(
            inputCollection=collection, inputElement=item, outputCollection=out, outputElement=element
        )
        condition = (
            ""
            if until is None
            else (
                f'<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">{escape(until)}</bpmn:completionCondition>'
            )
        )
        return (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><bpmn:extensionElements>'
            f"<zeebe:loopCharacteristics{characteristics}/></bpmn:extensionElements>{condition}"
            "</bpmn:multiInstanceLoopCharacteristics>"
        )

    def flow(self, chain: str, condition: str | None = None, id: str | None = None) -> Body:
        """`"a -> b -> c"`; a condition belongs to the (only) flow of the chain."""
        names = [name.strip() for name in chain.split("->")]
        for source, target in pairwise(names):
            flow = id or f"{source}-{target}"
            self._out.setdefault(source, []).append(flow)
            self._in.setdefault(target, []).append(flow)
            inner = (
                ""
                if condition is None
                else (
                    f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>'
                )
            )
            self._flows.append(
                f"<bpmn:sequenceFlow{attributes(id=flow, sourceRef=source, targetRef=target)}>{inner}</bpmn:sequenceFlow>"
            )
        return self

    def xml(self) -> str:
        placed = []
        for node in self.nodes:
            before, id, after = node.split("\0", 2)
            links = "".join(f"<bpmn:incoming>{flow}</bpmn:incoming>" for flow in self._in.get(id, ()))
            links += "".join(f"<bpmn:outgoing>{flow}</bpmn:outgoing>" for flow in self._out.get(id, ()))
            placed.append(before + links + after)
        return "".join(placed + self._flows)


def resource(body: Body, process_id: str = "p", *, ext: str = "", name: str | None = None) -> Resource:
    """A file with one executable process."""
    extension = f"<bpmn:extensionElements>{ext}</bpmn:extensionElements>" if ext else ""
    process = f"<bpmn:process{attributes(id=process_id, name=process_id, isExecutable='true')}>{extension}{body.xml()}</bpmn:process>"
    text = f"{_HEAD}{''.join(body.refs)}{process}</bpmn:definitions>"
    return Resource(name or f"{process_id}.bpmn", text.encode())
