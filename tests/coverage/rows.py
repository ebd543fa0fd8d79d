"""What BPMN 2.0 and the two Camunda dialects offer, row by row, and the test that shows what becomes of it here.

Evidence is written as `engine/test_x.py::test_y` (a test below `tests/`), as `betsy:group/model/case` (a case that passes
in that dialect), or as `!name` (refused; `REFUSED` holds what is refused by which rule, and a test shows it). A row without
evidence cannot be written, and evidence that does not exist fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.coverage.activities import ACTIVITIES
from tests.coverage.matrix import PLACES, TABLE, cells

EVENTS = "coverage/test_event_matrix.py::test_an_event_happens_when_it_should_and_leads_where_it_should"
NO_EVENTS = "coverage/test_event_matrix.py::test_an_event_that_is_not_carried_out_is_refused_by_name"
DONE = "coverage/test_activities_matrix.py::test_an_activity_is_done_before_what_follows"
C7 = "parsing/test_camunda7.py::"
C7E = "engine/test_camunda7.py::"
NO7 = "parsing/test_camunda7_refusals.py::test_it_is_refused_at_its_element_by_name"
READ = "parsing/test_reading.py::"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that can be drawn, and the evidence for each dialect."""

    zh: str
    en: str
    camunda8: str
    camunda7: str


def both(zh: str, en: str, evidence: str) -> Row:
    """A row whose evidence holds for both dialects."""
    return Row(zh, en, evidence, evidence)


_NAMES = {
    "task": ("任务", "undefined task"),
    "manualTask": ("手工任务", "manual task"),
    "userTask": ("用户任务", "user task"),
    "serviceTask": ("服务任务(作业)", "service task (job)"),
    "sendTask, job": ("发送任务(作业)", "send task (job)"),
    "sendTask, message": ("发送任务(由引擎发消息)", "send task (message sent by the engine)"),
    "receiveTask": ("接收任务", "receive task"),
    "scriptTask": ("脚本任务(FEEL)", "script task (FEEL)"),
    "businessRuleTask, job": ("业务规则任务(作业)", "business rule task (job)"),
    "businessRuleTask, decision": ("业务规则任务(决策表)", "business rule task (decision)"),
    "callActivity": ("调用活动", "call activity"),
    "subProcess": ("子流程", "embedded sub-process"),
    "transaction": ("事务子流程", "transaction"),
    "adHocSubProcess": ("即席子流程", "ad-hoc sub-process"),
    "standardLoop": ("标准循环", "standard loop"),
    "multiInstance, parallel": ("并行多实例", "multi-instance, parallel"),
    "multiInstance, sequential": ("串行多实例", "multi-instance, sequential"),
}

