"""Draws a plan as the BPMN file that the engine is given (Camunda 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model import Resource
from tests.engine.diagrams import Body, inputs, outputs, resource
from tests.random.plan import Loop, Model, Node, Process, Term


def files(model: Model) -> list[Resource]:
    """The files of a model, which are deployed together."""
    return [draw(process) for process in model.processes]


def draw(process: Process) -> Resource:
    """The BPMN file of one process."""
    return resource(_body(process, process.id), process.id)


def _body(process: Process, scope: str) -> Body:
    body = Body()
    for node in process.inside(scope):
        _draw_node(body, process, node)
    for flow in process.flows():
        if process.nodes[flow.source].scope == scope:
            body.flow(f"{flow.source} -> {flow.target}", None if flow.test is None else flow.test.feel(), flow.id)
    return body


def _draw_node(body: Body, process: Process, node: Node) -> None:  # noqa: C901 - one case for each kind
    more: dict[str, Any] = {"default": node.default}
    if node.listeners:
        more["ext"] = _listeners(node)
    mapping = inputs(**_texts(node.inputs)) + outputs(**_texts(node.outputs))
    if mapping:
        more["io"] = mapping
    if node.loop is not None:
        more["loop"] = _loop(body, node.loop)
    if node.rounds is not None:
        more["loop"] = body.again(node.rounds.test.feel(), most=node.rounds.most, before=node.rounds.before)
    if node.undoes:
        more["isForCompensation"] = "true"
    if node.trigger == "parallelMultiple":
        more["parallelMultiple"] = "true"
    match node.kind:
        case "userTask":
            body.user(node.id, **more)
        case "serviceTask":
            body.service(node.id, f"work-{node.id}", **more)
        case "scriptTask":
            assert node.script is not None
            body.script(node.id, node.script[1].feel(), node.script[0], **more)
        case "receiveTask":
            body.node(node.kind, node.id, messageRef=body.message_id(str(node.name)), **more)
        case "callActivity":
            assert node.called is not None
            body.call(node.id, node.called, child=node.gives_all, parent=node.passes_all, **more)
        case "subProcess":
            body.sub(node.id, _body(process, node.id), **more)
        case "sendTask":
            body.node(node.kind, node.id, messageRef=body.message_id(str(node.name)), **more)
        case "transaction":
            body.transaction(node.id, _body(process, node.id), **more)
        case "adHocSubProcess":
            body.ad_hoc(
                node.id, _body(process, node.id), until=None if node.until is None else node.until.feel(),
                cancelRemainingInstances=str(node.cancels).lower(), ordering="Sequential" if node.in_order else "Parallel", **more,
            )  # fmt: skip
        case "eventSubProcess":
            body.sub(node.id, _body(process, node.id), on_event=True)
        case "boundaryEvent":
            assert node.host is not None
            body.boundary(node.id, node.host, _event(body, node), interrupting=node.interrupting, **more)
        case "startEvent" if not node.interrupting:
            body.start(node.id, _event(body, node), isInterrupting="false", **more)
        case "startEvent" if node.scope == process.id:
            body.start(node.id, _event(body, node, keyed=False), **more)
        case "complexGateway" if node.enough is not None:
            condition = f"<bpmn:activationCondition>{_escaped(node.enough.feel())}</bpmn:activationCondition>"
            body.node(node.kind, node.id, condition, **more)
        case _:
            body.node(node.kind, node.id, _event(body, node), **more)

    if node.undone_by is not None:
        body.undone_by(node.id, node.undone_by)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _listeners(node: Node) -> str:
    found = "".join(f'<zeebe:executionListener eventType="{when}" type="{when}-{node.id}"/>' for when in node.listeners)
    return f"<zeebe:executionListeners>{found}</zeebe:executionListeners>"


def _texts(terms: Mapping[str, Term]) -> dict[str, str]:
    return {name: term.feel() for name, term in terms.items()}


def _loop(body: Body, loop: Loop) -> str:
    return body.many(
        loop.feel(), sequential=loop.sequential, item=loop.element, out=loop.out,
        element=None if loop.result is None else loop.result.feel(), until=None if loop.until is None else loop.until.feel(),
    )  # fmt: skip


def _event(body: Body, node: Node, *, keyed: bool = True) -> str:
    """The event definitions of an element; a message that starts a process has no key (`keyed` false)."""
    return "".join(_definition(body, part, keyed) for part in node.triggers)


def _definition(body: Body, node: Node, keyed: bool) -> str:  # noqa: C901 - one case for each trigger
    match node.trigger:
        case "timer":
            span = f"PT{node.hours}H"
            if node.times is None:
                return body.timer("timeDuration", span)
            return body.timer("timeCycle", f"R{node.times or ''}/{span}")
        case "message":
            return body.message(str(node.name), "=key" if keyed else None)
        case "signal":
            return body.signal(str(node.name))
        case "error":
            return body.error(node.name)
        case "conditional":
            assert node.test is not None
            return body.condition(node.test.feel())
        case "escalation":
            return body.escalation(node.name)
        case "link":
            return body.link(str(node.name))
        case "compensation" if node.kind in {"endEvent", "intermediateThrowEvent"}:
            return body.compensate(node.activity, waits=node.waits)
        case "compensation":
            return body.compensate()
        case "cancel":
            return body.cancel
        case "terminate":
            return body.terminate
        case _:
            return ""
