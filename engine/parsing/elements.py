"""What a file may say: every BPMN and Camunda 8 tag and attribute that is read, and nothing else.

Decision 3 of the architecture: nothing is accepted that is not executed. A tag stands in a table because the engine carries
it out, or because it has no effect by its nature and is kept for people (documentation, lanes, participants, data
objects, annotations, the drawing itself). `survey` walks a document along the tables and refuses the rest by name, so
that a file can never mean more to its author than it does to us.

Adding something that the engine has learnt means adding a row here and a line to `docs/bpmn-coverage.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.parsing.report import Report
from engine.xml import Node

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA7 = "http://camunda.org/schema/1.0/bpmn"
MODELER = "http://camunda.org/schema/modeler/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

# Marks that editors leave for themselves: colours, last position, expected engine.
_EDITOR_NAMESPACES = frozenset(
    {
        MODELER,
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    }
)
_TEMPLATE_ATTRIBUTES = frozenset({"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"})


@dataclass(frozen=True, slots=True)
class Tag:
    """How much of one tag is read.

    `fixed` are attributes that are accepted only with these values, because the engine does what these values say and
    nothing else. `extensions` are the zeebe elements that may stand in its `extensionElements`.
    """

    zh: str
    attributes: frozenset[str] = frozenset()
    fixed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()


def _tag(
    zh: str,
    attributes: str = "",
    children: str = "",
    extensions: str = "",
    fixed: Mapping[str, Iterable[str]] | None = None,
) -> Tag:
    return Tag(
        zh,
        frozenset(attributes.split()),
        {name: frozenset(values) for name, values in (fixed or {}).items()},
        frozenset(children.split()),
        frozenset(extensions.split()),
    )


_ARTIFACTS = "textAnnotation association group"
_DATA = "dataObject dataObjectReference dataStoreReference"
_TASKS = "task userTask manualTask serviceTask sendTask receiveTask scriptTask businessRuleTask callActivity subProcess"
_GATEWAYS = "exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway"
_EVENTS = "startEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent endEvent"
_SCOPE = f"laneSet sequenceFlow {_TASKS} {_GATEWAYS} {_EVENTS} {_ARTIFACTS} {_DATA}"
_WIRES = "incoming outgoing"
# Associations with data objects are drawn for people; the Modeler adds a placeholder property to draw the arrow.
_DRAWN_DATA = "property dataInputAssociation dataOutputAssociation"
_ACTIVITY = f"{_WIRES} {_DRAWN_DATA} multiInstanceLoopCharacteristics"
_MAPPED = "ioMapping executionListeners properties"
_JOB = f"taskDefinition taskHeaders {_MAPPED}"

_ONE: dict[str, tuple[str, ...]] = {
    "startQuantity": ("1",),
    "completionQuantity": ("1",),
    "isForCompensation": ("false",),
}
_UNSPECIFIED: dict[str, tuple[str, ...]] = {"implementation": ("##unspecified", "##WebService")}
_FEEL = (
    "feel",
    "https://www.omg.org/spec/DMN/20191111/FEEL/",
    "https://www.omg.org/spec/DMN/20180521/FEEL/",
    "http://www.omg.org/spec/FEEL/20140401",
)
_EXPRESSION: dict[str, tuple[str, ...]] = {"language": _FEEL}

BPMN_TAGS: Mapping[str, Tag] = MappingProxyType(
    {
        # -- the file and what its diagrams refer to
        "definitions": _tag(
            "定义",
            "name targetNamespace expressionLanguage typeLanguage exporter exporterVersion",
            "process collaboration message signal error escalation category itemDefinition dataStore BPMNDiagram",
        ),
        "itemDefinition": _tag("数据类型", "structureRef itemKind isCollection"),
        "dataStore": _tag("数据存储", "name capacity isUnlimited itemSubjectRef", "dataState"),
        "dataState": _tag("数据状态", "name"),
        "category": _tag("类别", "name", "categoryValue"),
        "categoryValue": _tag("类别值", "value"),
        "message": _tag("消息", "name itemRef", "", "subscription"),
        "signal": _tag("信号", "name structureRef"),
        "error": _tag("错误", "name errorCode structureRef"),
        "escalation": _tag("升级", "name escalationCode structureRef"),
        # -- the picture around the processes
        "collaboration": _tag(
            "协作", "name", f"participant messageFlow {_ARTIFACTS}", "properties", {"isClosed": ("true", "false")}
        ),
        "participant": _tag("参与者(泳池)", "name processRef", "participantMultiplicity", "properties"),
        "participantMultiplicity": _tag("参与者数量", "minimum maximum"),
        "messageFlow": _tag("消息流", "name sourceRef targetRef messageRef", "", "properties"),
        "laneSet": _tag("泳道集", "name", "lane"),
        "lane": _tag("泳道", "name partitionElementRef", "flowNodeRef childLaneSet", "properties"),
        "childLaneSet": _tag("子泳道集", "name", "lane"),
        "flowNodeRef": _tag("泳道成员"),
        "textAnnotation": _tag("文字注释", "textFormat", "text", "properties"),
        "text": _tag("注释文字"),
        "association": _tag("关联", "sourceRef targetRef associationDirection", "", "properties"),
        "group": _tag("分组", "categoryValueRef", "", "properties"),
        "dataObject": _tag("数据对象", "name itemSubjectRef isCollection", "dataState", "properties"),
        "dataObjectReference": _tag("数据对象引用", "name itemSubjectRef dataObjectRef", "dataState", "properties"),
        "dataStoreReference": _tag("数据存储引用", "name itemSubjectRef dataStoreRef", "dataState", "properties"),
        "property": _tag("数据属性", fixed={"name": ("__targetRef_placeholder",)}),
        "dataInputAssociation": _tag("数据输入关联", "", "sourceRef targetRef"),
        "dataOutputAssociation": _tag("数据输出关联", "", "sourceRef targetRef"),
        "sourceRef": _tag("来源引用"),
        "targetRef": _tag("目标引用"),
        # -- scopes and flows
        "process": _tag(
            "流程",
            "name isClosed isExecutable definitionalCollaborationRef",
            _SCOPE,
            "versionTag properties executionListeners",
            {"processType": ("None", "Private")},
        ),
        "subProcess": _tag("子流程", "name default triggeredByEvent", f"{_ACTIVITY} {_SCOPE}", _MAPPED, _ONE),
        "sequenceFlow": _tag(
            "顺序流", "name sourceRef targetRef", "conditionExpression", "properties", {"isImmediate": ("true",)}
        ),
        "conditionExpression": _tag("条件表达式", fixed=_EXPRESSION),
        "incoming": _tag("流入"),
        "outgoing": _tag("流出"),
        # -- activities
        "task": _tag("任务", "name default", _ACTIVITY, "executionListeners properties", _ONE),
        "manualTask": _tag("手工任务", "name default", _ACTIVITY, "executionListeners properties", _ONE),
        "userTask": _tag(
            "用户任务",
            "name default",
            _ACTIVITY,
            f"userTask assignmentDefinition taskSchedule priorityDefinition formDefinition {_MAPPED}",
            _ONE | _UNSPECIFIED,
        ),
        "serviceTask": _tag("服务任务", "name default", _ACTIVITY, _JOB, _ONE | _UNSPECIFIED),
        "sendTask": _tag("发送任务", "name default messageRef", _ACTIVITY, _JOB, _ONE | _UNSPECIFIED),
        "receiveTask": _tag(
            "接收任务",
            "name default messageRef",
            _ACTIVITY,
            _MAPPED,
            _ONE | _UNSPECIFIED | {"instantiate": ("false",)},
        ),
        "scriptTask": _tag("脚本任务", "name default", _ACTIVITY, f"script {_JOB}", _ONE | {"scriptFormat": _FEEL}),
        "businessRuleTask": _tag(
            "业务规则任务", "name default", _ACTIVITY, f"calledDecision {_JOB}", _ONE | _UNSPECIFIED
        ),
        "callActivity": _tag("调用活动", "name default", _ACTIVITY, f"calledElement {_MAPPED}", _ONE),
        "multiInstanceLoopCharacteristics": _tag(
            "多实例", "isSequential", "completionCondition", "loopCharacteristics", {"behavior": ("All",)}
        ),
        "completionCondition": _tag("完成条件", fixed=_EXPRESSION),
        # -- gateways
        "exclusiveGateway": _tag("排他网关", "name default gatewayDirection", _WIRES, "executionListeners properties"),
        "parallelGateway": _tag("并行网关", "name gatewayDirection", _WIRES, "executionListeners properties"),
        "inclusiveGateway": _tag("包容网关", "name default gatewayDirection", _WIRES, "executionListeners properties"),
        "eventBasedGateway": _tag(
            "基于事件的网关",
            "name gatewayDirection",
            _WIRES,
            "executionListeners properties",
            {"instantiate": ("false",), "eventGatewayType": ("Exclusive",)},
        ),
        # -- events
        "startEvent": _tag(
            "开始事件",
            "name isInterrupting",
            f"{_WIRES} messageEventDefinition timerEventDefinition signalEventDefinition errorEventDefinition "
            "conditionalEventDefinition dataOutputAssociation property",
            f"formDefinition {_MAPPED}",
            {"parallelMultiple": ("false",)},
        ),
        "intermediateCatchEvent": _tag(
            "中间捕获事件",
            "name",
            f"{_WIRES} messageEventDefinition timerEventDefinition signalEventDefinition conditionalEventDefinition "
            "dataOutputAssociation property",
            _MAPPED,
            {"parallelMultiple": ("false",)},
        ),
        "boundaryEvent": _tag(
            "边界事件",
            "name attachedToRef cancelActivity",
            f"{_WIRES} messageEventDefinition timerEventDefinition signalEventDefinition errorEventDefinition "
            "conditionalEventDefinition dataOutputAssociation property",
            _MAPPED,
            {"parallelMultiple": ("false",)},
        ),
        "intermediateThrowEvent": _tag(
            "中间抛出事件",
            "name",
            f"{_WIRES} messageEventDefinition signalEventDefinition dataInputAssociation property",
            _JOB,
        ),
        "endEvent": _tag(
            "结束事件",
            "name",
            f"{_WIRES} messageEventDefinition signalEventDefinition errorEventDefinition terminateEventDefinition "
            "dataInputAssociation property",
            _JOB,
        ),
        # A thrown message may carry its job on the event (as the Modeler writes it) or on the definition.
        "messageEventDefinition": _tag("消息事件定义", "messageRef", "", "taskDefinition taskHeaders"),
        "timerEventDefinition": _tag("定时事件定义", "", "timeDate timeDuration timeCycle"),
        "timeDate": _tag("时间点", fixed=_EXPRESSION),
        "timeDuration": _tag("时长", fixed=_EXPRESSION),
        "timeCycle": _tag("周期", fixed=_EXPRESSION),
        "signalEventDefinition": _tag("信号事件定义", "signalRef"),
        "errorEventDefinition": _tag("错误事件定义", "errorRef"),
        "conditionalEventDefinition": _tag("条件事件定义", "", "condition", "conditionalFilter"),
        "condition": _tag("条件", fixed=_EXPRESSION),
        "terminateEventDefinition": _tag("终止事件定义"),
    }
)

ZEEBE_TAGS: Mapping[str, Tag] = MappingProxyType(
    {
        "taskDefinition": _tag("作业定义", "type retries"),
        "taskHeaders": _tag("作业标头", "", "header"),
        "header": _tag("标头", "id key value"),
        "ioMapping": _tag("输入输出映射", "", "input output"),
        "input": _tag("输入映射", "source target"),
        "output": _tag("输出映射", "source target"),
        "properties": _tag("扩展属性", "", "property"),
        "property": _tag("扩展属性项", "id name value"),
        "executionListeners": _tag("执行监听器组", "", "executionListener"),
        "executionListener": _tag("执行监听器", "eventType type retries", "taskHeaders"),
        "userTask": _tag("用户任务实现"),
        "assignmentDefinition": _tag("分派", "assignee candidateUsers candidateGroups"),
        "taskSchedule": _tag("任务日期", "dueDate followUpDate"),
        "priorityDefinition": _tag("优先级", "priority"),
        "formDefinition": _tag("表单引用", "formId bindingType versionTag externalReference"),
        "script": _tag("FEEL 脚本", "expression resultVariable"),
        "calledDecision": _tag("被调用的决策", "decisionId resultVariable bindingType versionTag"),
        "calledElement": _tag(
            "被调用的流程",
            "processId bindingType versionTag propagateAllChildVariables propagateAllParentVariables",
        ),
        "loopCharacteristics": _tag("多实例集合", "inputCollection inputElement outputCollection outputElement"),
        "subscription": _tag("消息订阅", "correlationKey"),
        "versionTag": _tag("版本标签", "value"),
        "conditionalFilter": _tag(
            "条件变量", "variableNames", fixed={"variableEvents": ("create, update", "create,update")}
        ),
    }
)

# Names for what BPMN knows and the engine does not carry out, so that a refusal reads as a sentence.
_KNOWN_BUT_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "complexGateway": "复杂网关",
        "transaction": "事务子流程",
        "adHocSubProcess": "即席子流程",
        "standardLoopCharacteristics": "标准循环",
        "loopCardinality": "循环次数",
        "linkEventDefinition": "链接事件",
        "escalationEventDefinition": "升级事件",
        "compensateEventDefinition": "补偿事件",
        "cancelEventDefinition": "取消事件",
        "globalTask": "全局任务",
        "globalUserTask": "全局用户任务",
        "globalManualTask": "全局手工任务",
        "globalScriptTask": "全局脚本任务",
        "globalBusinessRuleTask": "全局业务规则任务",
        "choreography": "编排",
        "choreographyTask": "编排任务",
        "callChoreography": "编排调用",
        "subChoreography": "子编排",
        "conversation": "会话",
        "globalConversation": "全局会话",
        "implicitThrowEvent": "隐式抛出事件",
        "ioSpecification": "输入输出规格",
        "ioBinding": "输入输出绑定",
        "script": "脚本",
        "eventDefinitionRef": "事件定义引用",
        "correlationProperty": "关联属性",
        "correlationSubscription": "关联订阅",
        "potentialOwner": "潜在责任人",
        "humanPerformer": "执行人",
        "performer": "执行者",
        "resourceRole": "资源角色",
        "rendering": "界面呈现",
        "import": "外部定义引入",
        "interface": "服务接口",
        "auditing": "审计",
        "monitoring": "监控",
    }
)


def chinese_name(tag: str) -> str:
    """The word for a BPMN tag in a Chinese sentence; the tag itself where there is none."""
    known = BPMN_TAGS.get(tag)
    return known.zh if known is not None else _KNOWN_BUT_REFUSED.get(tag, tag)


def split(name: str) -> tuple[str, str]:
    """Namespace and local part of a tag or attribute name as lxml writes it."""
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        return namespace, local
    return "", name


def local(node: Node) -> str:
    """The tag without its namespace."""
    return split(node.tag)[1]


def children(node: Node, *tags: str, namespace: str = BPMN) -> list[Node]:
    """Child elements with one of these local names, in document order; all of the namespace where none is named."""
    return [
        child for child in elements(node) if split(child.tag)[0] == namespace and (not tags or local(child) in tags)
    ]


def elements(node: Node) -> Iterator[Node]:
    """Child elements without comments and processing instructions."""
    return (child for child in node if is_element(child))


def is_element(node: Node) -> bool:
    """Whether this is an element and not a comment or a processing instruction, which lxml hands out alike."""
    tag: object = node.tag
    return isinstance(tag, str)


def is_executable(process: Node) -> bool:
    """Whether a process asks to be deployed (`isExecutable`); without the attribute it does not."""
    return process.get("isExecutable", "false").strip() in {"true", "1"}


def survey(root: Node, report: Report) -> None:
    """Refuse every tag and attribute that stands in no table. Processes that are not executable are not looked into."""
    waiting = [(root, BPMN_TAGS["definitions"])]
    while waiting:
        node, tag = waiting.pop()
        if report.is_full:
            return
        _attributes(node, tag, report)
        for child in elements(node):
            waiting.extend(_child(node, tag, child, report))


def _child(node: Node, tag: Tag, child: Node, report: Report) -> Iterator[tuple[Node, Tag]]:
    """What to look into next below `node`; reports the child if it has no place there."""
    namespace, name = split(child.tag)
    if namespace == BPMN:
        if name == "BPMNDiagram" or (name == "process" and not is_executable(child)):
            return
        if name == "documentation":
            yield child, _DOCUMENTATION
        elif name == "extensionElements":
            yield from _extensions(node, tag, child, report)
        elif name in tag.children:
            yield child, BPMN_TAGS[name]
        else:
            _refuse_child(node, child, report)
    elif namespace == ZEEBE and split(node.tag)[0] == ZEEBE and name in tag.children:
        yield child, ZEEBE_TAGS[name]
    elif namespace == BPMN_DI and name == "BPMNDiagram" and local(node) == "definitions":
        return
    else:
        _refuse_child(node, child, report)


_DOCUMENTATION = _tag("说明", "textFormat")


def _extensions(node: Node, tag: Tag, container: Node, report: Report) -> Iterator[tuple[Node, Tag]]:
    seen: set[str] = set()
    for child in elements(container):
        namespace, name = split(child.tag)
        if namespace in _EDITOR_NAMESPACES:
            continue
        if namespace != ZEEBE or name not in tag.extensions:
            _refuse_child(node, child, report)
            continue
        if name in seen:
            report.refuse(
                "extension-twice",
                child,
                f"“zeebe:{name}”({ZEEBE_TAGS[name].zh})只能出现一次。",
                f"'zeebe:{name}' may stand here only once.",
            )
        seen.add(name)
        yield child, ZEEBE_TAGS[name]


def _refuse_child(node: Node, child: Node, report: Report) -> None:
    namespace, name = split(child.tag)
    parent = local(node)
    inside_zh, inside_en = f"“{chinese_name(parent)}”", f"'{parent}'"
    if namespace == BPMN:
        zh = chinese_name(name)
        label = f"“{zh}”({name})" if zh != name else f"“{name}”"
        report.refuse(
            "unsupported-element",
            child,
            f"{label}在{inside_zh}中不能执行,系统不接受画得出而做不到的内容。",
            f"'{name}' inside {inside_en} is not carried out by this engine.",
        )
        return
    qualified = f"{child.prefix}:{name}" if child.prefix else name
    report.refuse(
        "unsupported-extension",
        child,
        f"扩展元素“{qualified}”在{inside_zh}中不能执行。",
        f"The extension element '{qualified}' is not carried out on {inside_en}.",
    )


def _attributes(node: Node, tag: Tag, report: Report) -> None:
    in_zeebe = split(node.tag)[0] == ZEEBE
    for attribute, value in node.attrib.items():
        namespace, name = split(str(attribute))
        if not namespace:
            if name in tag.attributes or (name == "id" and not in_zeebe):
                continue
            if value.strip() in tag.fixed.get(name, ()):
                continue
            _refuse_attribute(node, name, str(value), name in tag.fixed, report)
        elif (
            namespace in _EDITOR_NAMESPACES
            or namespace == XSI
            or (namespace == ZEEBE and name in _TEMPLATE_ATTRIBUTES and not in_zeebe)
        ):
            continue
        else:
            prefix = next((prefix for prefix, uri in node.nsmap.items() if uri == namespace and prefix), namespace)
            _refuse_attribute(node, f"{prefix}:{name}", str(value), False, report)


def _refuse_attribute(node: Node, name: str, value: str, known: bool, report: Report) -> None:
    owner = local(node)
    zh = ZEEBE_TAGS[owner].zh if split(node.tag)[0] == ZEEBE else chinese_name(owner)
    if known:
        report.refuse(
            "unsupported-attribute",
            node,
            f"“{zh}”的属性 {name} 取值“{value}”时不能执行。",
            f"The attribute {name} of '{owner}' is not carried out with the value '{value}'.",
        )
    else:
        report.refuse(
            "unsupported-attribute",
            node,
            f"“{zh}”的属性 {name} 不能执行。",
            f"The attribute {name} of '{owner}' is not carried out.",
        )


def comments_removed(node: Node) -> str:
    """The text of an element as one would read it: comments inside it do not count."""
    parts = [node.text or ""]
    parts.extend(child.tail or "" for child in node if not is_element(child))
    return "".join(parts).strip()
