"""The Camunda 8 dialect's words: the zeebe schema of Camunda 8.9, as far as it is carried out."""

from __future__ import annotations

from engine.parsing.elements import ZEEBE, Tag, tag
from engine.parsing.survey import Vocabulary

_TAGS: dict[str, Tag] = {
    "taskDefinition": tag("作业定义", "type retries"),
    "taskHeaders": tag("作业标头", "", "header"),
    "header": tag("标头", "id key value"),
    "ioMapping": tag("输入输出映射", "", "input output"),
    "input": tag("输入映射", "source target"),
    "output": tag("输出映射", "source target"),
    "properties": tag("扩展属性", "", "property"),
    "property": tag("扩展属性项", "id name value"),
    "executionListeners": tag("执行监听器组", "", "executionListener"),
    "executionListener": tag("执行监听器", "eventType type retries", "taskHeaders"),
    "taskListeners": tag("任务监听器组", "", "taskListener"),
    "taskListener": tag("任务监听器", "eventType type retries", "taskHeaders"),
    "userTask": tag("用户任务实现"),
    "assignmentDefinition": tag("分派", "assignee candidateUsers candidateGroups"),
    "taskSchedule": tag("任务日期", "dueDate followUpDate"),
    "priorityDefinition": tag("优先级", "priority"),
    "formDefinition": tag("表单引用", "formId bindingType versionTag externalReference"),
    "script": tag("FEEL 脚本", "expression resultVariable"),
    "calledDecision": tag("被调用的决策", "decisionId resultVariable bindingType versionTag"),
    "calledElement": tag(
        "被调用的流程",
        "processId bindingType versionTag propagateAllChildVariables propagateAllParentVariables",
    ),
    "loopCharacteristics": tag("多实例集合", "inputCollection inputElement outputCollection outputElement"),
    "subscription": tag("消息订阅", "correlationKey"),
    "versionTag": tag("版本标签", "value"),
    "adHoc": tag("即席子流程设定", "activeElementsCollection"),
    "conditionalFilter": tag(
        "条件变量", "variableNames", fixed={"variableEvents": ("create, update", "create,update")}
    ),
}

_MAPPED = "ioMapping executionListeners properties"
_JOB = f"taskDefinition taskHeaders {_MAPPED}"
_DRAWN = (
    "collaboration participant messageFlow lane textAnnotation association group dataObject dataObjectReference "
    "dataStoreReference sequenceFlow"
)
_EXTENSIONS: dict[str, str] = {
    **dict.fromkeys(_DRAWN.split(), "properties"),
    "message": "subscription",
    "process": "executionListeners properties versionTag",
    "subProcess": _MAPPED,
    "transaction": _MAPPED,
    "adHocSubProcess": f"adHoc {_MAPPED}",
    "task": "executionListeners properties",
    "manualTask": "executionListeners properties",
    "userTask": f"userTask assignmentDefinition taskSchedule priorityDefinition formDefinition taskListeners {_MAPPED}",
    "serviceTask": _JOB,
    "sendTask": _JOB,
    "receiveTask": _MAPPED,
    "scriptTask": f"script {_JOB}",
    "businessRuleTask": f"calledDecision {_JOB}",
    "callActivity": f"calledElement {_MAPPED}",
    "multiInstanceLoopCharacteristics": "loopCharacteristics",
    "exclusiveGateway": "executionListeners properties",
    "parallelGateway": "executionListeners properties",
    "inclusiveGateway": "executionListeners properties",
    "eventBasedGateway": "executionListeners properties",
    "complexGateway": "executionListeners properties",
    "startEvent": f"formDefinition {_MAPPED}",
    "intermediateCatchEvent": _MAPPED,
    "boundaryEvent": _MAPPED,
    "intermediateThrowEvent": _JOB,
    "endEvent": _JOB,
    # A thrown message may carry its job on the event (as the Modeler writes it) or on the definition.
    "messageEventDefinition": "taskDefinition taskHeaders",
    "conditionalEventDefinition": "conditionalFilter",
}

CAMUNDA_8_WORDS = Vocabulary(
    prefix="zeebe",
    namespaces=frozenset({ZEEBE}),
    tags=_TAGS,
    extensions={name: frozenset(words.split()) for name, words in _EXTENSIONS.items()},
    everywhere=frozenset({"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}),
)
