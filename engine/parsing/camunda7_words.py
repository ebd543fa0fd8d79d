"""The Camunda 7 dialect's words: the schema of Camunda 7.24, which CIB seven keeps and Operaton repeats under its own name.

What Java carries out there (classes, beans, connectors, scripts, listeners, generated forms) is in the tables too, so that
the reader can refuse it with a sentence that says what to draw instead.
"""

from __future__ import annotations

from engine.parsing.elements import ACTIVITI, CAMUNDA7, OPERATON, Tag, tag
from engine.parsing.survey import Vocabulary

_PARAMETER = "script list map"
_CODE = "class expression delegateExpression"
_TAGS: dict[str, Tag] = {
    "properties": tag("扩展属性", "", "property"),
    "property": tag("扩展属性项", "id name value"),
    "inputOutput": tag("输入输出参数", "", "inputParameter outputParameter"),
    "inputParameter": tag("输入参数", "name", _PARAMETER),
    "outputParameter": tag("输出参数", "name", _PARAMETER),
    "list": tag("列表", "", f"value {_PARAMETER}"),
    "value": tag("值", "id name"),
    "map": tag("映射表", "", "entry"),
    "entry": tag("映射项", "key", _PARAMETER),
    "script": tag("脚本", "scriptFormat resource"),
    "in": tag("传入", "source sourceExpression target variables businessKey local"),
    "out": tag("传回", "source sourceExpression target variables local"),
    "executionListener": tag("执行监听器", f"event {_CODE}", "script field"),
    "taskListener": tag("任务监听器", f"id event {_CODE}", "script field timerEventDefinition"),
    "field": tag("字段注入", "name stringValue expression", "string expression"),
    "string": tag("字段的文本"),
    "expression": tag("字段的表达式"),
    "connector": tag("连接器", "", "connectorId inputOutput"),
    "connectorId": tag("连接器编号"),
    "formData": tag("生成式表单", "businessKey", "formField"),
    "formField": tag("生成式表单的字段", "id label type datePattern defaultValue", "properties validation value"),
    "validation": tag("字段校验", "", "constraint"),
    "constraint": tag("校验规则", "name config"),
    "failedJobRetryTimeCycle": tag("重试周期"),
}

_ASYNC = "async asyncBefore asyncAfter exclusive jobPriority"
_FORM = "formKey formRef formRefBinding formRefVersion formHandlerClass"
_SERVICE = f"class delegateExpression expression resultVariable type topic taskPriority {_ASYNC}"
_GATEWAYS = "exclusiveGateway parallelGateway inclusiveGateway complexGateway eventBasedGateway"
_SCOPES = "subProcess transaction adHocSubProcess"
_TASKS = "task manualTask receiveTask"
_EVENTS = "startEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent endEvent"

_ATTRIBUTES: dict[str, str] = {
    **dict.fromkeys(f"{_GATEWAYS} {_SCOPES} {_TASKS} {_EVENTS} multiInstanceLoopCharacteristics".split(), _ASYNC),
    "definitions": "diagramRelationId historyTimeToLive",
    "process": "versionTag historyTimeToLive isStartableInTasklist jobPriority taskPriority",
    "startEvent": f"initiator {_FORM} {_ASYNC}",
    "userTask": f"assignee candidateUsers candidateGroups dueDate followUpDate priority {_FORM} {_ASYNC}",
    "serviceTask": _SERVICE,
    "sendTask": _SERVICE,
    "messageEventDefinition": "class delegateExpression expression resultVariable type topic taskPriority",
    "businessRuleTask": f"decisionRef decisionRefBinding decisionRefVersion decisionRefVersionTag mapDecisionResult {_SERVICE}",
    "scriptTask": f"resultVariable resource {_ASYNC}",
    "callActivity": "calledElementBinding calledElementVersion calledElementVersionTag variableMappingClass "
    f"variableMappingDelegateExpression {_ASYNC}",
    "multiInstanceLoopCharacteristics": f"collection elementVariable {_ASYNC}",
    "errorEventDefinition": "errorCodeVariable errorMessageVariable",
    "escalationEventDefinition": "escalationCodeVariable",
    "conditionalEventDefinition": "variableName variableEvents",
    "error": "errorMessage",
}

_EVERY = "executionListener properties failedJobRetryTimeCycle"
_MAPPED = f"inputOutput {_EVERY}"
_CALLED = f"connector field {_MAPPED}"
_DRAWN = (
    "collaboration participant messageFlow lane textAnnotation association group dataObject dataObjectReference "
    "dataStoreReference"
)
_EXTENSIONS: dict[str, str] = {
    **dict.fromkeys(_DRAWN.split(), "properties"),
    **dict.fromkeys(_GATEWAYS.split(), _EVERY),
    **dict.fromkeys(f"{_SCOPES} {_TASKS} {_EVENTS} scriptTask".split(), _MAPPED),
    "process": "executionListener properties",
    "sequenceFlow": "executionListener properties",
    "startEvent": f"formData {_EVERY}",
    "userTask": f"formData taskListener {_MAPPED}",
    "serviceTask": _CALLED,
    "sendTask": _CALLED,
    "businessRuleTask": _CALLED,
    "messageEventDefinition": "connector field",
    "callActivity": f"in out {_MAPPED}",
    "signalEventDefinition": "in",
    "multiInstanceLoopCharacteristics": "failedJobRetryTimeCycle",
}

CAMUNDA_7_WORDS = Vocabulary(
    prefix="camunda",
    namespaces=frozenset({CAMUNDA7, OPERATON, ACTIVITI}),
    tags=_TAGS,
    extensions={name: frozenset(words.split()) for name, words in _EXTENSIONS.items()},
    attributes={name: frozenset(words.split()) for name, words in _ATTRIBUTES.items()},
    everywhere=frozenset({"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}),
    plain={
        "callActivity": frozenset({"calledElement"}),
        "scriptTask": frozenset({"scriptFormat"}),
        # Camunda 7 leaves this word of BPMN alone, whatever it says.
        **dict.fromkeys(
            ("userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask"), frozenset({"implementation"})
        ),
    },
    children={
        "scriptTask": frozenset({"script"}),
        "multiInstanceLoopCharacteristics": frozenset({"loopDataInputRef", "inputDataItem"}),
    },
    fixed={
        name: {"language": frozenset({"juel"})}
        for name in ("conditionExpression", "condition", "completionCondition", "loopCardinality", "loopCondition")
    },
    repeatable=frozenset({"in", "out", "executionListener", "taskListener", "field"}),
    bpmn_tags={
        "script": tag("脚本正文"),
        "loopDataInputRef": tag("多实例集合的引用"),
        "inputDataItem": tag("多实例的项", "name itemSubjectRef isCollection"),
    },
)