ACTIVITY_ROWS = [
    *(Row(*_NAMES[a.name], f"{DONE}[camunda8-{a.name}]", f"{DONE}[camunda7-{a.name}]") for a in ACTIVITIES),
    Row("脚本任务(JUEL)", "script task (JUEL)", "!juel in camunda 8", f"{C7}test_a_script_task_speaks_juel_or_feel"),
    Row("脚本任务(其他语言)", "script task (another language)", "!foreign script in camunda 8", f"!foreign script@{NO7}"),
    Row("服务任务(表达式)", "service task (expression)", "!expression in camunda 8", f"{C7E}test_an_expression_of_a_service_task_is_carried_out"),
    Row("服务任务(Java 类、bean)", "service task (Java class, bean)", "!class in camunda 8", f"!java-code@{NO7}"),
    Row("启动流程的接收任务", "receive task that starts a process", "engine/test_starts.py::test_receive_task_starts_an_instance", "betsy:activities/ReceiveTask_Instantiate/1"),
    both("调用全局任务", "call of a global task", "!global task"),
    both("循环的上限", "maximum of a loop", "betsy:activities/Loop_Maximum/1"),
    both("先判断后循环", "loop that tests before", "betsy:activities/Loop_NoIteration_TestBeforeTrue/1"),
    both("循环的子流程", "loop of a sub-process", "betsy:activities/Loop_SubProcess/3"),
    both("循环的边界事件", "boundary event of a loop", "engine/test_loops.py::test_boundary_event_ends_the_loop"),
    both("没有条件也没有上限的循环", "loop without condition and maximum", "!loop without end"),
    Row("多实例的集合与结果集合", "collection and output collection", "engine/test_activities.py::test_parallel_loop_opens_one_task_for_each_item_and_collects", "!output collection"),
    Row("多实例的次数", "number of instances (loopCardinality)", "!cardinality in camunda 8", "betsy:activities/MultiInstance_Task/1"),
    Row("多实例的完成条件", "completion condition", "engine/test_activities.py::test_completion_condition_takes_the_other_items_away", f"{C7E}test_a_loop_counts_from_zero"),
    Row("loopCounter", "loopCounter", "engine/test_loops.py::test_loop_of_a_user_task_waits_in_each_round_and_knows_which", f"{C7E}test_a_loop_counts_from_zero"),
    both("多实例的子流程", "multi-instance of a sub-process", "betsy:activities/MultiInstance_SubProcess/1"),
    both("多实例的行为:每项完成", "behaviour None (each item)", "betsy:activities/MultiInstance_NoneBehavior/1"),
    both("多实例的行为:首项完成", "behaviour One (first item)", "betsy:activities/MultiInstance_OneBehavior/1"),
    both("多实例的行为:按条件", "behaviour Complex", "betsy:activities/MultiInstance_ComplexBehavior/1"),
    both("多实例再次进入", "multi-instance entered again", "engine/test_activities.py::test_loop_can_be_entered_again"),
    both("即席:依次", "ad-hoc, sequential", "betsy:activities/AdHocSubProcess_Sequential/1"),
    both("即席:完成条件与取消其余", "ad-hoc, completion condition, cancel the rest", "engine/test_loops.py::test_ad_hoc_ends_when_its_condition_becomes_true"),
    both("令牌数量", "start and completion quantity", "betsy:activities/Token_Cardinality_Explicit/1"),
    both("令牌数量小于 1", "quantity below 1", "!quantity"),
    both("补偿活动与逆序补偿", "compensation in reverse order", "engine/test_compensation.py::test_completed_activities_are_undone_the_last_first_each_before_the_next"),
    both("点名补偿", "compensation of a named activity", "engine/test_compensation.py::test_one_activity_is_undone_when_the_event_names_it_and_only_once"),
    both("事务的取消", "cancelled transaction", "engine/test_compensation.py::test_cancelled_transaction_stops_undoes_and_leaves_by_its_cancel_event"),
    both("经调用活动传出的错误", "error through a call activity", "engine/test_activities.py::test_error_out_of_a_called_process_reaches_the_call_activity"),
    both("经调用活动传出的升级", "escalation through a call activity", "betsy:events/Escalation_EndEvent_TopLevel/1"),
    both("嵌套的事件子流程", "nested event sub-processes", "betsy:events/Signal_StartEvent_EventSubProcess_Interrupting/1"),
]  # fmt: skip

GATEWAY_ROWS = [
    both("排他网关", "exclusive gateway", "betsy:gateways/ExclusiveGateway/1"),
    both("默认流", "default flow", "betsy:gateways/ExclusiveGateway_Default/4"),
    both("没有出路的排他网关(事件单)", "exclusive gateway without a way out (incident)", "betsy:gateways/ExclusiveGateway/4"),
    both("并行网关", "parallel gateway", "betsy:gateways/ParallelGateway/1"),
    both("真正并行", "true parallelism", "betsy:gateways/ParallelGateway_TrueParallelism/1"),
    both("包容网关", "inclusive gateway", "betsy:gateways/InclusiveGateway/1"),
    both("非结构化的包容汇合", "unstructured inclusive join", "engine/test_gateways.py::test_inclusive_join_goes_on_when_the_last_token_that_could_come_went_another_way"),
    both("复杂网关:分支", "complex gateway, split", "betsy:cfpatterns/WCP06_MultiChoice_ComplexGateway/4"),
    both("复杂网关:激活条件", "complex gateway, activation condition", "betsy:cfpatterns/WCP09_Structured_Discriminator_ComplexGateway/1"),
    both("没有激活条件的复杂汇合", "complex join without activation condition", "!activation"),
    both("基于事件的网关", "event-based gateway", "betsy:gateways/EventBasedGateway_Signals/1"),
    Row("基于事件的网关之后的接收任务", "receive task behind an event-based gateway", "!receive task behind gateway", "coverage/test_refused.py::test_receive_tasks_stand_behind_an_event_based_gateway_in_camunda_7"),
    both("启动流程的事件网关", "event-based gateway that starts a process", "engine/test_starts.py::test_gateway_starts_an_instance_with_the_first_of_its_events"),
    both("并行的事件网关", "parallel event-based gateway", "!parallel event gateway"),
    both("活动之后的条件流", "conditional flow out of an activity", "betsy:basics/SequenceFlow_Conditional/1"),
    both("活动之后的默认流", "default flow out of an activity", "betsy:basics/SequenceFlow_ConditionalDefault_Normal/1"),
    both("活动之后几条顺序流", "several flows out of an activity", "betsy:cfpatterns/WCP06_MultiChoice_Implicit/4"),
    both("任意回路", "arbitrary cycles", "betsy:cfpatterns/WCP10_ArbitraryCycles/3"),
    both("隐式开始", "implicit start", "engine/test_gateways.py::test_task_without_outgoing_flow_ends_its_branch"),
    both("隐式结束", "implicit end", "engine/test_gateways.py::test_task_without_outgoing_flow_ends_its_branch"),
    both("没有编号的顺序流", "sequence flow without an id", "parsing/test_reading.py::test_flows_without_an_id_get_one_that_stays_the_same"),
]  # fmt: skip

