"""Which activities cannot be carried out: loops that cannot end, ad-hoc sub-processes that are none, waiting tasks.

BPMN 2.0 sections 10.3.3 (tasks), 10.3.5 (ad-hoc sub-processes) and 10.3.8 (loops). See `rules` for the manner.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.expressions import Value
from engine.parsing.elements import chinese_name
from engine.parsing.judgement import Judgement
from engine.parsing.records import ACTIVITIES, Behaviour, ElementKind, MultiInstance, StandardLoop, Trigger

_NOT_IN_AD_HOC = frozenset({ElementKind.START_EVENT, ElementKind.END_EVENT})


def loops_have_a_whole_number(judgement: Judgement) -> None:
    """How often a loop goes is a whole number: from 0 of a multi-instance, from 1 of a loop's maximum."""
    for element in judgement.of(ACTIVITIES):
        if isinstance(element.loop, StandardLoop) and not _is_count(element.loop.maximum, least=1):
            judgement.refuse(
                "loop-count",
                element,
                "循环的上限(loopMaximum)应为从 1 起的整数。",
                "The maximum of a loop (loopMaximum) is a whole number from 1.",
            )
        if isinstance(element.loop, MultiInstance) and not _is_count(element.loop.cardinality, least=0):
            judgement.refuse(
                "loop-count",
                element,
                "多实例的次数(loopCardinality)应为不小于 0 的整数。",
                "The number of instances (loopCardinality) is a whole number from 0.",
            )


def _is_count(value: Value | None, least: int) -> bool:
    """Whether a value can be such a number; of an expression only the running instance knows."""
    if value is None or value.literal is None:
        return True
    return re.fullmatch(r"[0-9]{1,9}", value.literal) is not None and int(value.literal) >= least


def loops_come_to_an_end(judgement: Judgement) -> None:
    """A standard loop says how long it goes: a condition, a maximum, or both (BPMN 2.0, table 10.25)."""
    for element in judgement.of(ACTIVITIES):
        if isinstance(element.loop, StandardLoop) and element.loop.condition is None and element.loop.maximum is None:
            judgement.refuse(
                "loop-without-end",
                element,
                "循环既没有条件(loopCondition),也没有上限(loopMaximum),不会结束。",
                "The loop has neither a condition (loopCondition) nor a maximum (loopMaximum) and would never end.",
            )


def behaviours_have_their_event(judgement: Judgement) -> None:
    """What a multi-instance activity throws on completed items is caught at its own boundary (table 10.30)."""
    sent = {Trigger.SIGNAL, Trigger.ESCALATION, Trigger.ERROR, Trigger.MESSAGE, Trigger.NONE}
    for element in judgement.of(ACTIVITIES):
        if not isinstance(element.loop, MultiInstance):
            continue
        loop = element.loop
        if loop.behaviour is Behaviour.COMPLEX and not loop.behaviour_events:
            judgement.refuse(
                "loop-behaviour",
                element,
                "复杂行为(behavior=Complex)没有写明何时抛出什么事件(complexBehaviorDefinition)。",
                "The behaviour is Complex, and no complexBehaviorDefinition says when to throw which event.",
            )
        for entry in loop.behaviour_events:
            if entry.event.trigger not in sent:
                judgement.refuse(
                    "loop-behaviour",
                    element,
                    "多实例的行为只能抛出信号、升级、错误或消息。",
                    "The behaviour of a multi-instance activity can throw a signal, escalation, error or message.",
                )


def ad_hoc_sub_processes_are_open(judgement: Judgement) -> None:
    """An ad-hoc sub-process holds activities and has neither start nor end (BPMN 2.0, 10.3.5)."""
    for scope in judgement.of({ElementKind.AD_HOC_SUB_PROCESS}):
        inside = judgement.children(scope.id)
        for element in inside:
            if element.kind in _NOT_IN_AD_HOC:
                judgement.refuse(
                    "ad-hoc",
                    element,
                    f"即席子流程中不能有“{chinese_name(element.kind)}”。",
                    f"There can be no {element.kind} in an ad-hoc sub-process.",
                )
        if not any(element.kind in ACTIVITIES for element in inside):
            judgement.refuse("ad-hoc", scope, "即席子流程中没有活动。", "The ad-hoc sub-process holds no activity.")


def starting_tasks_begin_the_process(judgement: Judgement) -> None:
    """A receive task that instantiates begins its process: nothing leads to it (BPMN 2.0, table 10.10)."""
    for task in judgement.of({ElementKind.RECEIVE_TASK}):
        if task.starts_instance and (task.incoming or task.scope != judgement.process.id):
            judgement.refuse(
                "instantiate",
                task,
                "启动流程的接收任务(instantiate)应当在流程的最外层,且没有流入的顺序流。",
                "A receive task that starts the process (instantiate) stands at its top level, and nothing leads to it.",
            )


RULES: tuple[Callable[[Judgement], None], ...] = (
    loops_have_a_whole_number,
    loops_come_to_an_end,
    behaviours_have_their_event,
    ad_hoc_sub_processes_are_open,
    starting_tasks_begin_the_process,
)
