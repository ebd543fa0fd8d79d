"""Refuses what a file says wrongly of data: types that differ, associations that lead nowhere.

Data objects, item definitions and service interfaces are drawn for people; variables carry what runs. What is kept for
people has to be sound all the same, or the diagram tells them something else than it does (BPMN 2.0, 10.4 and 8.4).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.parsing.elements import BPMN, children, chinese_name, comments_removed, local
from engine.parsing.reading import Reading
from engine.xml import Node

_EMBEDDED = frozenset({"subProcess", "transaction", "adHocSubProcess"})
_AWARE = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "dataInput", "dataOutput", "property"})
_TYPED = ("dataObject", "dataInput", "dataOutput")
_REFERENCES: Mapping[str, str] = {
    "interfaceRef": "interface",
    "supportedInterfaceRef": "interface",
    "operationRef": "operation",
    "inMessageRef": "message",
    "outMessageRef": "message",
}
_CARRIED: Mapping[str, tuple[str, str]] = {
    "messageEventDefinition": ("messageRef", "itemRef"),
    "signalEventDefinition": ("signalRef", "structureRef"),
    "errorEventDefinition": ("errorRef", "structureRef"),
    "escalationEventDefinition": ("escalationRef", "structureRef"),
}


def check(reading: Reading, root: Node) -> None:
    """Compare what a file says about its data, its data associations and its service interfaces."""
    for tag, wanted in _REFERENCES.items():
        for node in root.iter(f"{{{BPMN}}}{tag}"):
            _reference(reading, node, wanted)
    for node in root.iter(f"{{{BPMN}}}operation"):
        for error in children(node, "errorRef"):
            _reference(reading, error, "error")
    for node in root.iter(*(f"{{{BPMN}}}{tag}" for tag in _TYPED)):
        _collection(reading, node)
    for node in root.iter(f"{{{BPMN}}}ioSpecification"):
        _place(reading, node)
    for node in root.iter(f"{{{BPMN}}}dataInputAssociation", f"{{{BPMN}}}dataOutputAssociation"):
        _association(reading, node)
    for definition in root.iter(*(f"{{{BPMN}}}{tag}" for tag in _CARRIED)):
        _payload(reading, definition)


def _find(reading: Reading, name: str) -> Node | None:
    name = name.strip()
    return reading.ids.get(name, reading.ids.get(name.rpartition(":")[2]))


def _reference(reading: Reading, node: Node, wanted: str) -> None:
    name = comments_removed(node)
    found = _find(reading, name)
    if found is None or local(found) != wanted:
        reading.report.refuse(
            "undefined-reference",
            node,
            f"{local(node)} 所指的{chinese_name(wanted)}“{name}”在文件中没有定义。",
            f"The {wanted} '{name}' that {local(node)} refers to is not defined in the file.",
        )


def _item(reading: Reading, node: Node | None, attribute: str = "itemSubjectRef") -> Node | None:
    """The item definition of something that carries data; a reference to a data object has the object's."""
    if node is None:
        return None
    for name in ("dataObjectRef", "dataStoreRef"):
        if node.get(name):
            return _item(reading, _find(reading, node.get(name, "")))
    found = _find(reading, node.get(attribute) or "")
    return found if found is not None and local(found) == "itemDefinition" else None


def _differ(one: Node | None, other: Node | None) -> bool:
    return one is not None and other is not None and one.get("structureRef") != other.get("structureRef")


def _collection(reading: Reading, node: Node) -> None:
    """`isCollection` of data agrees with its item definition (tables 10.51, 10.59 and 10.60)."""
    item = _item(reading, node)
    if item is None:
        return
    said, defined = (n.get("isCollection", "false").strip() in {"true", "1"} for n in (node, item))
    if said != defined:
        reading.report.refuse(
            "data-type",
            node,
            f"“{chinese_name(local(node))}”是否为集合(isCollection)与它的数据类型“{item.get('id')}”不一致。",
            f"The {local(node)} and its item definition '{item.get('id')}' disagree on isCollection.",
        )


def _place(reading: Reading, node: Node) -> None:
    owner = node.getparent()
    if owner is not None and local(owner) in _EMBEDDED:
        reading.report.refuse(
            "data-association",
            node,
            "嵌入的子流程没有自己的输入输出规格;它直接使用外层的数据。",
            "An embedded sub-process has no input/output specification of its own; it uses the data around it.",
        )


def _association(reading: Reading, node: Node) -> None:
    """Data flows from one piece of data to another, out of an activity or into it (BPMN 2.0, 10.4.2)."""
    sources, targets = children(node, "sourceRef"), children(node, "targetRef")
    if len(sources) > 1:
        reading.report.refuse(
            "data-association",
            node,
            "数据关联只能有一个来源。",
            "A data association has one source.",
        )
    ends = []
    for end in (*sources, *targets):
        found = _find(reading, comments_removed(end))
        ends.append(found)
        if found is None or local(found) not in _AWARE:
            reading.report.refuse(
                "data-association",
                node,
                f"{local(end)} 所指的“{comments_removed(end)}”不是数据。",
                f"'{comments_removed(end)}', which {local(end)} refers to, is no data.",
            )
    for found in ends:
        _direction(reading, node, found)
    if len(ends) == 2 and _differ(_item(reading, ends[0]), _item(reading, ends[1])):
        reading.report.refuse(
            "data-type",
            node,
            "数据关联两端的数据类型不同。",
            "The two ends of the data association have different item definitions.",
        )


def _direction(reading: Reading, node: Node, end: Node | None) -> None:
    """What a process is given is read only, and what it gives is written only."""
    specification = end.getparent() if end is not None else None
    owner = specification.getparent() if specification is not None else None
    if end is None or owner is None or local(owner) != "process":
        return
    wrong = {"dataInputAssociation": "dataOutput", "dataOutputAssociation": "dataInput"}[local(node)]
    if local(end) == wrong:
        reading.report.refuse(
            "data-association",
            node,
            f"数据关联的方向不对:流程的“{chinese_name(wrong)}”不能用在这里。",
            f"The data association goes the wrong way: a {wrong} of the process cannot be used here.",
        )


def _payload(reading: Reading, definition: Node) -> None:
    """The data that an event gives or takes is of the type of what it throws or catches (10.5.1)."""
    event = definition.getparent()
    if event is None or not local(event).endswith("Event"):
        return
    data = children(event, "dataInput", "dataOutput")
    definitions = [child for child in children(event) if local(child).endswith("EventDefinition")]
    if not data:
        return
    if len(definitions) > 1:
        if len(data) != len(definitions) and definition is definitions[0]:
            reading.report.refuse(
                "data-type",
                event,
                f"事件有 {len(definitions)} 个触发条件,却有 {len(data)} 项数据;应当一一对应。",
                f"The event has {len(definitions)} event definitions and {len(data)} data items; there is one for each.",
            )
        if len(data) != len(definitions):
            return
    attribute, typed = _CARRIED[local(definition)]
    carried = _item(reading, _find(reading, definition.get(attribute) or ""), typed)
    if _differ(carried, _item(reading, data[definitions.index(definition)] if len(definitions) > 1 else data[0])):
        reading.report.refuse(
            "data-type",
            event,
            "事件的数据与它抛出或捕获的内容类型不同。",
            "The data of the event has another type than what it throws or catches.",
        )