EVENT_ROWS = [
    both("定时:时间点", "timer: date", "engine/test_events.py::test_date_timer_reads_a_moment_from_a_variable"),
    both("定时:周期", "timer: cycle", "betsy:events/Timer_BoundaryEvent_SubProcess_TimeCycle/1"),
    both("定时:cron", "timer: cron", "engine/test_starts.py::test_cron_cycle_goes_on_and_starts_instances"),
    Row("中间事件的周期", "cycle of an intermediate event", "!cycle of an intermediate event in camunda 8", "betsy:events/Timer_IntermediateTimeCycleEvent/1"),
    both("引用的事件定义", "event definition by reference", "betsy:events/EventDefinitionRef_Timer_IntermediateEvent/1"),
    both("消息按名称与键", "message by name and key", "engine/test_events.py::test_message_reaches_only_the_instance_with_its_key"),
    both("消息缓存", "message buffering", "engine/test_events.py::test_buffered_message_is_taken_by_a_later_wait_within_its_time_to_live"),
    both("捕获任何错误", "catch of any error", "engine/test_events.py::test_error_without_its_own_catcher_takes_the_one_that_catches_all"),
    both("无人捕获的错误(事件单)", "uncaught error (incident)", "betsy:events/Error_EndEvent_TopLevel/1"),
    both("链接", "link", "betsy:events/Link_Event/1"),
    both("BPMN 没有的组合", "what BPMN does not combine", "!a timer that is thrown"),
]  # fmt: skip

DRAWN_ROWS = [
    both("泳道", "lanes", "betsy:basics/Lanes/1"),
    both("泳池与消息流", "pools and message flows", "betsy:events/Message_IntermediateEvent/1"),
    both("数据对象", "data objects", "betsy:data/DataObject_ReadWrite_String/1"),
    both("数据属性", "properties", "betsy:data/Property_ReadWrite_String/1"),
    both("不可执行的流程", "processes that are not executable", f"{READ}test_a_process_that_is_not_executable_is_left_out_unread"),
]  # fmt: skip

REFUSED_TAGS = (
    "globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask", "choreography",
    "choreographyTask", "callChoreography", "subChoreography", "conversation", "globalConversation", "implicitThrowEvent",
    "ioBinding", "correlationProperty", "correlationSubscription", "potentialOwner", "humanPerformer", "performer",
    "resourceRole", "rendering", "import", "auditing", "monitoring",
)  # fmt: skip
"""Tags of BPMN 2.0 that are refused wherever they stand."""

SECTIONS = [
    ("活动", "Activities", ACTIVITY_ROWS),
    ("网关与顺序流", "Gateways and flows", GATEWAY_ROWS),
    ("事件", "Events", EVENT_ROWS),
    ("只给人看", "Drawn for people", DRAWN_ROWS),
]


def event_evidence(dialect: str, trigger: str, place: str) -> str | None:
    """The evidence of one cell of the table of events; None where BPMN has no such event."""
    for cell in cells():
        if (cell.trigger, cell.place) == (trigger, place):
            if cell.rule is not None:
                return f"!{cell.rule}@{NO_EVENTS}[{dialect}-{cell.id}]"
            return f"{EVENTS}[{dialect}-{cell.id}]"
    return None


EVENT_TABLE = [(trigger, place) for trigger in TABLE for place in PLACES]
