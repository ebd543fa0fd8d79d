"""Refuses what a file says wrongly of data: types that differ, associations that lead nowhere.

Data objects, item definitions and service interfaces are drawn for people; variables carry what runs. What is kept for
people has to be sound all the same, or the diagram tells them something else than it does (BPMN 2.0, 10.4 and 8.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
    for tags, judge in _JUDGES.items():
        for node in root.iter(*(f"{{{BPMN}}}{tag}" for tag in tags)):
            judge(reading, node)


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


def _message(reading: Reading, task: Node) -> None:
    """What a send task gives or a receive task takes is one piece of data, of the message's type (10.3.3)."""
    kind, sets = ("dataInput", "inputSet") if local(task) == "sendTask" else ("dataOutput", "outputSet")
    for specification in children(task, "ioSpecification"):
        data = children(specification, kind)
        if len(data) > 1 or len(children(specification, sets)) > 1:
            reading.report.refuse(
                "data-type",
                task,
                f"消息只有一项内容,这里的“{chinese_name(kind)}”却有几项。",
                f"A message has one content; here are several of {kind} or {sets}.",
            )
        message = _find(reading, task.get("messageRef") or "")
        carried = _item(reading, message, "itemRef") if message is not None else None
        if len(data) == 1 and carried is not None:
            item = _item(reading, data[0])
            if item is None or _differ(item, carried):
                reading.report.refuse(
                    "data-type",
                    task,
                    f"“{chinese_name(kind)}”与消息的数据类型不同。",
                    f"The {kind} and the message have different item definitions.",
                )


def _call(reading: Reading, call: Node) -> None:
    """A call gives and takes what the called process of the file asks for and gives (10.3.6)."""
    process = _find(reading, call.get("calledElement") or "")
    own = children(call, "ioSpecification")
    if process is None or local(process) != "process" or not own:
        return
    asked = children(process, "ioSpecification")
    for kind in ("dataInput", "dataOutput"):
        given = children(own[0], kind)
        wanted = children(asked[0], kind) if asked else []
        pairs = zip(given, wanted, strict=False)
        if len(given) != len(wanted) or any(_differ(_item(reading, a), _item(reading, b)) for a, b in pairs):
            reading.report.refuse(
                "data-type",
                call,
                f"调用活动与被调用流程的“{chinese_name(kind)}”在数量或类型上不一致。",
                f"The call activity and the called process differ in number or type of {kind}.",
            )


def _loop(reading: Reading, loop: Node) -> None:
    """What a loop goes over is data, and its item is one piece of it (10.3.8). Camunda 7 may write a variable's name."""
    for reference in children(loop, "loopDataInputRef"):
        found = _find(reading, comments_removed(reference))
        if found is not None and local(found) not in _AWARE:
            reading.report.refuse(
                "data-association",
                loop,
                f"loopDataInputRef 所指的“{comments_removed(reference)}”不是数据。",
                f"'{comments_removed(reference)}', which loopDataInputRef refers to, is no data.",
            )
        for item in children(loop, "inputDataItem") if found is not None else []:
            one, whole = _item(reading, item), _item(reading, found)
            if one is not None and (_differ(one, whole) or one.get("isCollection", "false").strip() in {"true", "1"}):
                reading.report.refuse(
                    "data-type",
                    loop,
                    "多实例的一项与它的集合类型不同。",
                    "An item of the loop and the collection have different types.",
                )


def _offered(reading: Reading, offered: Node) -> None:
    """A callable element that offers a service interface binds its data to each operation (8.4.3); nothing here serves it."""
    reading.report.refuse(
        "data-association",
        offered,
        "流程声明提供服务接口(supportedInterfaceRef),却没有把数据绑定到它的操作上;此处也不提供这样的服务。请删去。",
        "The process offers a service interface (supportedInterfaceRef) without binding its data to the operations; nothing here "
        "serves it. Remove it.",
    )


_JUDGES: Mapping[tuple[str, ...], Callable[[Reading, Node], None]] = {
    _TYPED: _collection,
    ("ioSpecification",): _place,
    ("dataInputAssociation", "dataOutputAssociation"): _association,
    tuple(_CARRIED): _payload,
    ("sendTask", "receiveTask"): _message,
    ("callActivity",): _call,
    ("multiInstanceLoopCharacteristics",): _loop,
    ("supportedInterfaceRef",): _offered,
}
