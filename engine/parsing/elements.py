"""Every BPMN tag and attribute that is read, and nothing else, whatever the dialect.

Decision 3 of the architecture: nothing is accepted that is not executed. A tag stands in the table because the engine carries
it out, or because it has no effect by its nature and is kept for people (documentation, lanes, participants, data
objects, interfaces, annotations, the drawing itself). What a dialect adds stands in its own vocabulary (`survey`).
Adding something that the engine has learnt means adding a row here and a test that covers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.xml import Node

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA7 = "http://camunda.org/schema/1.0/bpmn"
OPERATON = "http://operaton.org/schema/1.0/bpmn"
ACTIVITI = "http://activiti.org/bpmn"
"""Camunda 7's origin; its engine reads these attributes as its own."""
MODELER = "http://camunda.org/schema/modeler/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Tag:
    """How much of one tag is read.

    `fixed` are attributes that are accepted only with these values, because the engine does what these values say and
    nothing else.
    """

    zh: str
    attributes: frozenset[str] = frozenset()
    fixed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    children: frozenset[str] = frozenset()


def tag(zh: str, attributes: str = "", children: str = "", fixed: Mapping[str, Iterable[str]] | None = None) -> Tag:
    """A row of a table; names are written in one text, parted by spaces."""
    return Tag(
        zh,
        frozenset(attributes.split()),
        {name: frozenset(values) for name, values in (fixed or {}).items()},
        frozenset(children.split()),
    )


_ARTIFACTS = "textAnnotation association group"
_DATA = "dataObject dataObjectReference dataStoreReference property ioSpecification"
_TASKS = (
    "task userTask manualTask serviceTask sendTask receiveTask scriptTask businessRuleTask callActivity subProcess "
    "transaction adHocSubProcess"
)
_GATEWAYS = "exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway"
_EVENTS = "startEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent endEvent"
_SCOPE = f"laneSet sequenceFlow {_TASKS} {_GATEWAYS} {_EVENTS} {_ARTIFACTS} {_DATA}"
_WIRES = "incoming outgoing"
# Associations with data objects are drawn for people; the Modeler adds a placeholder property to draw the arrow.
_DRAWN_DATA = "property dataInputAssociation dataOutputAssociation ioSpecification"
_ACTIVITY = f"{_WIRES} {_DRAWN_DATA} multiInstanceLoopCharacteristics standardLoopCharacteristics"
_ON_ACTIVITY = "name default startQuantity completionQuantity isForCompensation"
_AWAITED = "messageEventDefinition timerEventDefinition signalEventDefinition conditionalEventDefinition"
_CAUGHT = f"{_AWAITED} errorEventDefinition escalationEventDefinition compensateEventDefinition eventDefinitionRef"
_SENT = "messageEventDefinition signalEventDefinition escalationEventDefinition compensateEventDefinition eventDefinitionRef"
_CATCHING = "dataOutputAssociation property dataOutput outputSet"
_THROWING = "dataInputAssociation property dataInput inputSet"

