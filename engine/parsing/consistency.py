"""Refuses a file that contradicts itself: things said twice in the XML, and differently.

BPMN writes a flow at three places (the flow, its source, its target), lets gateways state their direction, and ties
the drawing to the processes by references. The records keep one of each; here the others are compared with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.parsing.camunda8 import Reading, extension
from engine.parsing.elements import BPMN, BPMN_TAGS, children, chinese_name, local
from engine.parsing.records import ElementKind, ProcessModel
from engine.xml import Node

_ENDS = {"incoming": "targetRef", "outgoing": "sourceRef"}
# References that only draw: a broken one changes nothing that is carried out.
_DRAWN: Mapping[str, tuple[str, ...]] = {
    "association": ("sourceRef", "targetRef"),
    "messageFlow": ("sourceRef", "targetRef"),
}


def check(reading: Reading, root: Node, processes: Mapping[str, ProcessModel]) -> None:
    """Compare what a file says about its executable processes in several places."""
    for node in root.iter(f"{{{BPMN}}}participant"):
        reference(reading, node, node.get("processRef"), "processRef", "process")
    for process in children(root, "process"):
        model = processes.get(process.get("id", ""))
        if model is not None:
            _process(reading, process, model)
    _drawing(reading, root)


def reference(reading: Reading, node: Node, name: str | None, attribute: str, tag: str) -> None:
    """An optional reference to an element of this kind has to lead to one."""
    name = (name or "").strip()
    if not name:
        return
    found = resolve(reading, name)
    if found is None or local(found) != tag:
        reading.report.refuse(
            "undefined-reference",
            node,
            f"{attribute} 所指的{chinese_name(tag)}“{name}”在文件中没有定义。",
            f"The {tag} '{name}' that {attribute} refers to is not defined in the file.",
        )


def resolve(reading: Reading, name: str) -> Node | None:
    """The element that a qualified name means; files of one namespace write the prefix or leave it out."""
    return reading.ids.get(name, reading.ids.get(name.rpartition(":")[2]))


def _process(reading: Reading, process: Node, model: ProcessModel) -> None:
    for node in process.iter(f"{{{BPMN}}}*"):
        element = model.elements.get(node.get("id", ""))
        if element is None:
            continue
        _wires(reading, node, model)
        if element.kind.value.endswith("Gateway"):
            _direction(reading, node, len(element.incoming), len(element.outgoing))
        if element.kind is ElementKind.EVENT_SUB_PROCESS and children(node, "multiInstanceLoopCharacteristics"):
            reading.report.refuse(
                "event-sub-process-loop",
                node,
                "事件子流程不能设为多实例。",
                "An event sub-process cannot be multi-instance.",
            )
        _headers(reading, node)


def _wires(reading: Reading, node: Node, model: ProcessModel) -> None:
    """`incoming` and `outgoing` of an element name flows that do end here and begin here."""
    for wire in children(node, *_ENDS):
        name, end = (wire.text or "").strip(), _ENDS[local(wire)]
        found = resolve(reading, name)
        if found is None or local(found) != "sequenceFlow":
            reading.report.refuse(
                "undefined-reference",
                wire,
                f"{chinese_name(local(wire))}({local(wire)})所指的顺序流“{name}”在文件中没有定义。",
                f"The sequence flow '{name}' that '{local(wire)}' refers to is not defined in the file.",
            )
        elif found.get(end) != node.get("id") and found.get("id") in model.flows:
            reading.report.refuse(
                "flow-contradiction",
                wire,
                f"这里写着顺序流“{name}”的{chinese_name(local(wire))},该顺序流的 {end} 却是“{found.get(end)}”。",
                f"'{local(wire)}' names the flow '{name}', but {end} of that flow is '{found.get(end)}'.",
            )


def _direction(reading: Reading, node: Node, incoming: int, outgoing: int) -> None:
    direction = node.get("gatewayDirection", "Unspecified")
    contradicted = {
        "Converging": outgoing > 1,
        "Diverging": incoming > 1,
        "Mixed": incoming < 2 or outgoing < 2,
        "Unspecified": False,
    }
    if contradicted.get(direction, True):
        reading.report.refuse(
            "gateway-direction",
            node,
            f"网关的方向(gatewayDirection)写作“{direction}”,与它的 {incoming} 条流入、{outgoing} 条流出不符。",
            f"The gateway's direction is '{direction}', which its {incoming} incoming and {outgoing} outgoing flows contradict.",
        )


def _headers(reading: Reading, node: Node) -> None:
    """Headers are handed to a worker; without a job there is none."""
    for place in (node, *children(node, "messageEventDefinition")):
        headers = extension(place, "taskHeaders")
        if headers is not None and extension(place, "taskDefinition") is None:
            reading.report.refuse(
                "task-headers",
                headers,
                "标头(zeebe:taskHeaders)交给作业的执行程序,此处却没有作业定义(zeebe:taskDefinition)。",
                "Headers (zeebe:taskHeaders) are for the worker of a job, and there is no job here (zeebe:taskDefinition).",
            )


def _drawing(reading: Reading, root: Node) -> None:
    for tag, attributes in _DRAWN.items():
        for node in root.iter(f"{{{BPMN}}}{tag}"):
            for attribute in attributes:
                _warn_if_broken(reading, node, attribute, node.get(attribute))
    for node in root.iter(f"{{{BPMN}}}flowNodeRef"):
        _warn_if_broken(reading, node, "flowNodeRef", node.text)


def _warn_if_broken(reading: Reading, node: Node, attribute: str, name: str | None) -> None:
    name = (name or "").strip()
    if resolve(reading, name) is None:
        reading.report.warn(
            "broken-drawing",
            node,
            f"{attribute} 所指的“{name}”在文件中没有定义;不影响执行,图上会缺一笔。",
            f"'{name}', which {attribute} refers to, is not defined in the file; nothing changes but the drawing.",
        )


def is_connectable(node: Node) -> bool:
    """Whether a flow may end here for all that the tag says; tags that are refused anyway count as yes."""
    tag = local(node)
    return tag not in BPMN_TAGS or tag in {kind.value for kind in ElementKind}
