"""Moving an instance by hand: begin at an element, take an element instance away (Camunda 8, "Process instance modification").

What an operator asks for is checked here against the diagram and the live tokens; what cannot be meant is InvalidInput.
"""

from __future__ import annotations

from engine.errors import Closed, InvalidInput, Unknown
from engine.parsing.records import Element, ElementKind
from engine.runtime import activities, compensation
from engine.runtime.elements import ElementSpec
from engine.runtime.execution import Execution
from engine.runtime.loops import LoopFrame
from engine.runtime.token import Stage, Token

_BEGUN_BY_EVENT = frozenset({ElementKind.BOUNDARY_EVENT, ElementKind.EVENT_SUB_PROCESS})


def activate(execution: Execution, element_id: str, ancestor_id: int | None, *, after: bool) -> Token:
    """A token at an element, or (`after`) on the flows behind it; the scopes around it are opened where none lives.

    Where several live, `ancestor_id` (an element instance) says inside which.
    """
    element = execution.graph.model.elements.get(element_id)
    if element is None:
        raise Unknown(f"流程中没有元素 {element_id}", f"the process has no element {element_id}")
    if not after and (element.kind in _BEGUN_BY_EVENT or _starts_handler(execution, element)):
        raise InvalidInput(
            f"“{element.label}”由事件启动,不能直接从这里开始;请选它之后的元素",
            f"'{element.label}' is begun by an event; choose an element behind it",
        )
    scope = _scope(execution, element, ancestor_id)
    spec = execution.element_spec(element_id)
    if not after:
        return execution.spawn(spec, scope)
    token = Token(execution, spec, scope)
    execution.enter(token)
    token.stage = Stage.ENDING
    token.notes["given"] = [flow.id for flow, _ in spec.choose(token)]
    if not token.notes["given"]:
        raise InvalidInput(
            f"“{element.label}”之后没有顺序流", f"no flow leaves '{element.label}'"
        )
    token.complete()
    return token


def _starts_handler(execution: Execution, element: Element) -> bool:
    return element.kind is ElementKind.START_EVENT and execution.graph.is_handler_start(element.id)


def _scope(execution: Execution, element: Element, ancestor_id: int | None) -> Token:
    """The live scope that contains the element, opened if need be."""
    if execution.root is None or not execution.root.is_alive:
        raise Closed("流程实例已经结束", "the process instance is over")
    if element.scope == execution.graph.model.id:
        return execution.root
    around = execution.graph.model.elements[element.scope]
    body = execution.graph.body(element.scope)
    live = [token for token in execution.live() if token.task_spec is body]
    if ancestor_id is not None:
        live = [token for token in live if _is_inside(token, ancestor_id)]
        if not live:
            raise InvalidInput(
                f"元素实例 {ancestor_id} 之内没有“{around.name or around.id}”",
                f"element instance {ancestor_id} has no '{around.name or around.id}' inside",
            )
    if len(live) > 1:
        raise InvalidInput(
            f"“{around.name or around.id}”有 {len(live)} 个在进行,请指明在哪一个之内",
            f"{len(live)} instances of '{around.name or around.id}' are running; say inside which",
        )
    if live:
        return live[0]
    if around.loop is not None:
        raise InvalidInput(
            f"“{around.name or around.id}”是循环,其中没有正在进行的一项;请从循环本身开始",
            f"'{around.name or around.id}' is a loop without a running item; begin at the loop itself",
        )
    return _open(execution, body, _scope(execution, around, None))


def _is_inside(token: Token | None, ancestor_id: int) -> bool:
    while token is not None:
        if token.id == ancestor_id:
            return True
        token = token.scope
    return False


def _open(execution: Execution, body: activities.Scope, outside: Token) -> Token:
    """A sub-process that is entered without beginning at its start: inputs mapped, its events armed."""
    token = Token(execution, body, outside)
    execution.enter(token)
    body.map_inputs(token)
    token.stage = Stage.ACTIVE
    for event in body.boundary:
        execution.arm(token, event.element)
    for start, _ in body.handlers:
        execution.arm(token, start.element)
    return token


def take_away(execution: Execution, token: Token) -> None:
    """End an element instance. A scope that this leaves empty ends too; the last one ends the instance.

    An item of a loop counts as done, so that the loop goes on with the next.
    """
    scope = token.scope
    if scope is None:
        execution.cancel()
        return
    execution.terminate(token, by=None)
    is_empty = not scope._children
    compensation.taken_away(token)
    if not scope.is_alive:
        return
    if isinstance(scope.task_spec, LoopFrame) and compensation.REOPENED not in scope.notes:
        scope.notes["done"] += 1
        scope.task_spec.on_child_ended(scope)
    elif is_empty and not scope._children:
        take_away(execution, scope)


def spec_of(execution: Execution, element_id: str) -> ElementSpec:
    """The spec of an element; Unknown when the process has none of this id."""
    if element_id not in execution.graph.model.elements:
        raise Unknown(f"流程中没有元素 {element_id}", f"the process has no element {element_id}")
    return execution.element_spec(element_id)
