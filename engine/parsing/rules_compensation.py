"""Which compensations, transactions and links cannot be carried out: what belongs to each other has to find each other.

BPMN 2.0 sections 10.7 (compensation), 10.3.5 (transactions) and 10.5.5 (link events). See `rules` for the manner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from engine.parsing.elements import chinese_name
from engine.parsing.judgement import Judgement
from engine.parsing.records import ACTIVITIES, Element, ElementKind, Trigger


# -- compensation ------------------------------------------------------------------------------------------------------
def compensations_have_a_handler(judgement: Judgement) -> None:
    """A compensation boundary event leads by an association, and by nothing else, to one activity marked as handler."""
    for boundary in judgement.of({ElementKind.BOUNDARY_EVENT}):
        if boundary.event.trigger is not Trigger.COMPENSATION:
            continue
        if boundary.outgoing:
            judgement.refuse(
                "compensation-flow",
                boundary,
                "补偿边界事件没有流出的顺序流;请用关联(虚线)连到补偿活动。",
                "No sequence flow leaves a compensation boundary event; connect it to its handler by an association.",
            )
        handler = judgement.process.elements.get(boundary.compensation or "")
        if handler is None or handler.kind not in ACTIVITIES or handler.scope != boundary.scope:
            judgement.refuse(
                "compensation-handler",
                boundary,
                "补偿边界事件没有用关联连到同一层的一个补偿活动。",
                "The compensation boundary event is not connected by an association to a handler in its own scope.",
            )
        elif not handler.for_compensation:
            judgement.refuse(
                "compensation-handler",
                handler,
                "补偿边界事件所连的活动没有标为补偿活动(isForCompensation)。",
                "The activity that a compensation boundary event leads to is not marked as a handler (isForCompensation).",
            )


def an_activity_is_undone_in_one_way(judgement: Judgement) -> None:
    """Two compensation events at one activity, or of one scope: nobody could say which of them undoes it."""
    seen: dict[str, Element] = {}
    for element in judgement.of({ElementKind.BOUNDARY_EVENT, ElementKind.START_EVENT}):
        if element.event.trigger is not Trigger.COMPENSATION:
            continue
        scope = judgement.process.elements.get(element.scope)
        place = element.attached_to if element.attached_to is not None else scope.scope if scope is not None else None
        if place is None:
            continue
        first = seen.setdefault(place, element)
        if first is not element:
            judgement.refuse(
                "compensation-handler",
                element,
                f"“{first.name or first.id}”已经是此处的补偿事件,只能有一个。",
                f"'{first.name or first.id}' is the compensation event of this place already; there can be one.",
            )


def handlers_stand_alone(judgement: Judgement) -> None:
    """A handler runs when its activity is undone and at no other time: no flow leads to it or from it."""
    led_to = {b.compensation for b in judgement.of({ElementKind.BOUNDARY_EVENT}) if b.compensation is not None}
    for element in judgement.of(ACTIVITIES | {ElementKind.EVENT_SUB_PROCESS}):
        if not element.for_compensation:
            continue
        if element.incoming or element.outgoing:
            judgement.refuse(
                "compensation-flow",
                element,
                "补偿活动不能有顺序流进出。",
                "No sequence flow leads to a compensation handler or leaves it.",
            )
        if element.kind is not ElementKind.EVENT_SUB_PROCESS and element.id not in led_to:
            judgement.refuse(
                "compensation-handler",
                element,
                "没有补偿边界事件用关联连到这个补偿活动,它永远不会执行。",
                "No compensation boundary event leads to this handler by an association, so it would never be carried out.",
            )
        for boundary in judgement.boundary_events(element.id):
            if boundary.event.trigger is Trigger.COMPENSATION:
                judgement.refuse(
                    "compensation-handler",
                    boundary,
                    "补偿活动本身不能再被补偿。",
                    "A compensation handler cannot be compensated itself.",
                )


def scopes_compensate_from_within(judgement: Judgement) -> None:
    """A compensation event sub-process undoes the sub-process that holds it; a process is not undone (10.7.1)."""
    for start in judgement.of({ElementKind.START_EVENT}):
        scope = judgement.process.elements.get(start.scope)
        if start.event.trigger is not Trigger.COMPENSATION or scope is None:
            continue
        if scope.kind is ElementKind.EVENT_SUB_PROCESS and scope.scope == judgement.process.id:
            judgement.refuse(
                "compensation-handler",
                start,
                "补偿事件子流程只能放在子流程中;整个流程没有谁来补偿。",
                "A compensation event sub-process stands inside a sub-process; nothing compensates a whole process.",
            )


def thrown_compensations_name_an_activity(judgement: Judgement) -> None:
    """`activityRef` names an activity of a scope around the throw that can be undone (10.7.1); none named means all."""
    undone = {
        b.attached_to for b in judgement.of({ElementKind.BOUNDARY_EVENT}) if b.event.trigger is Trigger.COMPENSATION
    }
    holding = _holding_compensation(judgement)
    for element in judgement.of({ElementKind.INTERMEDIATE_THROW_EVENT, ElementKind.END_EVENT}):
        for part in element.event.triggers:
            if part.trigger is not Trigger.COMPENSATION or part.activity is None:
                continue
            activity = judgement.process.elements.get(part.activity)
            if activity is None or activity.kind not in ACTIVITIES:
                judgement.refuse(
                    "undefined-reference",
                    element,
                    f"activityRef 所指的活动“{part.activity}”不在此流程中。",
                    f"The activity '{part.activity}' that activityRef refers to is not in this process.",
                )
            elif activity.scope not in _seen_from(judgement, element):
                judgement.refuse(
                    "compensation-activity",
                    element,
                    f"“{activity.name or activity.id}”在另一个子流程里,从这里补偿不到。",
                    f"'{activity.name or activity.id}' is in another sub-process; it cannot be compensated from here.",
                )
            elif activity.id not in undone and activity.id not in holding:
                judgement.refuse(
                    "compensation-activity",
                    element,
                    f"“{activity.name or activity.id}”没有补偿事件,没有什么可以补偿。",
                    f"'{activity.name or activity.id}' has no compensation event; there is nothing to carry out.",
                )


def _seen_from(judgement: Judgement, element: Element) -> set[str]:
    """The scopes whose activities an event can undo: its own; from an event sub-process the one around it, too."""
    reached = {element.scope}
    scope = judgement.process.elements.get(element.scope)
    while scope is not None and scope.kind is ElementKind.EVENT_SUB_PROCESS:
        reached.add(scope.scope)
        scope = judgement.process.elements.get(scope.scope)
    return reached


def _holding_compensation(judgement: Judgement) -> set[str]:
    """The scopes in which something, at any depth, can be undone."""
    found: set[str] = set()
    for element in judgement.of({ElementKind.BOUNDARY_EVENT, ElementKind.START_EVENT}):
        scope = element.scope if element.event.trigger is Trigger.COMPENSATION else ""
        while scope in judgement.process.elements and scope not in found:
            found.add(scope)
            scope = judgement.process.elements[scope].scope
    return found


# -- transactions ------------------------------------------------------------------------------------------------------
def cancellations_belong_to_transactions(judgement: Judgement) -> None:
    """A cancel end event ends a transaction and its cancel boundary event goes on; neither has a meaning elsewhere."""
    cancelled: defaultdict[str, list[Element]] = defaultdict(list)
    for boundary in judgement.of({ElementKind.BOUNDARY_EVENT}):
        if boundary.event.trigger is not Trigger.CANCEL or boundary.attached_to is None:
            continue
        cancelled[boundary.attached_to].append(boundary)
        host = judgement.process.elements.get(boundary.attached_to)
        if host is not None and host.kind is not ElementKind.TRANSACTION:
            judgement.refuse(
                "cancel-event",
                boundary,
                f"取消边界事件只能附着在事务子流程上,不能附着在“{chinese_name(host.kind)}”上。",
                f"A cancel boundary event is attached to a transaction, not to this {host.kind}.",
            )
        if len(cancelled[boundary.attached_to]) == 2:
            judgement.refuse(
                "cancel-event",
                boundary,
                "一个事务子流程只能有一个取消边界事件。",
                "A transaction can have one cancel boundary event.",
            )
    for end in judgement.of({ElementKind.END_EVENT}):
        if end.event.trigger is not Trigger.CANCEL:
            continue
        scope = judgement.process.elements.get(end.scope)
        if scope is None or scope.kind is not ElementKind.TRANSACTION:
            judgement.refuse(
                "cancel-event",
                end,
                "取消结束事件只能直接放在事务子流程中。",
                "A cancel end event stands directly inside a transaction.",
            )
        elif not cancelled[scope.id]:
            judgement.refuse(
                "cancel-event",
                scope,
                "事务子流程会被取消,却没有取消边界事件说明之后怎么走。",
                "The transaction can be cancelled, and no cancel boundary event says where to go on.",
            )


# -- links -------------------------------------------------------------------------------------------------------------
def links_come_in_pairs(judgement: Judgement) -> None:
    """A link jumps within one scope from its throws to the one catch of its name (BPMN 2.0, 10.5.5)."""
    ends: defaultdict[tuple[str, str | None], tuple[list[Element], list[Element]]] = defaultdict(lambda: ([], []))
    for element in judgement.process.elements.values():
        if element.event.trigger is Trigger.LINK and element.kind in {
            ElementKind.INTERMEDIATE_CATCH_EVENT,
            ElementKind.INTERMEDIATE_THROW_EVENT,
        }:
            is_catch = element.kind is ElementKind.INTERMEDIATE_CATCH_EVENT
            ends[element.scope, element.event.link][is_catch].append(element)
            _flows_at_link(judgement, element, is_catch)
    for (_, link), (throws, catches) in ends.items():
        name = (link or "").lstrip("#")
        if not name:
            _refuse_link(judgement, [*throws, *catches], "链接事件没有名称。", "The link event has no name.")
            continue
        if not catches:
            _refuse_link(
                judgement,
                throws,
                f"同一层没有名为“{name}”的链接捕获事件,令牌无处可去。",
                f"There is no link catch event '{name}' in the same scope, so nothing would go on.",
            )
        if not throws:
            _refuse_link(
                judgement,
                catches,
                f"同一层没有名为“{name}”的链接抛出事件,这里永远不会到达。",
                f"There is no link throw event '{name}' in the same scope, so nothing would ever come here.",
            )
        _refuse_link(
            judgement,
            catches[1:],
            f"名为“{name}”的链接捕获事件只能有一个。",
            f"There can be one link catch event '{name}' in a scope.",
        )


def _flows_at_link(judgement: Judgement, element: Element, is_catch: bool) -> None:
    if is_catch and element.incoming:
        _refuse_link(
            judgement,
            [element],
            "链接捕获事件没有流入的顺序流;令牌从同名的链接抛出事件来。",
            "No sequence flow leads to a link catch event; the throw event of the same name does.",
        )
    if not is_catch and element.outgoing:
        _refuse_link(
            judgement,
            [element],
            "链接抛出事件没有流出的顺序流;令牌到同名的链接捕获事件去。",
            "No sequence flow leaves a link throw event; it leads to the catch event of the same name.",
        )


def _refuse_link(judgement: Judgement, elements: list[Element], zh: str, en: str) -> None:
    for element in elements:
        judgement.refuse("link-event", element, zh, en)


RULES: tuple[Callable[[Judgement], None], ...] = (
    compensations_have_a_handler,
    an_activity_is_undone_in_one_way,
    handlers_stand_alone,
    scopes_compensate_from_within,
    thrown_compensations_name_an_activity,
    cancellations_belong_to_transactions,
    links_come_in_pairs,
)