_YES_NO = ("true", "false")
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
        "definitions": tag(
            "定义",
            "name targetNamespace expressionLanguage typeLanguage exporter exporterVersion",
            "process collaboration message signal error escalation category itemDefinition dataStore interface BPMNDiagram "
            f"{_CAUGHT} cancelEventDefinition terminateEventDefinition linkEventDefinition",
        ),
        "itemDefinition": tag("数据类型", "structureRef itemKind isCollection"),
        "dataStore": tag("数据存储", "name capacity isUnlimited itemSubjectRef", "dataState"),
        "dataState": tag("数据状态", "name"),
        "category": tag("类别", "name", "categoryValue"),
        "categoryValue": tag("类别值", "value"),
        "message": tag("消息", "name itemRef"),
        "signal": tag("信号", "name structureRef"),
        "error": tag("错误", "name errorCode structureRef"),
        "escalation": tag("升级", "name escalationCode structureRef"),
        "interface": tag("服务接口", "name implementationRef", "operation"),
        "operation": tag("服务操作", "name implementationRef", "inMessageRef outMessageRef errorRef"),
        "inMessageRef": tag("请求消息引用"),
        "outMessageRef": tag("应答消息引用"),
        "errorRef": tag("错误引用"),
        "interfaceRef": tag("服务接口引用"),
        "supportedInterfaceRef": tag("所支持的服务接口引用"),
        "operationRef": tag("服务操作引用"),
        # -- the picture around the processes
        "collaboration": tag("协作", "name", f"participant messageFlow {_ARTIFACTS}", {"isClosed": _YES_NO}),
        "participant": tag("参与者(泳池)", "name processRef", "participantMultiplicity interfaceRef"),
        "participantMultiplicity": tag("参与者数量", "minimum maximum"),
        "messageFlow": tag("消息流", "name sourceRef targetRef messageRef"),
        "laneSet": tag("泳道集", "name", "lane"),
        "lane": tag("泳道", "name partitionElementRef", "flowNodeRef childLaneSet"),
        "childLaneSet": tag("子泳道集", "name", "lane"),
        "flowNodeRef": tag("泳道成员"),
        "textAnnotation": tag("文字注释", "textFormat", "text"),
        "text": tag("注释文字"),
        "association": tag("关联", "sourceRef targetRef associationDirection"),
        "group": tag("分组", "categoryValueRef"),
        "dataObject": tag("数据对象", "name itemSubjectRef isCollection", "dataState"),
        "dataObjectReference": tag("数据对象引用", "name itemSubjectRef dataObjectRef", "dataState"),
        "dataStoreReference": tag("数据存储引用", "name itemSubjectRef dataStoreRef", "dataState"),
        "property": tag("数据属性", "name itemSubjectRef", "dataState"),
        "ioSpecification": tag("输入输出规格", "", "dataInput dataOutput inputSet outputSet"),
        "dataInput": tag("数据输入", "name isCollection itemSubjectRef", "dataState"),
        "dataOutput": tag("数据输出", "name isCollection itemSubjectRef", "dataState"),
        "inputSet": tag("输入集", "name", "dataInputRefs"),
        "outputSet": tag("输出集", "name", "dataOutputRefs"),
        "dataInputRefs": tag("数据输入引用"),
        "dataOutputRefs": tag("数据输出引用"),
        "dataInputAssociation": tag("数据输入关联", "", "sourceRef targetRef"),
        "dataOutputAssociation": tag("数据输出关联", "", "sourceRef targetRef"),
        "sourceRef": tag("来源引用"),
        "targetRef": tag("目标引用"),
        # -- scopes and flows
        "process": tag(
            "流程",
            "name isClosed isExecutable definitionalCollaborationRef",
            f"{_SCOPE} supportedInterfaceRef",
            {"processType": ("None", "Private", "Public")},
        ),
        "subProcess": tag("子流程", f"{_ON_ACTIVITY} triggeredByEvent", f"{_ACTIVITY} {_SCOPE}"),
        "transaction": tag(
            "事务子流程",
            _ON_ACTIVITY,
            f"{_ACTIVITY} {_SCOPE}",
            {"method": ("##Compensate",), "triggeredByEvent": ("false",)},
        ),
        "adHocSubProcess": tag(
            "即席子流程",
            f"{_ON_ACTIVITY} cancelRemainingInstances",
            f"{_ACTIVITY} {_SCOPE} completionCondition",
            {"ordering": ("Parallel", "Sequential"), "triggeredByEvent": ("false",)},
        ),
        "sequenceFlow": tag("顺序流", "name sourceRef targetRef", "conditionExpression", {"isImmediate": ("true",)}),
        "conditionExpression": tag("条件表达式", fixed=_EXPRESSION),
        "incoming": tag("流入"),
        "outgoing": tag("流出"),
        # -- activities
        "task": tag("任务", _ON_ACTIVITY, _ACTIVITY),
        "manualTask": tag("手工任务", _ON_ACTIVITY, _ACTIVITY),
        "userTask": tag("用户任务", _ON_ACTIVITY, _ACTIVITY, _UNSPECIFIED),
        "serviceTask": tag("服务任务", f"{_ON_ACTIVITY} operationRef", _ACTIVITY, _UNSPECIFIED),
        "sendTask": tag("发送任务", f"{_ON_ACTIVITY} messageRef operationRef", _ACTIVITY, _UNSPECIFIED),
        "receiveTask": tag(
            "接收任务", f"{_ON_ACTIVITY} messageRef operationRef", _ACTIVITY, _UNSPECIFIED | {"instantiate": _YES_NO}
        ),
        "scriptTask": tag("脚本任务", _ON_ACTIVITY, _ACTIVITY, {"scriptFormat": _FEEL}),
        "businessRuleTask": tag("业务规则任务", _ON_ACTIVITY, _ACTIVITY, _UNSPECIFIED),
        "callActivity": tag("调用活动", _ON_ACTIVITY, _ACTIVITY),
        "multiInstanceLoopCharacteristics": tag(
            "多实例",
            "isSequential noneBehaviorEventRef oneBehaviorEventRef",
            "loopCardinality completionCondition complexBehaviorDefinition",
            {"behavior": ("All", "None", "One", "Complex")},
        ),
        "loopCardinality": tag("循环次数", fixed=_EXPRESSION),
        "completionCondition": tag("完成条件", fixed=_EXPRESSION),
        "complexBehaviorDefinition": tag("复杂行为定义", "", "condition event"),
        "event": tag("隐式抛出事件", "name", f"{_SENT} errorEventDefinition"),
        "standardLoopCharacteristics": tag("标准循环", "testBefore loopMaximum", "loopCondition"),
        "loopCondition": tag("循环条件", fixed=_EXPRESSION),
        # -- gateways
        "exclusiveGateway": tag("排他网关", "name default gatewayDirection", _WIRES),
        "parallelGateway": tag("并行网关", "name gatewayDirection", _WIRES),
        "inclusiveGateway": tag("包容网关", "name default gatewayDirection", _WIRES),
        "complexGateway": tag("复杂网关", "name default gatewayDirection", f"{_WIRES} activationCondition"),
        "activationCondition": tag("激活条件", fixed=_EXPRESSION),
        "eventBasedGateway": tag(
            "基于事件的网关",
            "name gatewayDirection",
            _WIRES,
            {"instantiate": _YES_NO, "eventGatewayType": ("Exclusive",)},
        ),
        # -- events
        "startEvent": tag(
            "开始事件", "name isInterrupting", f"{_WIRES} {_CAUGHT} {_CATCHING}", {"parallelMultiple": _YES_NO}
        ),
        "intermediateCatchEvent": tag(
            "中间捕获事件",
            "name",
            f"{_WIRES} {_AWAITED} linkEventDefinition eventDefinitionRef {_CATCHING}",
            {"parallelMultiple": _YES_NO},
        ),
        "boundaryEvent": tag(
            "边界事件",
            "name attachedToRef cancelActivity",
            f"{_WIRES} {_CAUGHT} cancelEventDefinition {_CATCHING}",
            {"parallelMultiple": _YES_NO},
        ),
        "intermediateThrowEvent": tag("中间抛出事件", "name", f"{_WIRES} {_SENT} linkEventDefinition {_THROWING}"),
        "endEvent": tag(
            "结束事件",
            "name",
            f"{_WIRES} {_SENT} errorEventDefinition cancelEventDefinition terminateEventDefinition {_THROWING}",
        ),
        "eventDefinitionRef": tag("事件定义引用"),
        "messageEventDefinition": tag("消息事件定义", "messageRef", "operationRef"),
        "timerEventDefinition": tag("定时事件定义", "", "timeDate timeDuration timeCycle"),
        "timeDate": tag("时间点", fixed=_EXPRESSION),
        "timeDuration": tag("时长", fixed=_EXPRESSION),
        "timeCycle": tag("周期", fixed=_EXPRESSION),
        "signalEventDefinition": tag("信号事件定义", "signalRef"),
        "errorEventDefinition": tag("错误事件定义", "errorRef"),
        "escalationEventDefinition": tag("升级事件定义", "escalationRef"),
        "compensateEventDefinition": tag("补偿事件定义", "activityRef waitForCompletion"),
        "cancelEventDefinition": tag("取消事件定义"),
        "linkEventDefinition": tag("链接事件定义", "name", "source target"),
        "source": tag("链接的来源"),
        "target": tag("链接的去向"),
        "conditionalEventDefinition": tag("条件事件定义", "", "condition"),
        "condition": tag("条件", fixed=_EXPRESSION),
        "terminateEventDefinition": tag("终止事件定义"),
    }
)

# Names for what BPMN knows and the engine does not carry out, so that a refusal reads as a sentence.
_KNOWN_BUT_REFUSED: Mapping[str, str] = MappingProxyType(
    {
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
        "ioBinding": "输入输出绑定",
        "script": "脚本",
        "correlationProperty": "关联属性",
        "correlationSubscription": "关联订阅",
        "potentialOwner": "潜在责任人",
        "humanPerformer": "执行人",
        "performer": "执行者",
        "resourceRole": "资源角色",
        "rendering": "界面呈现",
        "import": "外部定义引入",
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


def comments_removed(node: Node) -> str:
    """The text of an element as one would read it: comments inside it do not count."""
    parts = [node.text or ""]
    parts.extend(child.tail or "" for child in node if not is_element(child))
    return "".join(parts).strip()
