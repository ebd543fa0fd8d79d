"""Refuses a file that contradicts itself: things said twice in the XML, and differently.

BPMN writes a flow at three places (the flow, its source, its target), lets gateways state their direction, and ties
the drawing to the processes by references. The records keep one of each; here the others are compared with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from engine.parsing import consistency_data
from engine.parsing.camunda8_place import extension
from engine.parsing.elements import BPMN, BPMN_TAGS, children, chinese_name, local
from engine.parsing.reading import Reading
from engine.parsing.records import ElementKind, ProcessModel, Trigger
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
    begun_by_events = {name: model for name, model in processes.items() if _is_begun_by_events(model)}
    for model in processes.values() if begun_by_events else ():
        _calls(reading, model, begun_by_events)
    _drawing(reading, root)
    _message_flows(reading, root)
    _text_formats(reading, root)
    consistency_data.check(reading, root)


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
    if process.get("processType", "None").strip() == "Public":
        reading.report.refuse(
            "process-type",
            process,
            "公共流程(processType=Public)只是对外的视图,不能执行。请设为 Private,或取消“可执行”。",
            "A public process (processType) is a view for others and not carried out. Make it private or not executable.",
        )
    listed: defaultdict[str, set[str]] = defaultdict(set)
    for node in process.iter(f"{{{BPMN}}}*"):
        element = model.elements.get(node.get("id", ""))
        if element is None:
            continue
        _wires(reading, node, model, listed)
        if element.kind.value.endswith("Gateway"):
            _direction(reading, node, len(element.incoming), len(element.outgoing))
        loops = children(node, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
        if len(loops) > 1:
            reading.report.refuse(
                "loop-characteristics",
                node,
                "一个活动只能有一种循环:标准循环或多实例。",
                "An activity has one kind of loop: a standard loop or multi-instance.",
            )
        for loop in loops:
            if children(loop, "complexBehaviorDefinition") and loop.get("behavior", "All").strip() != "Complex":
                reading.report.refuse(
                    "loop-behaviour",
                    node,
                    "写了复杂行为(complexBehaviorDefinition),多实例的行为(behavior)却不是 Complex。",
                    "There is a complexBehaviorDefinition, and the behaviour of the multi-instance activity is not Complex.",
                )
        if element.kind is ElementKind.EVENT_SUB_PROCESS and loops:
            reading.report.refuse(
                "event-sub-process-loop",
                node,
                "事件子流程不能循环,也不能设为多实例。",
                "An event sub-process is neither a loop nor multi-instance.",
            )
        _headers(reading, node)
    for flow in process.iter(f"{{{BPMN}}}sequenceFlow"):
        _listed_at_both_ends(reading, flow, listed[flow.get("id", "")])


def _calls(reading: Reading, model: ProcessModel, begun_by_events: Mapping[str, ProcessModel]) -> None:
    """A process of the same file that is called can be begun by a call: not by events alone (BPMN 2.0, 10.5.2)."""
    for element in model.elements.values():
        called = begun_by_events.get(element.called.process_id.literal or "") if element.called is not None else None
        node = reading.ids.get(element.id)
        if called is not None and node is not None:
            reading.report.refuse(
                "called-element",
                node,
                f"被调用的流程“{called.name or called.id}”只由事件启动,没有无触发条件的开始事件。",
                f"The called process '{called.name or called.id}' is started by events alone; it has no plain start event.",
            )


def _is_begun_by_events(model: ProcessModel) -> bool:
    starts = [start for start in model.children(model.id) if start.kind is ElementKind.START_EVENT]
    return bool(starts) and all(start.event.trigger is not Trigger.NONE for start in starts)


def _listed_at_both_ends(reading: Reading, flow: Node, at: set[str]) -> None:
    """A file may leave the lists of flows out, as people do who write by hand; half of a list contradicts itself."""
    if len(at) == 1:
        missing = "outgoing" if at == {"incoming"} else "incoming"
        reading.report.refuse(
            "flow-contradiction",
            flow,
            f"只有一端列出了这条顺序流,另一端的{chinese_name(missing)}({missing})中没有它。",
            f"One end of the flow lists it, and it is missing in '{missing}' of the other.",
        )


def _wires(reading: Reading, node: Node, model: ProcessModel, listed: defaultdict[str, set[str]]) -> None:
    """`incoming` and `outgoing` of an element name flows that do end here and begin here."""
    for wire in children(node, *_ENDS):
        name, end = (wire.text or "").strip(), _ENDS[local(wire)]
        found = resolve(reading, name)
        if found is not None:
            listed[found.get("id", "")].add(local(wire))
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


# Who sends along a message flow and who receives (BPMN 2.0, table 7.4); of events those of messages and plain ones.
_SENDING_EVENTS = frozenset({"endEvent", "intermediateThrowEvent"})
_RECEIVING_EVENTS = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})


def _message_flows(reading: Reading, root: Node) -> None:
    """A message flow leads from one pool to another, from what sends to what receives."""
    pools = _pools(root)
    for flow in root.iter(f"{{{BPMN}}}messageFlow"):
        ends = [resolve(reading, (flow.get(attribute) or "").strip()) for attribute in ("sourceRef", "targetRef")]
        source, target = ends
        if source is None or target is None:
            continue
        inside = [_pool(end, pools) for end in ends if end is not None]
        if inside[0] is not None and inside[0] == inside[1]:
            reading.report.refuse(
                "message-flow",
                flow,
                "消息流只能连接不同的泳池;同一泳池之内请用顺序流。",
                "A message flow connects different pools; within a pool there are sequence flows.",
            )
        if local(source) in _RECEIVING_EVENTS or local(target) in _SENDING_EVENTS:
            reading.report.refuse(
                "message-flow",
                flow,
                "消息流从抛出事件、活动或泳池出发,到捕获事件、活动或泳池为止;方向画反了。",
                "A message flow begins at a throwing event, an activity or a pool and ends at a catching event, an activity or "
                "a pool; this one is drawn the other way round.",
            )


def _pools(root: Node) -> dict[str, str]:
    """The pool of each process; a process without one is its own."""
    named = {p.get("processRef", "").rpartition(":")[2]: p.get("id", "") for p in root.iter(f"{{{BPMN}}}participant")}
    return {p.get("id", ""): named.get(p.get("id", ""), p.get("id", "")) for p in children(root, "process")}


def _pool(end: Node, pools: Mapping[str, str]) -> str | None:
    if local(end) == "participant":
        return end.get("id")
    for owner in end.iterancestors(f"{{{BPMN}}}process"):
        return pools.get(owner.get("id", ""))
    return None


_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")


def _text_formats(reading: Reading, root: Node) -> None:
    """The format of a documentation or annotation is a media type (BPMN 2.0, tables 8.5 and 8.20)."""
    for node in root.iter(f"{{{BPMN}}}documentation", f"{{{BPMN}}}textAnnotation"):
        written = node.get("textFormat")
        if written is not None and not _MEDIA_TYPE.fullmatch(written.strip()):
            reading.report.refuse(
                "text-format",
                node,
                f"文字格式(textFormat)“{written}”不是媒体类型,例如 text/plain。",
                f"The text format '{written}' is no media type such as text/plain.",
            )


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
